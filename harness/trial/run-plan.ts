/** Executes a plan: run folder, janitor, images' names, trials side by side. What it leaves is history; the verdict is computed from that. */
import { randomBytes } from 'node:crypto'
import { mkdir, rename, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { ofRun, removeLabelled } from '../../docker/cleanup/cleanup.ts'
import type { Engine } from '../../docker/engine/engine.ts'
import { EngineEvents } from '../../docker/engine/events.ts'
import type { ImageReferences } from '../../docker/images/definition.ts'
import { Janitor } from '../../docker/cleanup/janitor.ts'
import { EventLog } from '../../history/appender.ts'
import { runPaths, trialPaths } from '../../history/folder.ts'
import type { RunFile } from '../../history/run-file.ts'
import type { Plan, Trial } from '../../model/plan.ts'
import { ClusterSlot } from './cluster-slot.ts'
import type { Started } from '../../systems/shared/live-system.ts'
import { runTrial } from './run-trial.ts'

export interface RunOptions {
  plan: Plan
  /** Folder in which the run's own folder is made. */
  results: string
  engine: Engine
  images: ImageReferences
  versions: Record<string, string>
  /** Trials at once. */
  parallel: number
  keep: boolean
  /** A cluster of its own for each trial. */
  fresh: boolean
  /** Trials that are not run, and why. */
  skipped: ReadonlyMap<string, string>
  signal: AbortSignal
  progress: (trial: string, phase: string, text: string) => void
}

/** Resolves with the run's folder. Whatever happens, nothing of the run is left on the engine afterwards unless `keep`. */
export async function executePlan(options: RunOptions): Promise<string> {
  const { plan, engine, signal } = options
  const name = `${timeStamp(new Date())}-${plan.name}-${plan.seed}`
  const folder = join(options.results, name)
  const run = `${name}-${randomBytes(3).toString('hex')}`
  await mkdir(folder, { recursive: true })
  const file: RunFile = {
    schema: 1,
    run: name,
    seed: plan.seed,
    plan,
    versions: options.versions,
    images: options.images,
    capabilities: { engine: engine.version },
    trials: {},
  }
  await writeRunFile(folder, file)
  const janitor = new Janitor(run)
  try {
    await using events = await EngineEvents.watch(engine.docker, run)
    await inTurn(plan.trials, options, async (trial, slot) => {
      signal.throwIfAborted()
      const paths = trialPaths(folder, trial.id)
      await mkdir(paths.folder, { recursive: true })
      const why = options.skipped.get(trial.id)
      if (why !== undefined) return tellSkipped(paths.events, why)
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
      file.trials[trial.id] = { phases }
      await writeRunFile(folder, file)
    })
  } finally {
    if (!options.keep) await removeLabelled(engine.docker, ofRun(run))
    await janitor.dismiss()
  }
  return folder
}

/** A trial that was not run says so, and why. */
function tellSkipped(events: string, why: string): void {
  const log = new EventLog(events)
  log.write({ kind: 'trial-failed', why: `not run: ${why}` })
  log.close()
}

/** Written aside and renamed, so that a reader never meets half a file. */
async function writeRunFile(folder: string, file: RunFile): Promise<void> {
  const path = runPaths(folder).runFile
  await writeFile(`${path}.part`, `${JSON.stringify(file, undefined, 2)}\n`)
  await rename(`${path}.part`, path)
}

/** At most `parallel` at once, each on the cluster of its worker; after the first failure nothing new begins, and what is under way is awaited. */
async function inTurn(
  trials: Trial[],
  { parallel, fresh }: RunOptions,
  run: (trial: Trial, slot: ClusterSlot<Started>) => Promise<void>,
): Promise<void> {
  const waiting = [...trials]
  const failures: unknown[] = []
  const worker = async () => {
    const slot = new ClusterSlot<Started>()
    try {
      for (
        let trial = slot.choose(waiting);
        trial !== undefined && failures.length === 0;
        trial = slot.choose(waiting)
      ) {
        waiting.splice(waiting.indexOf(trial), 1)
        await run(trial, slot)
        if (fresh) await slot.end()
      }
    } catch (error) {
      failures.push(error)
    } finally {
      await slot.end()
    }
  }
  await Promise.all(Array.from({ length: Math.max(1, parallel) }, worker))
  if (failures.length > 0) throw failures[0]
}

/** `20261124-015300`, local to UTC so that folders sort. */
function timeStamp(date: Date): string {
  return date.toISOString().replaceAll(/[-:]/g, '').replace('T', '-').slice(0, 15)
}
