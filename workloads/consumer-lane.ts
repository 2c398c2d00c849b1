/** One lane of a consumer process: the application around the client. It records what is delivered and what it does. */
import { join } from 'node:path'
import { setTimeout as delay } from 'node:timers/promises'
import { LaneFile } from '../history/appender.ts'
import type { Handling } from '../model/workload.ts'
import type { ConsumerApplication, ConsumerClient, Delivered, Handled } from './clients/client.ts'
import type { ConsumerLaneConfig, LaneStatus } from './messages.ts'
import { noStatus } from './messages.ts'
import { EffectStore, ParkingStore } from './patterns/index.ts'
import { decode } from './payload.ts'
import { recordedEffects } from './earlier-records.ts'

/** A message that the handler is to process. */
interface Work {
  s: number
  p: number
  o: number
  value: Buffer
  /** Which of its deliveries this is, from 1, where the broker counts them. The handler then tries it once. */
  delivery: number | undefined
}

/** Thrown by a handler that cannot process its message. */
class PoisonError extends Error {
  override readonly name = 'PoisonError'
}

export class ConsumerLane implements ConsumerApplication {
  readonly id: string
  readonly #config: ConsumerLaneConfig
  readonly #client: ConsumerClient
  readonly #file: LaneFile
  readonly #now: () => number
  readonly #effects: EffectStore | undefined
  readonly #parking: ParkingStore | undefined
  readonly #counts = { delivered: 0, parked: 0 }
  /** Numbers of the processed messages: a redelivered message does not count again. */
  readonly #processed = new Set<number>()
  /** By partition: the first offset delivered, the next offset after the last one delivered, the committed offset. */
  readonly #positions = new Map<number, { first: number; next: number; committed: number }>()
  #backlog: Promise<void> = Promise.resolve()
  #waiting = 0
  #closed = false
  /** Why the client library has stopped for good; undefined while it runs. */
  stoppedBy: string | undefined

  constructor(config: ConsumerLaneConfig, client: ConsumerClient, process: string, now: () => number) {
    this.id = config.lane
    this.#config = config
    this.#client = client
    this.#now = now
    const { idempotent, onPoison } = config.handling
    const known = idempotent ? recordedEffects(config.folder) : undefined
    this.#file = new LaneFile(config.file, { lane: config.lane, role: 'consumer', process, client: config.client })
    this.#effects = idempotent ? new EffectStore(join(config.stores, 'effects.sqlite')) : undefined
    this.#parking =
      onPoison === 'park'
        ? new ParkingStore(join(config.stores, 'parked.sqlite'), join(config.stores, 'alerts.jsonl'))
        : undefined
    if (known) this.#recordMissingEffects(known)
  }

  async run(): Promise<void> {
    await this.#client.run(this)
  }

