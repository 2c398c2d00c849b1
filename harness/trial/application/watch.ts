/**
 * Follows the applications of a trial while it runs: what has come out, and how far their groups are. Conditions of the
 * schedule and the drain ask it. The verdict is made of what is read at the end.
 */
import { setTimeout as delay } from 'node:timers/promises'
import { LaneFile } from '../../../history/appender.ts'
import type { EventLog } from '../../../history/appender.ts'
import { laneFile } from '../../../history/folder.ts'
import { LossproofError, messageOf } from '../../../model/errors.ts'
import { applicationClient } from '../../../model/plan.ts'
import type { Lane } from '../../../model/plan.ts'
import { WaitExpired, waitFor } from '../../../model/wait.ts'
import type { ApplicationOutput, FollowedApplications } from '../../../systems/shared/followed-applications.ts'
import type { TrialSystem } from '../../../systems/shared/live-system.ts'
import { inputOf, parseCorrelation } from '../../../workloads/application/correlation.ts'
import { tagOf } from '../../../workloads/application/ids.ts'
import { recordInWords } from './record-in-words.ts'

const intervalMs = 50
const lookLimitMs = 3000

interface Watched {
  lane: Lane
  output: ApplicationOutput
  /** Numbers of the inputs that came out. */
  out: Set<number>
  /** Offsets of its group by partition. */
  offsets: Map<number, number>
  group: string
  groupFile: LaneFile
  outFile: LaneFile
  /** The error of the last look; undefined: it worked. */
  problem: string | undefined
  /** The first record that names no input of the lane, in words. */
  nameless: string | undefined
  /** Number of the last look that was begun, and of the last that worked. */
  begun: number
  done: number
}

export interface WatchOptions {
  applications: FollowedApplications
  system: Pick<TrialSystem, 'groupOffsets'>
  lanes: readonly Lane[]
  /** The run's folder. */
  folder: string
  trial: string
  log: EventLog
}

export class ApplicationWatch {
  readonly #options: WatchOptions
  readonly #lanes: ReadonlyMap<string, Watched>
  readonly #ending = new AbortController()
  #running: Promise<unknown> = Promise.resolve()

  constructor(options: WatchOptions) {
    this.#options = options
    this.#lanes = new Map(options.lanes.map(lane => [lane.id, watched(lane, options)]))
  }

  start(): void {
    this.#running = Promise.all([...this.#lanes.values()].map(async lane => this.#follow(lane)))
  }

  /** `processed`: inputs that came out, each once; `committed`: offsets that the group has passed. */
  status(lane: string): { processed: number; committed: number } {
    const { out, offsets } = this.#of(lane)
    return { processed: out.size, committed: [...offsets.values()].reduce((sum, o) => sum + o, 0) }
  }

  /** Its group as last seen, or why that is not known, in words. */
  describe(lane: string): string {
    const { group, problem, nameless, output, lane: of } = this.#of(lane)
    const written = output.positions().map(({ p, o }) => `${p}: ${o}`)
    const correlate =
      nameless === undefined ? '' : `; a record names no input (${of.app?.correlate ?? ''}): ${nameless}`
    const open = problem === undefined ? '' : `; ${problem}`
    return `its group is ${group}; read of its output ${written.join(', ')}${correlate}${open}`
  }

  /** The group has its partitions, or nobody is in it: no rebalance is under way. */
  isSettled(lane: string): boolean {
    const { group } = this.#of(lane)
    return group === 'Stable' || group === 'Empty'
  }

  /**
   * Resolves when every lane has been looked at after this call, or when brokers have not answered for a while. Before a dead
   * application is started again, the offset that it leaves behind has to be known.
   */
  async look(limitMs = lookLimitMs): Promise<void> {
    const before = new Map([...this.#lanes.values()].map(lane => [lane, lane.begun]))
    const { signal } = this.#ending
    const what = 'the offsets that the applications leave behind'
    const looked = waitFor({ what, limitMs, intervalMs: 10, signal }, () => {
      const open = [...before].filter(([lane, begun]) => lane.done <= begun)
      return open.length === 0 ? { value: true, seen: '' } : { seen: open.map(([{ lane }]) => lane.id).join(', ') }
    })
    await looked.catch((error: unknown) => {
      if (!(error instanceof WaitExpired)) throw error
      this.#options.log.write({ kind: 'note', text: error.message })
    })
  }

  async stop(): Promise<void> {
    this.#ending.abort()
    await this.#running
    for (const { groupFile, outFile } of this.#lanes.values()) {
      groupFile.close()
      outFile.close()
    }
  }

  async #follow(lane: Watched): Promise<void> {
    const { signal } = this.#ending
    while (!signal.aborted) {
      try {
        lane.begun += 1
        const { begun } = lane
        await this.#look(lane)
        lane.done = begun
        lane.problem = undefined
      } catch (error) {
        // Brokers may be down: the next look asks again.
        lane.problem = messageOf(error)
      }
      await delay(intervalMs, undefined, { signal }).catch(() => {})
    }
  }

  async #look(of: Watched): Promise<void> {
    const { system, applications, log } = this.#options
    const { lane, output, out, offsets } = of
    for (const [p, o] of await system.groupOffsets(lane, '')) {
      if (o === (offsets.get(p) ?? 0)) continue
      offsets.set(p, o)
      of.groupFile.append({ op: 'committed', p, o, t: log.now() })
    }
    of.group = await applications.groupState(lane)
    const correlation = parseCorrelation(lane.app?.correlate ?? 'key')
    if (!correlation) throw new LossproofError('internal', `the plan of ${lane.id} has no correlation`)
    for (const record of await output.read()) {
      const named = inputOf(record, correlation, tagOf(log.t0, lane.id))
      if (typeof named !== 'object') {
        of.nameless ??= recordInWords(record)
        continue
      }
      out.add(named.s)
      of.outFile.append({ op: 'seen-out', s: named.s, p: record.p, o: record.o, t: log.now() })
    }
  }

  #of(lane: string): Watched {
    const found = this.#lanes.get(lane)
    if (!found) throw new LossproofError('internal', `the lane ${lane} has no application`)
    return found
  }
}

function watched(lane: Lane, { applications, folder, trial }: WatchOptions): Watched {
  const file = (role: 'consumer' | 'output', process: string) =>
    new LaneFile(laneFile(folder, trial, lane.id, process), { lane: lane.id, role, process, client: applicationClient })
  return {
    lane,
    output: applications.output(lane),
    out: new Set(),
    offsets: new Map(),
    group: 'unknown',
    groupFile: file('consumer', 'app-group'),
    outFile: file('output', 'app-seen'),
    problem: undefined,
    nameless: undefined,
    begun: 0,
    done: 0,
  }
}
