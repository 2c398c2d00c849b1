/** One lane of a producer process: sends what is due, records every attempt before it leaves, and every answer. */
import { join } from 'node:path'
import { LaneFile } from '../history/appender.ts'
import type { ProducerRecord } from '../history/records.ts'
import type { AnswerWithOffsets, ProducerClient } from './clients/client.ts'
import { tagOf } from '../model/workload.ts'
import { noStatus } from './messages.ts'
import type { LaneStatus, ProducerLaneConfig } from './messages.ts'
import { idOf } from './application/ids.ts'
import { sendWithRetry, Spool } from './patterns/index.ts'
import type { RetryPolicy, SpooledMessage } from './patterns/index.ts'
import { encode, keyOf } from './payload.ts'
import { LoadSchedule } from './load-schedule.ts'

/** Limit of sends that one `pump` starts, so that a late timer does not block the process for long. */
const maxSendsPerPump = 2000
/** Limit of spooled messages that one `replay` sends again. */
const maxSendsPerReplay = 50
const longestBackoffMs = 60_000

/** One send: a message, or a batch with one answer for all its messages. */
interface Send {
  messages: { s: number; p: number; value: Buffer }[]
}

export class ProducerLane {
  readonly id: string
  readonly #config: ProducerLaneConfig
  readonly #client: ProducerClient
  readonly #file: LaneFile
  readonly #now: () => number
  readonly #schedule: LoadSchedule
  readonly #policy: RetryPolicy
  readonly #spool: Spool | undefined
  readonly #closing = new AbortController()
  #closed = false
  #next: number
  #made = 0
  #sends = 0
  /** Number of sends in flight, and the numbers of their messages. */
  #sendsInFlight = 0
  readonly #inFlight = new Set<number>()
  #spooled: number
  /** The last `pump` reached the in-flight limit. */
  #full = false
  #refilling = false
  readonly #counts = { acked: 0, rejected: 0, unknown: 0, overflow: 0 }

