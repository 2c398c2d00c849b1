/**
 * The client processes of one role. Each has a place that outlives it: a process that is started again takes its name
 * with the number of its start, `producer-1.2`, and writes files of its own.
 */
import type { ClientState, FaultClient } from '../../../faults/fault.ts'
import { noStatus } from '../../../workloads/messages.ts'
import type { LaneStatus } from '../../../workloads/messages.ts'
import { LossproofError } from '../../../model/errors.ts'
import { ClientDied } from './process.ts'
import type { ClientProcess } from './process.ts'

export interface Place {
  /** `producer-1` */
  name: string
  lanes: readonly string[]
  /** The process for this place; `name` is its own. */
  make: (name: string) => ClientProcess
}

interface Held {
  place: Place
  process: ClientProcess
  starts: number
  /** Last counters of the processes before this one. */
  past: Record<string, LaneStatus>[]
  /** Ended by a step, or by the trial itself. */
  ended: boolean
}

export class Fleet {
  readonly #held: Held[]

  /** `places` in the order of their lanes. */
  constructor(places: readonly Place[]) {
    this.#held = places.map(place => ({ place, process: place.make(place.name), starts: 1, past: [], ended: false }))
  }

  get names(): string[] {
    return this.#held.map(({ place }) => place.name)
  }

  /** The first place of each lane. */
  get firsts(): string[] {
    const lanes = new Set(this.#held.flatMap(({ place }) => place.lanes))
    return [
      ...new Set(
        [...lanes].flatMap(lane => this.#held.find(({ place }) => place.lanes.includes(lane))?.place.name ?? []),
      ),
    ]
  }

  /** Processes that run and are awake. */
  get awake(): ClientProcess[] {
    return this.#held.filter(held => held.process.ended === undefined && !held.process.frozen).map(held => held.process)
  }

  get processes(): ClientProcess[] {
    return this.#held.map(held => held.process)
  }

  /** Resolves when every client is connected. */
  async start(): Promise<void> {
    await Promise.all(this.#held.map(async ({ process }) => process.start()))
  }

  /** Counters of a lane over all its processes, ended ones included; offsets and what is under way only of those that live. */
  status(lane: string): LaneStatus {
    const total = { ...noStatus }
    for (const { past, process } of this.#held) {
      for (const status of past)
        add(total, { ...(status[lane] ?? noStatus), inFlight: 0, spooled: 0, backlog: 0, uncommitted: 0, committed: 0 })
      const now = process.lane(lane)
      if (now) add(total, process.ended === undefined ? now : { ...now, backlog: 0, committed: 0, uncommitted: 0 })
    }
    return total
  }

  /** Processes of `lane` that have ended. */
  goneOf(lane: string): string[] {
    return this.#held
      .filter(({ place, process }) => place.lanes.includes(lane) && process.ended !== undefined)
      .map(({ place }) => place.name)
  }

  /** Processes of `lane` that no step ended and that did not end well, with how. */
  diedOf(lane: string): { process: string; how: string }[] {
    return this.#held
      .filter(
        ({ place, process, ended }) =>
          place.lanes.includes(lane) && !ended && process.ended !== undefined && process.ended !== 'exit code 0',
      )
      .map(({ process }) => ({ process: process.name, how: process.died ?? process.ended ?? '' }))
  }

  /** Throws ClientDied when a process ended that no step ended: whatever is waited for will not come. */
  assertAlive(): void {
    const dead = this.#held.find(held => !held.ended && held.process.died !== undefined)
    if (dead) throw new ClientDied(`client process ${dead.process.name} ended: ${dead.process.died ?? ''}`)
  }

  state({ name }: FaultClient): ClientState {
    const { process } = this.#find(name)
    const statuses = Object.values(process.lanes)
    return {
      running: process.ended === undefined,
      frozen: process.frozen,
      ended: process.ended,
      finished: process.finished,
      unanswered: statuses.reduce((sum, status) => sum + status.inFlight, 0),
      uncommitted: statuses.reduce((sum, status) => sum + status.uncommitted, 0),
    }
  }

  async end({ name }: FaultClient, signal: 'SIGKILL' | 'SIGTERM'): Promise<void> {
    const held = this.#find(name)
    held.ended = true
    await held.process.end(signal)
  }

  async freeze({ name }: FaultClient): Promise<void> {
    await this.#find(name).process.freeze()
  }

  async wake({ name }: FaultClient): Promise<void> {
    await this.#find(name).process.wake()
  }

  /** Starts the place's process anew. Resolves false when it runs already. */
  async restart({ name }: FaultClient): Promise<boolean> {
    const held = this.#find(name)
    if (held.process.ended === undefined) return false
    held.past.push(held.process.lanes)
    held.starts += 1
    held.process = held.place.make(`${name}.${held.starts}`)
    held.ended = false
    await held.process.start()
    return true
  }

  async kill(): Promise<void> {
    await Promise.all(
      this.#held.map(async held => {
        held.ended = true
        await held.process.kill()
      }),
    )
  }

  #find(name: string): Held {
    const found = this.#held.find(({ place }) => place.name === name)
    if (!found) throw new LossproofError('internal', `no client ${name}`)
    return found
  }
}

function add(total: LaneStatus, more: LaneStatus): void {
  for (const key of Object.keys(noStatus) as (keyof LaneStatus)[]) total[key] += more[key]
}
