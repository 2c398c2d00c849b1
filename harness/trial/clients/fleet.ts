/**
 * The client processes of one role. Each member of the fleet has one process at a time. A process that replaces an ended
 * one gets the member's name with the number of the start, `producer-1.2`, and writes files of its own.
 */
import type { ClientState, FaultClient } from '../../../faults/fault.ts'
import { noStatus } from '../../../workloads/messages.ts'
import type { LaneStatus } from '../../../workloads/messages.ts'
import { LossproofError } from '../../../model/errors.ts'
import { ClientDied } from './process.ts'
import type { ClientProcess } from './process.ts'

export interface FleetMember {
  /** `producer-1` */
  name: string
  lanes: readonly string[]
  /** Makes the member's next process, with that name. */
  make: (name: string) => ClientProcess
}

interface MemberState {
  member: FleetMember
  process: ClientProcess
  starts: number
  /** Final counters of the earlier processes, by lane. */
  past: Record<string, LaneStatus>[]
  /** A step or the trial has ended the process. */
  endedByUs: boolean
}

export class Fleet {
  readonly #members: MemberState[]

  /** `members` in the order of their lanes. */
  constructor(members: readonly FleetMember[]) {
    this.#members = members.map(member => ({
      member,
      process: member.make(member.name),
      starts: 1,
      past: [],
      endedByUs: false,
    }))
  }

  get names(): string[] {
    return this.#members.map(({ member }) => member.name)
  }

  /** Names of the first member of each lane. */
  get firsts(): string[] {
    const lanes = new Set(this.#members.flatMap(({ member }) => member.lanes))
    return [
      ...new Set(
        [...lanes].flatMap(lane => this.#members.find(({ member }) => member.lanes.includes(lane))?.member.name ?? []),
      ),
    ]
  }

  /** Processes that run and are not frozen. */
  get awake(): ClientProcess[] {
    return this.#members
      .filter(state => state.process.ended === undefined && !state.process.frozen)
      .map(state => state.process)
  }

  get processes(): ClientProcess[] {
    return this.#members.map(state => state.process)
  }

  /** Resolves when every client is connected. */
  async start(): Promise<void> {
    await Promise.all(this.#members.map(async ({ process }) => process.start()))
  }

  /**
   * Sums of a lane's counters over all its processes. Ended processes count with what they did, not with what they left
   * unfinished.
   */
  status(lane: string): LaneStatus {
    const total = { ...noStatus }
    for (const { past, process } of this.#members) {
      for (const status of past)
        add(total, { ...(status[lane] ?? noStatus), inFlight: 0, spooled: 0, backlog: 0, uncommitted: 0, committed: 0 })
      const now = process.lane(lane)
      if (now) add(total, process.ended === undefined ? now : { ...now, backlog: 0, committed: 0, uncommitted: 0 })
    }
    return total
  }

  /** Members of `lane` whose process has ended. */
  endedIn(lane: string): string[] {
    return this.#members
      .filter(({ member, process }) => member.lanes.includes(lane) && process.ended !== undefined)
      .map(({ member }) => member.name)
  }

  /** Processes of `lane` that ended by themselves with an error, and how. */
  diedIn(lane: string): { process: string; how: string }[] {
    return this.#members
      .filter(
        ({ member, process, endedByUs }) =>
          member.lanes.includes(lane) && !endedByUs && process.ended !== undefined && process.ended !== 'exit code 0',
      )
      .map(({ process }) => ({ process: process.name, how: process.died ?? process.ended ?? '' }))
  }

  /** The last lines that processes of a lane have written for people, by process. */
  saidIn(lane: string): { process: string; said: string }[] {
    return this.#members.flatMap(({ member, process }) =>
      member.lanes.includes(lane) && process.said ? [{ process: process.name, said: process.said }] : [],
    )
  }

  /** Throws ClientDied when a process ended that no step has ended: what the caller waits for will not come. */
  assertAlive(): void {
    const dead = this.#members.find(state => !state.endedByUs && state.process.died !== undefined)
    if (dead) throw new ClientDied(`client process ${dead.process.name} ended: ${dead.process.died ?? ''}`)
  }

  state({ name }: FaultClient): ClientState {
    const { process } = this.#find(name)
    const statuses = Object.values(process.lanes)
    return {
      running: process.ended === undefined,
      frozen: process.frozen,
      ended: process.ended,
      said: process.said,
      finished: process.finished,
      unanswered: statuses.reduce((sum, status) => sum + status.inFlight, 0),
      uncommitted: statuses.reduce((sum, status) => sum + status.uncommitted, 0),
    }
  }

  async end({ name }: FaultClient, signal: 'SIGKILL' | 'SIGTERM'): Promise<void> {
    const state = this.#find(name)
    state.endedByUs = true
    await state.process.end(signal)
  }

  async freeze({ name }: FaultClient): Promise<void> {
    await this.#find(name).process.freeze()
  }

  async wake({ name }: FaultClient): Promise<void> {
    await this.#find(name).process.wake()
  }

  /** Starts a new process for a member whose process has ended. Resolves with false when it still runs. */
  async restart({ name }: FaultClient): Promise<boolean> {
    const state = this.#find(name)
    if (state.process.ended === undefined) return false
    state.past.push(state.process.lanes)
    state.starts += 1
    state.process = state.member.make(`${name}.${state.starts}`)
    state.endedByUs = false
    await state.process.start()
    return true
  }

  async kill(): Promise<void> {
    await Promise.all(
      this.#members.map(async state => {
        state.endedByUs = true
        await state.process.kill()
      }),
    )
  }

  #find(name: string): MemberState {
    const found = this.#members.find(({ member }) => member.name === name)
    if (!found) throw new LossproofError('internal', `unknown client process ${name}`)
    return found
  }
}

function add(total: LaneStatus, more: LaneStatus): void {
  for (const key of Object.keys(noStatus) as (keyof LaneStatus)[]) total[key] += more[key]
}
