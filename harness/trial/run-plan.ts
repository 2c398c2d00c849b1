/**
 * Runs the trials of a plan: makes the run folder, starts the janitor, and runs trials in parallel. Judging comes
 * later, from the history.
 */
import { randomBytes } from 'node:crypto'
import { mkdir, readFile, rename, rm, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { ofRun, removeLabelled } from '../../docker/cleanup/cleanup.ts'
import type { Engine } from '../../docker/engine/engine.ts'
import { EngineEvents } from '../../docker/engine/events.ts'
import type { ImageReferences } from '../../docker/images/definition.ts'
import { Janitor } from '../../docker/cleanup/janitor.ts'
import { EventLog } from '../../history/appender.ts'
import { runPaths, trialPaths } from '../../history/folder.ts'
import { RunFile } from '../../history/run-file.ts'
import type { Plan, Trial } from '../../model/plan.ts'
import { trialSeconds } from '../plan/trial-seconds.ts'
import { tryId } from '../../history/tries.ts'
import type { StartedCluster } from '../../systems/shared/live-system.ts'
import type { ClusterSlot } from './cluster-slot.ts'
import { openTrials, planHash } from './resume.ts'
import { runTrial } from './run-trial.ts'
import { runOnSlots } from './worker-pool.ts'
import type { TrialError } from './worker-pool.ts'

export interface RunOptions {
  plan: Plan
  /** Folder in which the run folder is made. */
  results: string
  engine: Engine
  images: ImageReferences
  versions: Record<string, string>
  /** Trials at once. */
  parallel: number
  /** Clusters that boot at once. */
  boots: number
  /** Leave clusters running. */
  keep: boolean
  /** Start a new cluster for each trial. */
  fresh: boolean
  /** Reasons by trial id: these trials are not run. */
  skipped: ReadonlyMap<string, string>
  signal: AbortSignal
  /** The folder of a run that ended early: only its trials without a result are run, and `plan` is its plan. */
  resume?: string | undefined
  /** Called with the run folder once it is made, so that a failure does not hide what was run. */
  onFolder?: (folder: string) => void
  /**
   * Called when the history of a try of a trial is complete. `id`: of the try; `number`: from 1. Resolves with whether the
   * trial is run again.
   */
  onTryDone?: (id: string, trial: Trial, number: number) => Promise<boolean>
  /**
   * Called with the id of a trial that is not run again. May return the plan with more trials and cells: what it has so far
   * stays as it is.
   */
  onTrialDone?: (trial: string) => Plan | undefined
  progress: (trial: string, phase: string, text: string) => void
}

export interface ExecutedRun {
  /** The run folder. */
  folder: string
  /** Errors that only a bug can cause. The trials that they hit are recorded as failed, and the others have run. */
  errors: TrialError[]
}

/** Removes everything of the run from the engine at the end, also after a failure, unless `keep`. Throws when interrupted. */
export async function executePlan(options: RunOptions): Promise<ExecutedRun> {
  const { engine, signal } = options
  const { folder, file } = await (options.resume === undefined ? newRun(options) : resumedRun(options.resume))
  // The longest ones first, so that none of them runs alone at the end.
  const trials = openTrials(file).toSorted((a, b) => trialSeconds(b) - trialSeconds(a))
  const began = performance.now()
  const tookBefore = file.tookMs ?? 0
  const run = `${file.run}-${randomBytes(3).toString('hex')}`
  options.onFolder?.(folder)
  const janitor = new Janitor(run)
  let errors: TrialError[] = []
  try {
    await using events = await EngineEvents.watch(engine.docker, run)
    const runTry = async (trial: Trial, slot: ClusterSlot<StartedCluster>) => {
      await emptyFolder(trialPaths(folder, trial.id).folder)
      const started = new Date().toISOString()
      const phases = await runTrial({
        trial,
        folder,
        run,
        engine,
        events,
        janitor,
        signal,
        images: options.images,
        keep: options.keep,
        slot,
        progress: (phase, text) => options.progress(trial.id, phase, text),
      })
      return { phases, started }
    }
    let written = Promise.resolve()
    /** One after the other, because trials can end at the same time. */
    const write = async () => {
      written = written.then(async () => writeRunFile(folder, file))
      await written
    }
    const record = async (id: string, entry: RunFile['trials'][string]) => {
      file.trials[id] = entry
      file.tookMs = tookBefore + Math.round(performance.now() - began)
      await write()
    }
    errors = await runOnSlots<Trial, StartedCluster>(trials, options, async (trial, slot) => {
      signal.throwIfAborted()
      const reason = options.skipped.get(trial.id)
      if (reason !== undefined) {
        await emptyFolder(trialPaths(folder, trial.id).folder)
        recordSkipped(trialPaths(folder, trial.id).events, reason)
        return []
      }
      await record(trial.id, { ...(await runTry(trial, slot)), plan: planHash(file.plan, trial) })
      let number = 1
      const isRunAgain = async () => (await options.onTryDone?.(tryId(trial.id, number), trial, number)) === true
      while (await isRunAgain()) {
        number += 1
        // A new cluster, since the old one may be the reason.
        await slot.end()
        const id = tryId(trial.id, number)
        await record(id, { ...(await runTry({ ...trial, id }, slot)), again: trial.id })
      }
      const longer = options.onTrialDone?.(trial.id)
      if (longer === undefined) return []
      const more = longer.trials.slice(file.plan.trials.length)
      file.plan = longer
      await write()
      return more
    })
  } finally {
    if (!options.keep) await removeLabelled(engine.docker, ofRun(run))
    await janitor.dismiss()
  }
  return { folder, errors }
}

/** What an attempt that ended early has left is no part of the history. */
async function emptyFolder(path: string): Promise<void> {
  await rm(path, { recursive: true, force: true })
  await mkdir(path, { recursive: true })
}

interface OpenedRun {
  folder: string
  file: RunFile
}

async function newRun(options: RunOptions): Promise<OpenedRun> {
  const { plan, results } = options
  const name = `${timeStamp(new Date())}-${plan.name}-${plan.seed}`
  const folder = join(results, name)
  return { folder, file: await beginRun(folder, name, plan, options) }
}

/** Makes the folder of a run, with a run.json in which no trial has ended. */
export async function beginRun(
  folder: string,
  run: string,
  plan: Plan,
  { versions, images, engine }: Pick<RunOptions, 'versions' | 'images' | 'engine'>,
): Promise<RunFile> {
  const file: RunFile = {
    schema: 1,
    run,
    seed: plan.seed,
    started: new Date().toISOString(),
    plan,
    versions,
    images,
    capabilities: { engine: engine.version },
    trials: {},
  }
  await mkdir(folder, { recursive: true })
  await writeRunFile(folder, file)
  return file
}

async function resumedRun(folder: string): Promise<OpenedRun> {
  return { folder, file: RunFile.parse(JSON.parse(await readFile(runPaths(folder).runFile, 'utf8'))) }
}

function recordSkipped(events: string, reason: string): void {
  const log = new EventLog(events)
  log.write({ kind: 'trial-failed', why: `not run: ${reason}` })
  log.close()
}

/** Writes a temporary file and renames it, so that readers always see a complete file. */
export async function writeRunFile(folder: string, file: RunFile): Promise<void> {
  const path = runPaths(folder).runFile
  await writeFile(`${path}.part`, `${JSON.stringify(file, undefined, 2)}\n`)
  await rename(`${path}.part`, path)
}

/** `20261124-015300`, UTC, so that folders sort by time. */
export function timeStamp(date: Date): string {
  return date.toISOString().replaceAll(/[-:]/g, '').replace('T', '-').slice(0, 15)
}