  async receive(messages: Delivered[], commit: (offset: number) => Promise<void>): Promise<Handled> {
    const work = messages.flatMap(message => this.#recordDelivery(message) ?? [])
    const last = messages.at(-1)
    const { handling } = this.#config
    if (handling.commit === 'before' && last) await this.#commit(commit, last.offset + 1)
    let handled: Handled = 'done'
    if (handling.processing === 'worker') this.#handToWorker(work)
    else for (const item of work) handled = await this.#process(item)
    if (handling.commit === 'after' && last) await this.#commit(commit, last.offset + 1)
    return handled
  }

  committed(p: number, o: number): void {
    if (this.#closed) return
    this.#file.append({ op: 'committed', p, o, t: this.#now() })
    const known = this.#positions.get(p) ?? { first: o, next: o, committed: 0 }
    this.#positions.set(p, { ...known, committed: Math.max(known.committed, o) })
  }

  stopped(reason: string): void {
    this.stoppedBy = reason
  }

  status(): LaneStatus {
    const positions = [...this.#positions.values()]
    return {
      ...noStatus,
      ...this.#counts,
      processed: this.#processed.size,
      backlog: this.#waiting,
      committed: sum(positions.map(position => position.committed)),
      uncommitted: sum(
        positions.map(position => Math.max(0, position.next - Math.max(position.committed, position.first))),
      ),
    }
  }

  async close(): Promise<void> {
    await this.#client.close()
  }

  closeFile(): void {
    this.#closed = true
    this.#file.close()
    this.#effects?.close()
    this.#parking?.close()
  }

  /** Returns undefined for a record that is not a message of the workload, such as the fence. */
  #recordDelivery({ partition: p, offset: o, value, redeliveries }: Delivered): Work | undefined {
    const known = this.#positions.get(p) ?? { first: o, next: o, committed: 0 }
    this.#positions.set(p, { ...known, next: o + 1 })
    const decoded = decode(value, this.id, this.#config.payload)
    if (decoded.kind !== 'message') return undefined
    const delivery = redeliveries === undefined ? undefined : redeliveries + 1
    this.#file.append({
      op: 'delivered',
      s: decoded.s,
      p,
      o,
      t: this.#now(),
      ...(delivery !== undefined && delivery > 1 ? { n: delivery } : {}),
    })
    this.#counts.delivered += 1
    return { s: decoded.s, p, o, value, delivery }
  }

  async #commit(commit: (offset: number) => Promise<void>, offset: number): Promise<void> {
    const committing = commit(offset)
    if (this.#config.handling.commitCall === 'sync') await committing
    // As with a library's asynchronous commit, nobody waits for the result and a failure is ignored.
    else void committing.catch(() => {})
  }

  /** The worker processes one message after the other, in the background. */
  #handToWorker(work: readonly Work[]): void {
    for (const item of work) {
      this.#waiting += 1
      this.#backlog = this.#backlog
        .then(async () => void (await this.#process(item)))
        .catch(() => {})
        .finally(() => (this.#waiting -= 1))
    }
  }

  async #process(work: Work): Promise<Handled> {
    const { handling } = this.#config
    const { s, p, o, delivery } = work
    const poison = handling.poisonEvery !== undefined && (s + 1) % handling.poisonEvery === 0
    for (let n = delivery ?? 1; n <= Math.max(delivery ?? 1, handling.attempts); n++) {
      const workMs = isSlow(handling, s) ? (handling.slowMs ?? 0) : handling.processMs
      if (workMs > 0) await delay(workMs)
      if (this.#closed) return 'later'
      if (!poison) return this.#recordEffect(work)
      this.#file.append({ op: 'failed', s, p, o, t: this.#now(), n, c: 'poison' })
      // Where the broker counts deliveries, the next delivery is the next attempt.
      if (delivery !== undefined && n < handling.attempts) return 'later'
    }
    return this.#handlePoison(work)
  }

  #recordEffect({ s, p, o }: Work): Handled {
    const known = this.#effects?.apply(s) === 'known'
    // This line is the effect: once write(2) has returned, a SIGKILL cannot undo it.
    this.#file.append({ op: 'processed', s, p, o, t: this.#now(), ...(known ? { c: 'suppressed' } : {}) })
    this.#processed.add(s)
    return 'done'
  }

  #handlePoison({ s, p, o, value }: Work): Handled {
    const { onPoison, attempts } = this.#config.handling
    if (onPoison === 'throw') throw new PoisonError(`message ${s} cannot be processed`)
    if (onPoison === 'throw-type-error') throw new TypeError(`Cannot read properties of undefined (message ${s})`)
    if (onPoison === 'reconsume-later') return 'later'
    if (onPoison === 'return-null') return null
    if (onPoison === 'swallow') return 'done'
    this.#parking?.park({ s, p, o, reason: `failed ${attempts} times`, payload: value })
    this.#file.append({ op: 'parked', s, p, o, t: this.#now() })
    this.#counts.parked += 1
    return 'done'
  }

  /** Records effects that an earlier process put into the store and was killed before it could write their lines. */
  #recordMissingEffects(recorded: ReadonlySet<number>): void {
    for (const s of this.#effects?.numbers() ?? []) {
      if (!recorded.has(s)) this.#file.append({ op: 'processed', s, p: 0, o: 0, t: this.#now() })
    }
  }
}

const isSlow = ({ slowEvery }: Handling, s: number) => slowEvery !== undefined && (s + 1) % slowEvery === 0

function sum(numbers: number[]): number {
  return numbers.reduce((total, number) => total + number, 0)
}
