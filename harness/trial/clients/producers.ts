/** All producers of a trial: pauses, resumes, counts and stops them together. */
import type { EventLog } from '../../../history/appender.ts'
import type { LaneStatus } from '../../../workloads/messages.ts'
import { WaitExpired, waitFor } from '../../../model/wait.ts'
import type { Fleet } from './fleet.ts'

/** A producer empties its spool before it stops. */
const stopLimitMs = 70_000
/** When no answer has come for this long, the sends that are left stay unanswered across the edge of the window. */
const settleMs = 400
const settleLimitMs = 3000

/** How many sends were answered, in whatever way. */
const answersOf = (statuses: readonly LaneStatus[]): number =>
  statuses.reduce((sum, { acked, rejected, unknown }) => sum + acked + rejected + unknown, 0)

export class Producers {
  readonly fleet: Fleet
  readonly #log: EventLog
  readonly #signal: AbortSignal
  #paused = true

  constructor(fleet: Fleet, log: EventLog, signal: AbortSignal) {
    this.fleet = fleet
    this.#log = log
    this.#signal = signal
  }

  assertAlive(): void {
    this.fleet.assertAlive()
  }

  async pause(): Promise<void> {
    await Promise.all(this.fleet.awake.map(async process => process.pause()))
    if (!this.#paused) this.#log.write({ kind: 'producers', paused: true })
    this.#paused = true
  }

  resume(): void {
    for (const process of this.fleet.awake) process.resume()
    if (this.#paused) this.#log.write({ kind: 'producers', paused: false })
    this.#paused = false
  }

  /** For a process that was started again or woken: it sends unless all producers are paused. */
  resumeUnlessPaused(): void {
    if (!this.#paused) this.resume()
  }

  status(lane: string): LaneStatus {
    return this.fleet.status(lane)
  }

  /**
   * For paused producers: waits until nothing is in flight in `lanes`. The limit counts from the last answer, because
   * hundreds of retries take a slow machine long; in all it is four limits at most. Throws WaitExpired.
   */
  async quiet(lanes: readonly string[], limitMs: number): Promise<void> {
    let answered = 0
    const wait = { what: 'nothing in flight', limitMs, mostMs: limitMs * 4, intervalMs: 10, signal: this.#signal }
    await waitFor(wait, () => {
      this.assertAlive()
      const open = lanes.filter(lane => this.status(lane).inFlight > 0)
      if (open.length === 0) return { value: true, seen: 'nothing in flight' }
      const before = answered
      answered = answersOf(lanes.map(lane => this.status(lane)))
      const seen = open.map(lane => `${lane}: ${this.status(lane).inFlight} in flight`).join('; ')
      return { seen, moved: answered > before }
    })
  }

  /**
   * For paused producers: waits until nothing is in flight, or until no answer has come for a while. A window may close
   * while sends are unanswered, as acks=all sends are while replication is cut.
   */
  async settle(lanes: readonly string[]): Promise<void> {
    let answered = -1
    let since = performance.now()
    const settled = waitFor(
      { what: 'answers settled', limitMs: settleLimitMs, intervalMs: 10, signal: this.#signal },
      () => {
        const statuses = lanes.map(lane => this.status(lane))
        const inFlight = statuses.reduce((sum, status) => sum + status.inFlight, 0)
        const answers = answersOf(statuses)
        if (answers !== answered) {
          answered = answers
          since = performance.now()
        }
        const seen = `${inFlight} in flight`
        return inFlight === 0 || performance.now() - since >= settleMs ? { value: true, seen } : { seen }
      },
    )
    await settled.catch((error: unknown) => {
      if (!(error instanceof WaitExpired)) throw error
    })
  }

  /** Ends all producers. Sends that are unanswered then stay so. */
  async stop(): Promise<void> {
    await Promise.all(this.fleet.awake.map(async process => process.stop(stopLimitMs)))
    for (const process of this.fleet.processes) {
      for (const [lane, status] of Object.entries(process.lanes)) {
        const { overflow, inFlight } = status
        const open = inFlight > 0 ? { open: inFlight } : {}
        this.#log.write({ kind: 'client-stats', lane, process: process.name, overflow, ...open })
      }
    }
  }

  async kill(): Promise<void> {
    await this.fleet.kill()
  }
}
