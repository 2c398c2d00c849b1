/** All consumers of a trial. At the end their groups are drained, and brokers are asked for each group's offsets. */
import { join } from 'node:path'
import { LaneFile } from '../../../history/appender.ts'
import type { EventLog } from '../../../history/appender.ts'
import { laneFile, storesFolder } from '../../../history/folder.ts'
import type { Lane } from '../../../model/plan.ts'
import type { LaneStatus } from '../../../workloads/messages.ts'
import type { TrialSystem } from '../../../systems/shared/live-system.ts'
import { WaitExpired, waitFor } from '../../../model/wait.ts'
import type { ApplicationWatch } from '../application/watch.ts'
import type { Fleet } from './fleet.ts'

/** `doneMs`: with all offsets committed, nothing more is expected after this long without progress. */
const limits = { drainMs: 120_000, doneMs: 500, stopMs: 15_000, offsetsMs: 30_000, longestStillMs: 30_000 }
/**
 * With offsets uncommitted, a lane is stalled after this long beyond the session timeout, during which a dead member
 * keeps its partitions.
 */
const beyondSessionMs = 6000
/** An application that has passed all its inputs may still work on the last ones. */
const passedMs = 10_000
const defaultSessionMs = 45_000
/** Beyond the session of most client libraries, because nothing tells the session of an application. */
const longestStillOfAppMs = 55_000
/** How much longer than `app.within` an application may work on its last inputs. */
const beyondWithinMs = 60_000
const mostShownChars = 500
const observerName = 'observer-1'
/** How often the drain starts ended consumers of a lane again. One that ends each time would not get further. */
const mostRestarts = 2

type DrainSystem = Pick<TrialSystem, 'groupOffsets' | 'redelivery' | 'readerConnection'>

export interface DrainOptions {
  /** Fences by lane. */
  ends: ReadonlyMap<string, readonly { p: number; fenceOffset: number }[]>
  lanes: readonly Lane[]
  system: DrainSystem
  /** The run's folder. */
  folder: string
  /** Id of the trial. */
  trial: string
  /** Start ended consumers again. */
  restart: boolean
}

export interface ConsumersOptions {
  limit?: typeof limits
  /** Given where the consumers are applications. */
  watch?: ApplicationWatch
}

export class Consumers {
  readonly fleet: Fleet
  readonly #log: EventLog
  readonly #signal: AbortSignal
  readonly #limits: typeof limits
  readonly #watch: ApplicationWatch | undefined

  constructor(fleet: Fleet, log: EventLog, signal: AbortSignal, { limit = limits, watch }: ConsumersOptions = {}) {
    this.fleet = fleet
    this.#log = log
    this.#signal = signal
    this.#limits = limit
    this.#watch = watch
  }

