/** One lane of a producer process: sends what is due, writes down every attempt before it leaves and every answer. */
import { LaneFile } from '../harness/history/appender.ts'
import type { ProducerRecord } from '../harness/history/records.ts'
import type { Answer, ProducerClient } from './clients/client.ts'
import type { LaneStatus, ProducerLane as LaneConfig } from './messages.ts'
import { encode } from './payload.ts'
import { LoadSchedule } from './schedule.ts'

/** Sends that one look at the clock may start: a late timer must not block the process for long. */
const burst = 2000

export class ProducerLane {
  readonly id: string
  readonly #config: LaneConfig
  readonly #client: ProducerClient
  readonly #file: LaneFile
  readonly #now: () => number
  readonly #schedule: LoadSchedule
  #closed = false
  #next = 0
  #sends = 0
  /** Sends without an answer, and the messages in them. */
  #open = 0
  #openMessages = 0
  readonly #counts = { acked: 0, rejected: 0, unknown: 0, overflow: 0 }

  constructor(config: LaneConfig, client: ProducerClient, process: string, now: () => number) {
    this.id = config.lane
    this.#config = config
    this.#client = client
    this.#now = now
    this.#schedule = new LoadSchedule(config.workload.ratePerSec / config.workload.batch)
    this.#file = new LaneFile(config.file, { lane: config.lane, role: 'producer', process, client: config.client })
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
    const { workload, partitions, lane } = this.#config
    const due = this.#schedule.take(this.#now(), burst)
    if (due.length === 0) return
    const records: ProducerRecord[] = []
    const leaving: { partition: number; first: number; values: Buffer[] }[] = []
    const now = this.#now()
    for (const intended of due) {
      if (this.#open + leaving.length >= workload.maxInFlight) {
        this.#counts.overflow += workload.batch
        continue
      }
      const first = this.#next
      const count = Math.min(workload.batch, (workload.messages ?? Infinity) - first)
      if (count <= 0) break
      const partition = this.#sends++ % partitions
      const late = Math.round(now - intended)
      for (let s = first; s < first + count; s++) records.push({ op: 'sent', s, p: partition, t: now, ...(late >= 1 ? { d: late } : {}) })
      this.#next += count
      leaving.push({ partition, first, values: Array.from({ length: count }, (_, at) => encode(lane, first + at, workload.sizeBytes)) })
    }
    if (records.length > 0) this.#file.append(...records)
    for (const send of leaving) void this.#send(send.partition, send.first, send.values)
  }

  status(): LaneStatus {
    return { sent: this.#next, ...this.#counts, inFlight: this.#openMessages, delivered: 0, processed: 0 }
  }

  async close(): Promise<void> {
    await this.#client.close()
  }

  /** What is answered afterwards stays unanswered in the history. */
  closeFile(): void {
    this.#closed = true
    this.#file.close()
  }

  /** Never rejects: an adapter classifies what it catches. */
  async #send(partition: number, first: number, values: Buffer[]): Promise<void> {
    this.#open += 1
    this.#openMessages += values.length
    const answer = await this.#client.send(partition, values)
    if (this.#closed) return
    const t = this.#now()
    this.#file.append(...values.map((_, at) => record(answer, first + at, partition, at, t)))
    this.#counts[answer.answer] += values.length
    this.#open -= 1
    this.#openMessages -= values.length
  }
}

function record(answer: Answer, s: number, p: number, at: number, t: number): ProducerRecord {
  if (answer.answer !== 'acked') return { op: answer.answer, s, t, c: answer.code }
  return {
    op: 'acked', s, p, ...(answer.offset === undefined ? {} : { o: answer.offset + at }), t,
    ...(answer.code === undefined ? {} : { c: answer.code }),
  }
}
