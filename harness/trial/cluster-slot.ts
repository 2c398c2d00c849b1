/**
 * The one cluster that a worker has. A trial that went well leaves it to the next that asks for the same: booting is a third
 * of what a trial costs. Topics, groups and clients are the trial's own; it begins when every broker sees every other.
 */
import type { Trial } from '../../model/plan.ts'

/** What a trial asks of its cluster. */
export type Asking = Pick<Trial, 'id' | 'system' | 'cluster' | 'needs'>

interface Held<S> {
  started: S
  site: string
  /** Its nodes have disks of their own: what was done to those is not undone. */
  disks: boolean
  /** The trials that it has served, the last one last. */
  trials: string[]
}

export interface Taken<S> {
  started: S
  /** The trials before this one on the same cluster. */
  before: readonly string[]
}

export class ClusterSlot<S extends { cluster: AsyncDisposable }> {
  #held: Held<S> | undefined

  /** The waiting trial that this slot serves best: one that can go on with its cluster, else the first. */
  choose<T extends Asking>(waiting: readonly T[]): T | undefined {
    const held = this.#held
    return (held && waiting.find(trial => siteOf(trial) === held.site)) ?? waiting[0]
  }

  /** The cluster as the last trial left it, or a new one. */
  async take(trial: Asking, start: () => Promise<S>): Promise<Taken<S>> {
    const site = siteOf(trial)
    const held = this.#held
    this.#held = undefined
    if (held?.site === site) {
      this.#held = { ...held, trials: [...held.trials, trial.id] }
      return { started: held.started, before: held.trials }
    }
    await held?.started.cluster[Symbol.asyncDispose]()
    const started = await start()
    this.#held = { started, site, disks: hasDisks(trial), trials: [trial.id] }
    return { started, before: [] }
  }

  /** Ends the cluster, unless another trial may follow on it. `well`: the trial came to its end, and all that it broke is whole. */
  async leave(well: boolean): Promise<void> {
    if (well && this.#held?.disks === false) return
    await this.end()
  }

  /** Forgets the cluster without ending it. */
  keep(): void {
    this.#held = undefined
  }

  async end(): Promise<void> {
    const held = this.#held
    this.#held = undefined
    await held?.started.cluster[Symbol.asyncDispose]()
  }
}

/** Trials for which this is equal ask for the same cluster. */
function siteOf(trial: Asking): string {
  return JSON.stringify([trial.system, trial.cluster, hasDisks(trial)])
}

/** Whether the trial's cluster has disks of its own. */
export function hasDisks({ needs }: Pick<Trial, 'needs'>): boolean {
  return needs.includes('loop-devices')
}
