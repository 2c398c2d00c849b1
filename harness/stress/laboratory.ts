/** Where trials run. Everything else in this folder is pure; tests give a laboratory of their own. */
import type { TrialEvent } from '../../history/events.ts'
import type { Plan } from '../../model/plan.ts'
import type { CellVerdict } from '../../model/verdict.ts'
import type { Held } from './learn/features.ts'

/** What a trial left. */
export interface Observed {
  /** In the order of the lanes. */
  cells: readonly CellVerdict[]
  events: readonly TrialEvent[]
  held: readonly Held[]
  /** Errors of Lossproof itself. */
  bugs: readonly unknown[]
  seconds: number
  /** The run folder, relative to the folder of the stress. */
  run: string
}

export interface Laboratory {
  /**
   * Runs a plan of one trial and judges it. Several can run at once. Throws when interrupted, and when the machine can run
   * no more trials.
   */
  run(plan: Plan): Promise<Observed>
  /** Seconds since the beginning of the stress, over all its sessions. */
  now(): number
}
