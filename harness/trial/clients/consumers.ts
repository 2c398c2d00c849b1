/** All consumers of a trial: their groups are drained at the end, and the brokers asked how far each group got. */
import { join } from 'node:path'
import { LaneFile } from '../../../history/appender.ts'
import type { EventLog } from '../../../history/appender.ts'
import { laneFile, storesFolder } from '../../../history/folder.ts'
import type { Lane } from '../../../model/plan.ts'
import type { LaneStatus } from '../../../workloads/messages.ts'
import type { TrialSystem } from '../../../systems/shared/live-system.ts'
import { WaitExpired, waitFor } from '../../../model/wait.ts'
import type { Fleet } from './fleet.ts'

const drainLimitMs = 120_000
/** Nothing more comes when nothing came for so long after all offsets were committed. */
const doneMs = 500
/** And while they are not: beyond the session that a dead member holds on to. */
const stillBeyondSessionMs = 6000
const defaultSessionMs = 45_000
const longestStillMs = 30_000
const stopLimitMs = 15_000
const offsetsLimitMs = 30_000
const observerName = 'observer-1'
/** A consumer that ends again and again will not get further. */
const restarts = 2

interface Drained {
  /** Ends of all partitions, behind the fence, by lane and partition. */
  ends: ReadonlyMap<string, readonly { p: number; fenceOffset: number }[]>
  lanes: readonly Lane[]
  system: TrialSystem
  /** The run's folder, and the trial's id. */
  folder: string
  trial: string
  /** Start consumers again that have ended. */
  restart: boolean
}

export class Consumers {
  readonly fleet: Fleet
  readonly #log: EventLog
  readonly #signal: AbortSignal

  constructor(fleet: Fleet, log: EventLog, signal: AbortSignal) {
    this.fleet = fleet
    this.#log = log
    this.#signal = signal
  }

  status(lane: string): LaneStatus {
    return this.fleet.status(lane)
  }

  /**
   * Waits until every group has committed up to the end of its partitions and its members have nothing left to do, or
   * until nothing has moved for longer than any session lasts: then what is left stalled, observed and bounded. Ends the
   * consumers, and writes down the groups' offsets as the brokers tell them.
   */
  async drain(drained: Drained): Promise<void> {
    const lanes = drained.lanes.filter(lane => lane.consumer !== undefined)
    await Promise.all(lanes.map(async lane => this.#drainLane(lane, drained)))
    await Promise.all(this.fleet.awake.map(async process => process.stop(stopLimitMs))).catch((error: unknown) => {
      // A consumer that does not end in time is killed; what it did is written.
      this.#log.write({ kind: 'note', text: String(error) })
    })
    await this.fleet.kill()
    await Promise.all(lanes.map(async lane => this.#tellOffsets(lane, drained)))
  }

  async kill(): Promise<void> {
    await this.fleet.kill()
  }

  async #drainLane(lane: Lane, drained: Drained): Promise<void> {
    const stillMs = Math.min(
      longestStillMs,
      Number(lane.consumer?.settings['session.timeout.ms'] ?? defaultSessionMs) + stillBeyondSessionMs,
    )
    let last = ''
    let since = performance.now()
    let left = restarts
    const told = new Set<string>()
    const waited = waitFor(
      { what: `consumers of ${lane.id} drained`, limitMs: drainLimitMs, intervalMs: 100, signal: this.#signal },
      async () => {
        // What a client of ours did not do because it broke is no finding about the cluster.
        for (const { process, how } of this.fleet.diedOf(lane.id)) {
          if (!told.has(process)) this.#log.write({ kind: 'client-died', lane: lane.id, process, how })
          told.add(process)
        }
        const gone = this.fleet.goneOf(lane.id)
        if (gone.length > 0 && drained.restart && left > 0) {
          left -= 1
          for (const name of gone) await this.fleet.restart({ name })
          since = performance.now()
        }
        const { processed, parked, backlog } = this.status(lane.id)
        const offsets = await drained.system.groupOffsets(lane, storesOf(drained, lane))
        const again = await drained.system.redeliveries(lane)
        const seen = `${processed} processed, ${parked} parked, ${backlog} waiting, ${again} to be delivered again; committed ${[...offsets].map(([p, o]) => `${p}: ${o}`).join(', ') || 'nothing'}`
        // A message that is delivered again and again is no progress.
        if (seen !== last) {
          last = seen
          since = performance.now()
        }
        const stillFor = performance.now() - since
        const committed = (drained.ends.get(lane.id) ?? []).every(
          ({ p, fenceOffset }) => (offsets.get(p) ?? 0) > fenceOffset,
        )
        const done = committed && backlog === 0 && again === 0 ? stillFor >= doneMs : stillFor >= stillMs
        return done ? { value: true, seen } : { seen }
      },
    )
    await waited.catch((error: unknown) => {
      if (!(error instanceof WaitExpired)) throw error
      this.#log.write({
        kind: 'wait-expired',
        what: error.what,
        limitMs: error.limitMs,
        seen: error.seen,
        lane: lane.id,
      })
    })
  }

  /** In a lane file of the observer's own. */
  async #tellOffsets(lane: Lane, { folder, trial, system }: Drained): Promise<void> {
    const file = new LaneFile(laneFile(folder, trial, lane.id, observerName), {
      lane: lane.id,
      role: 'consumer',
      process: observerName,
      client: system.reader(lane).client,
    })
    try {
      const offsets = await waitFor(
        { what: `group offsets of ${lane.id}`, limitMs: offsetsLimitMs, signal: this.#signal },
        async () => {
          const found = await system.groupOffsets(lane, storesOf({ folder, trial }, lane))
          return { value: found, seen: '' }
        },
      )
      // A group that has never committed goes on at the beginning: offset 0 is the broker's word for it.
      for (const { s, p, o } of await system.deadLetters(lane))
        file.append({ op: 'parked', s, p, o, t: this.#log.now(), c: 'DLQ' })
      for (let p = 0; p < lane.topic.partitions; p++)
        file.append({ op: 'group-offset', p, o: offsets.get(p) ?? 0, t: this.#log.now() })
    } catch (error) {
      if (!(error instanceof WaitExpired)) throw error
      this.#log.write({
        kind: 'wait-expired',
        what: error.what,
        limitMs: error.limitMs,
        seen: error.seen,
        lane: lane.id,
      })
    } finally {
      file.close()
    }
  }
}

const storesOf = ({ folder, trial }: Pick<Drained, 'folder' | 'trial'>, lane: Lane) =>
  join(storesFolder(folder, trial, lane.id), 'consumer')
