/**
 * The one cluster of a worker. A trial that ends well leaves its cluster to the next trial that asks for the same one:
 * booting is a third of what a trial costs. Topics, groups and clients belong to the trial. The next trial begins when
 * every broker sees every other broker.
 */
import pLimit from 'p-limit'
import type { Trial } from '../../model/plan.ts'

/** What decides which cluster a trial needs. */
export type ClusterRequest = Pick<Trial, 'id' | 'system' | 'cluster' | 'needs'>

interface Occupied<S> {
  started: S
  /** Equal for trials that can use the same cluster. */
  key: string
  /** Nodes have disks of their own; faults of disks are not undone. */
  hasDisks: boolean
  /** Trials that ran on the cluster, the latest last. */
  trials: string[]
}

export interface Taken<S> {
  started: S
  /** Trials that ran on the cluster before. */
  before: readonly string[]
}

/** Runs `start` once its turn has come. */
type BootQueue = <S>(start: () => Promise<S>) => Promise<S>

const noQueue: BootQueue = async start => start()

export class ClusterSlot<S extends { cluster: AsyncDisposable }> {
  #occupied: Occupied<S> | undefined
  readonly #queue: BootQueue

  /** `queue`: in which the slots of a run wait before their clusters boot. */
  constructor(queue: BootQueue = noQueue) {
    this.#queue = queue
  }

  /** The first waiting trial that can use the current cluster, else the first; undefined when none waits. */
  choose<T extends ClusterRequest>(waiting: readonly T[]): T | undefined {
    const occupied = this.#occupied
    return (occupied && waiting.find(trial => clusterKey(trial) === occupied.key)) ?? waiting[0]
  }

  /** Whether the current cluster is one that the trial can use. */
  fits(trial: ClusterRequest): boolean {
    return this.#occupied?.key === clusterKey(trial)
  }

  /** The current cluster where it fits, else a new one from `start`, after the current one has ended. */
  async take(trial: ClusterRequest, start: () => Promise<S>): Promise<Taken<S>> {
    const key = clusterKey(trial)
    const occupied = this.#occupied
    this.#occupied = undefined
    if (occupied?.key === key) {
      this.#occupied = { ...occupied, trials: [...occupied.trials, trial.id] }
      return { started: occupied.started, before: occupied.trials }
    }
    await occupied?.started.cluster[Symbol.asyncDispose]()
    const started = await this.#queue(start)
    this.#occupied = { started, key, hasDisks: hasDisks(trial), trials: [trial.id] }
    return { started, before: [] }
  }

  /**
   * Ends the cluster unless the next trial may use it. `intact`: the trial came to its end and everything recovered.
   */
  async leave(intact: boolean): Promise<void> {
    if (intact && this.#occupied?.hasDisks === false) return
    await this.end()
  }

  /** Leaves the cluster running for good. */
  keep(): void {
    this.#occupied = undefined
  }

  async end(): Promise<void> {
    const occupied = this.#occupied
    this.#occupied = undefined
    await occupied?.started.cluster[Symbol.asyncDispose]()
  }
}

/** Slots for `parallel` trials at once, of whose clusters at most `boots` boot at once; at least one of each. */
export function clusterSlots<S extends { cluster: AsyncDisposable }>({
  parallel,
  boots,
}: {
  parallel: number
  boots: number
}): ClusterSlot<S>[] {
  const queue = pLimit(Math.max(1, boots))
  return Array.from({ length: Math.max(1, parallel) }, () => new ClusterSlot<S>(queue))
}

function clusterKey(trial: ClusterRequest): string {
  return JSON.stringify([trial.system, trial.cluster, hasDisks(trial)])
}

/** Whether the trial needs a disk of its own for each broker. */
export function hasDisks({ needs }: Pick<Trial, 'needs'>): boolean {
  return needs.includes('loop-devices')
}