  status(lane: string): LaneStatus {
    return { ...this.fleet.status(lane), ...this.#watch?.status(lane) }
  }

  /**
   * Waits until every group has committed up to its fences and its members have nothing left to do, or until nothing has
   * changed for longer than a session lasts: what is left then has stalled. Ends the consumers and records the groups'
   * offsets as brokers report them.
   */
  async drain(options: DrainOptions): Promise<void> {
    const lanes = options.lanes.filter(lane => lane.consumer !== undefined)
    await Promise.all(lanes.map(async lane => this.#drainLane(lane, options)))
    const stopped = this.fleet.awake.map(async process => process.stop(this.#limits.stopMs))
    // A consumer that does not end in time is killed. Its records are complete: they are written as they happen.
    for (const { reason } of (await Promise.allSettled(stopped)).filter(result => result.status === 'rejected'))
      this.#log.write({ kind: 'note', text: String(reason) })
    await this.fleet.kill()
    await this.#watch?.stop()
    await Promise.all(lanes.map(async lane => this.#recordOffsets(lane, options)))
  }

  /** What is seen of an application beside its counters, in brackets; empty for other consumers. */
  describe(lane: string): string {
    if (!this.#watch) return ''
    const said = this.fleet
      .saidIn(lane)
      .map(one => `; last line of ${one.process}: ${one.said.slice(0, mostShownChars)}`)
    return ` (${this.#watch.describe(lane)}${said.join('')})`
  }

  /** To be called before a process that has ended is started again. */
  async lookBeforeStart(): Promise<void> {
    await this.#watch?.look()
  }

  async kill(): Promise<void> {
    await this.fleet.kill()
    await this.#watch?.stop()
  }

  async #drainLane(lane: Lane, options: DrainOptions): Promise<void> {
    const sessionMs = Number(lane.consumer?.settings['session.timeout.ms'] ?? defaultSessionMs)
    const longestStillMs = lane.app ? longestStillOfAppMs : this.#limits.longestStillMs
    const sessionEndMs = Math.min(longestStillMs, sessionMs + beyondSessionMs)
    const limitMs = Math.max(this.#limits.drainMs, lane.app?.withinMs ? lane.app.withinMs + beyondWithinMs : 0)
    const died = new Set<string>()
    let lastSeen = ''
    let changedAt = performance.now()
    let restartsLeft = mostRestarts
    await this.#orRecord(lane, `consumers of ${lane.id} drained`, limitMs, 100, async () => {
      this.#recordDeaths(lane, died)
      const ended = this.fleet.endedIn(lane.id)
      if (ended.length > 0 && options.restart && restartsLeft > 0) {
        restartsLeft -= 1
        await this.lookBeforeStart()
        for (const name of ended) await this.fleet.restart({ name })
        changedAt = performance.now()
      }
      const { done, passed, seen } = await this.#progress(lane, options)
      const stillMs = passed ? Math.max(passedMs, lane.app?.withinMs ?? 0) : sessionEndMs
      // Redelivering the same message again and again is no progress, so the number of deliveries is not compared.
      if (seen !== lastSeen) {
        lastSeen = seen
        changedAt = performance.now()
      }
      const unchangedMs = performance.now() - changedAt
      return unchangedMs >= (done ? this.#limits.doneMs : stillMs) ? { value: true, seen } : { seen }
    })
  }

  /** A client that fails is no finding about the cluster, so the verdict has to know. */
  #recordDeaths(lane: Lane, known: Set<string>): void {
    for (const { process, how } of this.fleet.diedIn(lane.id)) {
      if (!known.has(process)) this.#log.write({ kind: 'client-died', lane: lane.id, process, how })
      known.add(process)
    }
  }

  async #progress(
    lane: Lane,
    { system, ends, ...paths }: DrainOptions,
  ): Promise<{ done: boolean; passed?: boolean; seen: string }> {
    const { processed, parked, backlog } = this.status(lane.id)
    const offsets = await system.groupOffsets(lane, storesOf(paths, lane))
    const pending = (await system.redelivery?.pending(lane)) ?? 0
    const committed = [...offsets].map(([p, o]) => `${p}: ${o}`).join(', ') || 'nothing'
    const isCommitted = (ends.get(lane.id) ?? []).every(({ p, fenceOffset }) => (offsets.get(p) ?? 0) > fenceOffset)
    if (this.#watch && lane.app) {
      const inputs = (ends.get(lane.id) ?? []).reduce((sum, { fenceOffset }) => sum + fenceOffset + 1, 0)
      return {
        done: isCommitted && processed >= inputs,
        passed: isCommitted && this.#watch.isSettled(lane.id),
        seen: `${processed} of ${inputs} came out; ${this.#watch.describe(lane.id)}; committed ${committed}`,
      }
    }
    return {
      done: isCommitted && backlog === 0 && pending === 0,
      seen:
        `${processed} processed, ${parked} parked, ${backlog} waiting for a worker, ` +
        `${pending} to be redelivered; committed ${committed}`,
    }
  }

  /** Writes the group's offsets and dead letters to a lane file of the observer. */
  async #recordOffsets(lane: Lane, { folder, trial, system }: DrainOptions): Promise<void> {
    const file = new LaneFile(laneFile(folder, trial, lane.id, observerName), {
      lane: lane.id,
      role: 'consumer',
      process: observerName,
      client: system.readerConnection(lane).client,
    })
    try {
      await this.#orRecord(lane, `group offsets of ${lane.id}`, this.#limits.offsetsMs, 50, async () => {
        const offsets = await system.groupOffsets(lane, storesOf({ folder, trial }, lane))
        const deadLetters = (await system.redelivery?.deadLetters(lane)) ?? []
        for (const { s, p, o } of deadLetters) file.append({ op: 'parked', s, p, o, t: this.#log.now(), c: 'DLQ' })
        // A group that has never committed starts at the beginning, so its offset counts as 0.
        for (let p = 0; p < lane.topic.partitions; p++)
          file.append({ op: 'group-offset', p, o: offsets.get(p) ?? 0, t: this.#log.now() })
        return { value: true, seen: '' }
      })
    } finally {
      file.close()
    }
  }

  /** Waits; when the limit is reached, records that for this lane and goes on. */
  async #orRecord(
    lane: Lane,
    what: string,
    limitMs: number,
    intervalMs: number,
    look: () => Promise<{ value?: true; seen: string }>,
  ): Promise<void> {
    try {
      await waitFor({ what, limitMs, intervalMs, signal: this.#signal }, look)
    } catch (error) {
      if (!(error instanceof WaitExpired)) throw error
      this.#log.write({ kind: 'wait-expired', what, limitMs, seen: error.seen, lane: lane.id })
    }
  }
}

const storesOf = ({ folder, trial }: Pick<DrainOptions, 'folder' | 'trial'>, lane: Lane) =>
  join(storesFolder(folder, trial, lane.id), 'consumer')