  constructor(config: ProducerLaneConfig, client: ProducerClient, process: string, now: () => number) {
    this.id = config.lane
    this.#config = config
    this.#client = client
    this.#now = now
    this.#next = config.firstNumber
    const { awaits, attempts, backoffMs, spool } = config.sending
    this.#policy = {
      attempts,
      backoffMs,
      factor: 1,
      maxBackoffMs: Math.max(backoffMs, longestBackoffMs),
      on: ['unknown', 'rejected'],
    }
    this.#schedule = new LoadSchedule(config.workload.ratePerSec / config.workload.batch)
    this.#file = new LaneFile(config.file, {
      lane: config.lane,
      role: 'producer',
      process,
      client: config.client,
      ...(awaits === false ? { awaits } : {}),
    })
    this.#spool = spool === 'none' ? undefined : new Spool(join(config.stores, 'spool.sqlite'))
    this.#spooled = this.#spool?.counts().pending ?? 0
    this.#recordSpooledBefore()
  }

  async connect(): Promise<void> {
    await this.#client.connect()
  }

  pause(): void {
    this.#schedule.pause(this.#now())
  }

  resume(): void {
    this.#schedule.resume(this.#now())
  }

  /** Starts every send that is due. Those beyond the in-flight limit are counted and not sent. */
  pump(): void {
    if (this.#closed) return
    const { workload, partitions, lane } = this.#config
    const due = this.#schedule.take(this.#now(), maxSendsPerPump)
    if (due.length === 0) return
    this.#full = false
    const leaving: (Send & { intended: number })[] = []
    for (const intended of due) {
      if (this.#sendsInFlight + leaving.length >= workload.maxInFlight) {
        this.#counts.overflow += workload.batch
        this.#full = true
        continue
      }
      const first = this.#next
      const count = Math.min(workload.batch, (workload.messages ?? Infinity) - first)
      if (count <= 0) break
      const partition = this.#sends++ % partitions
      const messages = Array.from({ length: count }, (_, at) => ({
        s: first + at,
        p: workload.spread ? (partition + at) % partitions : partition,
        value: encode(lane, first + at, workload.sizeBytes, this.#config.payload),
      }))
      this.#next += count
      this.#made += count
      leaving.push({ messages, intended })
    }
    if (leaving.length > 0) this.#file.append(...this.#spoolAhead(leaving), ...this.#sentRecords(leaving))
    for (const send of leaving) void this.#send(send, 1)
  }

  /** Sends spooled messages that are not in flight again, the oldest first. Called at intervals. */
  replay(): void {
    if (!this.#spool || this.#spooled === 0 || this.#closed) return
    const again: SpooledMessage[] = []
    for (const message of this.#spool.pending()) {
      if (again.length >= maxSendsPerReplay) break
      if (!this.#inFlight.has(message.s)) again.push(message)
    }
    const t = this.#now()
    const n = this.#config.sending.attempts + 1
    if (again.length > 0) this.#file.append(...again.map(({ s, p }): ProducerRecord => ({ op: 'sent', s, p, t, n })))
    for (const { s, p, payload } of again) void this.#send({ messages: [{ s, p, value: payload }] }, n)
  }

  /** Flushes the file first, so that everything counted has been written. */
  status(): LaneStatus {
    if (!this.#closed) this.#file.flush()
    return { ...noStatus, ...this.#counts, sent: this.#made, inFlight: this.#inFlight.size, spooled: this.#spooled }
  }

  /** What the application does at a SIGTERM: whether it waits for open answers, and whether it closes its client. */
  get manners(): { awaits: boolean; closes: boolean } {
    const { awaits = true, closes = true } = this.#config.sending
    return { awaits, closes }
  }

  /** Whether nothing is in flight and nothing is left in the spool. */
  get idle(): boolean {
    return this.#sendsInFlight === 0 && this.#spooled === 0
  }

  async close(): Promise<void> {
    this.#closing.abort()
    await this.#client.close()
  }

  /** Answers that come later are not recorded. */
  closeFile(): void {
    this.#closed = true
    this.#file.close()
    this.#spool?.close()
  }

  /**
   * Never rejects, because adapters classify every error. `from`: number of the attempt that leaves now, already
   * recorded.
   */
  async #send(send: Send, from: number): Promise<void> {
    const { messages } = send
    this.#sendsInFlight += 1
    for (const { s } of messages) this.#inFlight.add(s)
    // A replay makes one attempt; the next replay makes the next one.
    const policy = from > 1 ? { ...this.#policy, attempts: 1 } : this.#policy
    await sendWithRetry(
      policy,
      async () => this.#attempt(messages),
      {
        attempt: n => {
          if (n > 1 && !this.#closed)
            this.#file.append(...messages.map(({ s, p }): ProducerRecord => ({ op: 'sent', s, p, t: this.#now(), n })))
        },
        answer: (n, answer) => this.#answered(send, answer, from > 1 ? from : n),
        gaveUp: ({ code }) => this.#gaveUp(send, code),
      },
      this.#closing.signal,
    )
    this.#sendsInFlight -= 1
    for (const { s } of messages) this.#inFlight.delete(s)
    this.#refill()
  }

  /** A lane at its in-flight limit sends again at once when a send ends, without waiting for the next `pump`. */
  #refill(): void {
    if (!this.#full || this.#refilling) return
    this.#refilling = true
    setImmediate(() => {
      this.#refilling = false
      this.pump()
    })
  }

  async #attempt(messages: Send['messages']): Promise<AnswerWithOffsets> {
    const { spread, keys, tags } = this.#config.workload
    if (spread && this.#client.sendSpread)
      return this.#client.sendSpread(
        messages.map(({ s, p, value }) => ({
          partition: p,
          value,
          ...(keys === undefined ? {} : { key: keyOf(s, keys) }),
        })),
      )
    return this.#client.send(
      messages[0]?.p ?? 0,
      messages.map(({ value }) => value),
      {
        keys: this.#keysOf(messages),
        headers: headersOf(this.#config.ids, messages),
        tags: tags && messages.map(({ s }) => tagOf(tags, s)),
      },
    )
  }

  #keysOf(messages: Send['messages']): Buffer[] | undefined {
    const { workload, ids } = this.#config
    const { keys } = workload
    if (ids && ids.header === undefined) return messages.map(({ s }) => Buffer.from(idOf(ids.tag, s)))
    return keys === undefined ? undefined : messages.map(({ s }) => keyOf(s, keys))
  }

  #answered({ messages }: Send, answer: AnswerWithOffsets, n: number): void {
    if (this.#closed) return
    const t = this.#now()
    const records = messages.map(({ s, p }, at) => answerRecord(answer, { s, p, at, t, n }))
    this.#counts[answer.answer] += messages.length
    if (answer.answer !== 'acked' || !this.#spool) return this.#file.appendSoon(records)
    const numbers = messages.map(({ s }) => s)
    const before = this.#spool.counts().removed
    this.#spool.removeAll(numbers)
    const removed = this.#spool.counts().removed - before
    this.#spooled -= removed
    this.#file.append(
      ...records,
      ...(removed > 0 ? numbers.map((s): ProducerRecord => ({ op: 'unspooled', s, t })) : []),
    )
  }

  /** All attempts have failed: the message is in the spool, or is put there now, or the application gives it up. */
  #gaveUp({ messages }: Send, code: string | undefined): void {
    if (this.#closed) return
    const t = this.#now()
    const { spool, attempts } = this.#config.sending
    if (spool === 'write-ahead') return
    if (spool === 'after-failure') return this.#file.append(...this.#put([{ messages }]))
    // With one attempt the answer itself says that the application gave up.
    if (attempts > 1)
      this.#file.append(
        ...messages.map(({ s }): ProducerRecord => ({
          op: 'gave-up',
          s,
          t,
          ...(code === undefined ? {} : { c: code }),
        })),
      )
  }

  /** Records what an earlier process left in the spool: it may have been killed before it could write these lines. */
  #recordSpooledBefore(): void {
    for (const { s } of this.#spool?.pending() ?? []) {
      this.#file.append({ op: 'spooled', s, t: this.#now() })
      this.#next = Math.max(this.#next, s + 1)
    }
  }

  /** Called after the messages are in the spool, which takes time: the records carry the time after that. */
  #sentRecords(sends: readonly (Send & { intended: number })[]): ProducerRecord[] {
    const t = this.#now()
    return sends.flatMap(({ messages, intended }) => {
      const late = Math.round(t - intended)
      return messages.map(({ s, p }): ProducerRecord => ({ op: 'sent', s, p, t, ...(late >= 1 ? { d: late } : {}) }))
    })
  }

  #spoolAhead(sends: readonly Send[]): ProducerRecord[] {
    return this.#config.sending.spool === 'write-ahead' ? this.#put(sends) : []
  }

  #put(sends: readonly Send[]): ProducerRecord[] {
    const spool = this.#spool
    if (!spool) return []
    const messages = sends.flatMap(({ messages: sent }) => sent.map(({ s, p, value }) => ({ s, p, payload: value })))
    const before = spool.counts().put
    spool.putAll(messages)
    this.#spooled += spool.counts().put - before
    return messages.map(({ s }) => ({ op: 'spooled', s, t: this.#now() }))
  }
}

function headersOf(ids: ProducerLaneConfig['ids'], messages: Send['messages']) {
  const { header } = ids ?? {}
  if (!ids || header === undefined) return undefined
  return messages.map(({ s }) => [header, Buffer.from(idOf(ids.tag, s))] as const)
}

/** `at`: index of the message in its send. */
function answerRecord(
  answer: AnswerWithOffsets,
  { s, p, at, t, n }: { s: number; p: number; at: number; t: number; n: number },
): ProducerRecord {
  const again = n > 1 ? { n } : {}
  if (answer.answer !== 'acked') return { op: answer.answer, s, t, ...again, c: answer.code }
  const offset = answer.offsets ? answer.offsets[at] : answer.offset === undefined ? undefined : answer.offset + at
  return {
    op: 'acked',
    s,
    p: answer.partition ?? p,
    ...(offset === undefined ? {} : { o: offset }),
    t,
    ...again,
    ...(answer.code === undefined ? {} : { c: answer.code }),
  }
}
