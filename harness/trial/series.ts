/**
 * Runs trials that are planned while others run, as a stress does. Each plan has a run folder of its own; the clusters are
 * shared where the next trial can use one that is left.
 */
import { randomBytes } from 'node:crypto'
import { mkdir } from 'node:fs/promises'
import pLimit from 'p-limit'
import { ofRun, removeLabelled } from '../../docker/cleanup/cleanup.ts'
import { Janitor } from '../../docker/cleanup/janitor.ts'
import { EngineEvents } from '../../docker/engine/events.ts'
import { trialPaths } from '../../history/folder.ts'
import type { Plan, Trial } from '../../model/plan.ts'
import type { StartedCluster } from '../../systems/shared/live-system.ts'
import { clusterSlots } from './cluster-slot.ts'
import type { ClusterSlot } from './cluster-slot.ts'
import { beginRun, writeRunFile } from './run-plan.ts'
import type { RunOptions } from './run-plan.ts'
import { runTrial } from './run-trial.ts'

export interface SeriesOptions extends Pick<
  RunOptions,
  'engine' | 'images' | 'versions' | 'keep' | 'signal' | 'progress'
> {
  /** Name of the whole, for the labels of everything that is started. */
  name: string
  /** Trials at once; at least one runs. */
  parallel: number
  /** Clusters that boot at once; at least one does. */
  boots: number
}

export interface SeriesRun {
  /** Errors that only a bug can cause. The trials that they hit are recorded as failed. */
  errors: unknown[]
}

export class TrialSeries implements AsyncDisposable {
  readonly #options: SeriesOptions
  readonly #run: string
  readonly #janitor: Janitor
  readonly #events: EngineEvents
  readonly #free: ClusterSlot<StartedCluster>[]
  readonly #slots: readonly ClusterSlot<StartedCluster>[]
  readonly #pool: ReturnType<typeof pLimit>

  private constructor(options: SeriesOptions, run: string, janitor: Janitor, events: EngineEvents) {
    this.#options = options
    this.#run = run
    this.#janitor = janitor
    this.#events = events
    this.#slots = clusterSlots<StartedCluster>(options)
    this.#free = [...this.#slots]
    this.#pool = pLimit(this.#slots.length)
  }

  static async open(options: SeriesOptions): Promise<TrialSeries> {
    const run = `${options.name}-${randomBytes(3).toString('hex')}`
    const janitor = new Janitor(run)
    return new TrialSeries(options, run, janitor, await EngineEvents.watch(options.engine.docker, run))
  }

  /**
   * Runs all trials of the plan, and leaves a run folder as `lossproof run` does. Waits while as many trials run as may run
   * at once. Throws the signal's reason when it is aborted.
   */
  async run(plan: Plan, folder: string): Promise<SeriesRun> {
    const { signal } = this.#options
    signal.throwIfAborted()
    const file = await beginRun(folder, plan.name, plan, this.#options)
    const errors: unknown[] = []
    const outcomes = await Promise.allSettled(
      plan.trials.map(async trial =>
        this.#pool(async () => {
          const phases = await this.#runOnSlot(trial, folder)
          file.trials[trial.id] = { phases }
          await writeRunFile(folder, file)
        }),
      ),
    )
    for (const outcome of outcomes) if (outcome.status === 'rejected') errors.push(outcome.reason)
    signal.throwIfAborted()
    return { errors }
  }

  async #runOnSlot(trial: Trial, folder: string): Promise<Record<string, number>> {
    const { signal, engine, images, keep, progress } = this.#options
    signal.throwIfAborted()
    const at = this.#free.findIndex(slot => slot.fits(trial))
    const [slot] = this.#free.splice(Math.max(0, at), 1)
    if (!slot) throw new Error('more trials run than there are slots')
    try {
      await mkdir(trialPaths(folder, trial.id).folder, { recursive: true })
      return await runTrial({
        trial,
        folder,
        run: this.#run,
        engine,
        events: this.#events,
        janitor: this.#janitor,
        signal,
        images,
        keep,
        slot,
        progress: (phase, text) => progress(trial.id, phase, text),
      })
    } catch (error) {
      await slot.end()
      throw error
    } finally {
      this.#free.push(slot)
    }
  }

  /** Ends the clusters and removes everything that was started, unless the clusters are kept. */
  async [Symbol.asyncDispose](): Promise<void> {
    const { engine, keep } = this.#options
    try {
      await Promise.allSettled(this.#slots.map(async slot => slot.end()))
      await this.#events[Symbol.asyncDispose]()
      if (!keep) await removeLabelled(engine.docker, ofRun(this.#run))
    } finally {
      await this.#janitor.dismiss()
    }
  }
}
