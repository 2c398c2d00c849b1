/** All producer processes of a trial as one thing to pause, resume, count and stop. */
import type { EventLog } from '../history/appender.ts'
import type { LaneStatus } from '../../workloads/messages.ts'
import { WaitExpired, waitFor } from './wait.ts'
import { ClientDied } from './process.ts'
import type { ClientProcess } from './process.ts'

const stopLimitMs = 20_000
/** Sends that make no progress for so long stay open over the window's edge. */
const settleMs = 400
const settleLimitMs = 3000

export class Producers {
  readonly #processes: ClientProcess[]
  readonly #log: EventLog
  readonly #signal: AbortSignal

  constructor(processes: ClientProcess[], log: EventLog, signal: AbortSignal) {
    this.#processes = processes
    this.#log = log
    this.#signal = signal
  }

  /** Throws ClientDied when a process ended that nobody ended: whatever is waited for will not come. */
  assertAlive(): void {
    const dead = this.#processes.find(process => process.died !== undefined)
    if (dead) throw new ClientDied(`client process ${dead.name} ended: ${dead.died ?? ''}`)
  }

  async start(): Promise<void> {
    await Promise.all(this.#processes.map(async process => process.start()))
  }

  async pause(): Promise<void> {
    await Promise.all(this.#processes.map(async process => process.pause()))
  }

  resume(): void {
    for (const process of this.#processes) process.resume()
  }

  status(lane: string): LaneStatus {
    const found = this.#processes.map(process => process.lane(lane)).find(status => status !== undefined)
    return found ?? { sent: 0, acked: 0, rejected: 0, unknown: 0, inFlight: 0, overflow: 0, delivered: 0, processed: 0 }
  }

  /** Waits, producers paused, until nothing is in flight in `lanes`. Throws WaitExpired. */
  async quiet(lanes: readonly string[], limitMs: number): Promise<void> {
    await waitFor({ what: 'nothing in flight', limitMs, intervalMs: 10, signal: this.#signal }, () => {
      this.assertAlive()
      const open = lanes.filter(lane => this.status(lane).inFlight > 0)
      if (open.length === 0) return { value: true, seen: 'nothing in flight' }
      return { seen: open.map(lane => `${lane}: ${this.status(lane).inFlight} in flight`).join('; ') }
    })
  }

  /**
   * Waits, producers paused, until nothing is in flight or no answer has come for a while: a window may close over
   * sends that are still unanswered, as acks=all sends are while replication is cut.
   */
  async settle(lanes: readonly string[]): Promise<void> {
    let answered = -1
    let since = performance.now()
    const settled = waitFor({ what: 'answers settled', limitMs: settleLimitMs, intervalMs: 10, signal: this.#signal }, () => {
      const statuses = lanes.map(lane => this.status(lane))
      const inFlight = statuses.reduce((sum, status) => sum + status.inFlight, 0)
      const answers = statuses.reduce((sum, status) => sum + status.acked + status.rejected + status.unknown, 0)
      if (answers !== answered) {
        answered = answers
        since = performance.now()
      }
      const seen = `${inFlight} in flight`
      return inFlight === 0 || performance.now() - since >= settleMs ? { value: true, seen } : { seen }
    })
    await settled.catch((error: unknown) => {
      if (!(error instanceof WaitExpired)) throw error
    })
  }

  /** Ends all producers; what is unanswered then stays unanswered. */
  async stop(): Promise<void> {
    await Promise.all(this.#processes.map(async process => process.stop(stopLimitMs)))
    for (const process of this.#processes) {
      for (const [lane, status] of Object.entries(process.lanes)) {
        this.#log.write({ kind: 'client-stats', lane, process: process.name, overflow: status.overflow })
      }
    }
  }

  async kill(): Promise<void> {
    await Promise.all(this.#processes.map(async process => process.kill()))
  }
}
