/** Carries a plan out on this machine: engine, images, trials, verdict, reports. What every command that runs trials does. */
import { mkdirSync, rmSync, writeFileSync } from 'node:fs'
import { resolve } from 'node:path'
import type { Argv } from 'yargs'
import { probe, probed } from '../../../docker/engine/capabilities.ts'
import { ofDeadOwner, removeLabelled, total } from '../../../docker/cleanup/cleanup.ts'
import type { Engine } from '../../../docker/engine/engine.ts'
import type { ImageDefinition } from '../../../docker/images/definition.ts'
import { ensureImages } from '../../../docker/images/ensure.ts'
import { helperImage, toolImages, toolVersions, toxiproxyImage } from '../../../docker/images/tools.ts'
import { ensureEngine } from '../../../docker/engine/install.ts'
import { faults } from '../../../faults/index.ts'
import type { RunVerdict, VerdictWord } from '../../../model/verdict.ts'
import { ExitCode, LossproofError, messageOf } from '../../../model/errors.ts'
import { runPaths, trialPaths } from '../../../history/folder.ts'
import { missingClient } from '../../../workloads/clients/index.ts'
import type { Plan, Trial } from '../../../model/plan.ts'
import { systemFacts, systems } from '../../../systems/index.ts'
import { terminal } from '../../report/terminal/terminal.ts'
import { executePlan } from '../../trial/run-plan.ts'
import { checkRunFolder, readRunFile } from '../judging/check-folder.ts'
import { wholeNumber } from '../options/values.ts'
import { wantsColour } from '../terminal/colour.ts'
import { Progress } from '../terminal/progress.ts'
import { writeReports } from '../reporting/report-files.ts'
import type { ReportOptions } from '../reporting/report-files.ts'

export interface ExecuteArguments {
  results: string
  parallel: number | undefined
  keep: boolean
  'fresh-clusters': boolean
  'skip-missing': boolean
  image: string[]
  json: boolean
  /** A file of known violations, for the reports. */
  baseline?: string | undefined
}

/** Options of every command that runs trials. */
export function executeOptions<T>(yargs: Argv<T>) {
  return yargs
    .option('results', {
      type: 'string',
      requiresArg: true,
      default: 'results',
      describe: "Folder in which the run's own folder is made",
    })
    .option('parallel', {
      type: 'string',
      requiresArg: true,
      describe: 'Trials (clusters) at once (default: 2 on two cores with 6 GiB, else 1)',
      coerce: wholeNumber('parallel', 1),
    })
    .option('fresh-clusters', {
      type: 'boolean',
      default: false,
      describe:
        'Start a new cluster for each trial; without it, trials that need the same cluster can use it one after the other',
    })
    .option('keep', {
      type: 'boolean',
      default: false,
      describe: 'Leave the clusters running; lossproof clean removes them',
    })
    .option('skip-missing', {
      type: 'boolean',
      default: false,
      describe: 'Run what this machine can run; cells that need more are inconclusive',
    })
    .option('image', {
      type: 'string',
      array: true,
      requiresArg: true,
      default: [] as string[],
      describe: 'An image of your own: kafka=registry/name:tag, rocketmq=…',
    })
}

export function exitCodeOf(verdict: VerdictWord): number {
  if (verdict === 'violated') return ExitCode.violated
  return verdict === 'held' ? ExitCode.held : ExitCode.inconclusive
}

/** Resolves with the verdict, printed and written beside the run's history. Throws LossproofError for what this machine cannot do, and when interrupted. */
export async function execute(plan: Plan, args: ExecuteArguments): Promise<RunVerdict> {
  const started = performance.now()
  const progress = new Progress()
  const interrupted = new AbortController()
  const interrupt = (signal: NodeJS.Signals) => {
    // A second one ends the process at once; the janitor cleans up behind it.
    if (interrupted.signal.aborted) process.exit(ExitCode.interrupted)
    progress.say(`${signal}: cleaning up`)
    interrupted.abort(new LossproofError('interrupted', 'interrupted; everything that was started is removed'))
  }
  process.on('SIGINT', interrupt).on('SIGTERM', interrupt)
  try {
    const engine = await ensureEngine(line => progress.say(line))
    await removeLeftovers(engine, progress)
    const versions = { ...pinnedVersions(), ...versionsOf(plan) }
    const images = await ensureImages(engine, wantedImages(plan), {
      own: ownImages(args.image),
      signal: interrupted.signal,
      onProgress: (image, line) =>
        progress.now(
          image,
          line,
          /^(building|built|pulled|no registry|making|installing|importing|waiting)/.test(line),
        ),
    })
    for (const image of ['images', 'base', ...imageNames]) progress.done(image)
    const skipped = await unableTrials(plan, engine, images[helperImage.name] ?? '', args['skip-missing'])
    const preparedMs = performance.now() - started
    const folder = await executePlan({
      plan,
      engine,
      images,
      skipped,
      results: resolve(args.results),
      versions: { ...versions, engine: engine.version, node: process.versions.node },
      parallel: args.parallel ?? parallelOn(engine),
      keep: args.keep,
      fresh: args['fresh-clusters'],
      signal: interrupted.signal,
      progress: (trial, phase, text) => progress.now(trial, text === '' ? phase : text, true),
    })
    progress.end()
    const verdict = await conclude(folder, { baseline: args.baseline, say: line => progress.say(line) })
    const times = readRunFile(folder).trials
    process.stdout.write(
      args.json ? ndjson(verdict) : terminal(verdict, { colour: wantsColour(), folder, phases: phasesOf(times) }),
    )
    process.stderr.write(
      `${seconds(performance.now() - started)} s in all, ${seconds(preparedMs)} s of them for the engine and its images\n`,
    )
    return verdict
  } finally {
    progress.end()
    process.off('SIGINT', interrupt).off('SIGTERM', interrupt)
  }
}

/** What cannot be removed is somebody's to look at, and no reason not to run. */
async function removeLeftovers(engine: Engine, progress: Progress): Promise<void> {
  try {
    const removed = total(await removeLabelled(engine.docker, ofDeadOwner))
    if (removed > 0) progress.say(`removed ${removed} things that an earlier run left behind`)
  } catch (error) {
    progress.say(`an earlier run left something behind that could not be removed: ${messageOf(error)}`)
  }
}

/** Judges the run from its files and writes the reports beside them; logs of trials that held are dropped, and extracts of those that lost nothing. */
async function conclude(folder: string, options: ReportOptions): Promise<RunVerdict> {
  const verdict = await checkRunFolder(folder)
  const paths = runPaths(folder)
  mkdirSync(folder, { recursive: true })
  writeFileSync(paths.verdict, `${JSON.stringify(verdict, undefined, 2)}\n`)
  await writeReports(folder, verdict, options)
  for (const trial of new Set(verdict.cells.map(cell => cell.trial))) {
    const cells = verdict.cells.filter(cell => cell.trial === trial)
    if (cells.every(cell => cell.lost.length === 0))
      rmSync(trialPaths(folder, trial).replicas, { recursive: true, force: true })
    const held = cells.every(cell => cell.verdict === 'held')
    if (!held) continue
    for (const part of ['logs', 'stores'] as const)
      rmSync(trialPaths(folder, trial)[part], { recursive: true, force: true })
  }
  return verdict
}

/** A cluster boots on one core while another waits for a failover. */
function parallelOn({ cpus, memoryBytes }: Engine): number {
  return cpus >= 2 && memoryBytes >= 6 * 2 ** 30 ? 2 : 1
}

/** Names that `--image` takes. */
const imageNames: readonly string[] = [...systems.flatMap(({ images }) => images.definitions), ...toolImages].map(
  ({ name }) => name,
)

function ownImages(given: string[]): Record<string, string> {
  const own: Record<string, string> = {}
  for (const text of given) {
    const at = text.indexOf('=')
    const name = imageNames.find(known => known === text.slice(0, at))
    if (name === undefined || text.slice(at + 1) === '')
      throw new LossproofError(
        'usage',
        `--image ${text}: expected one of ${imageNames.map(known => `${known}=`).join(', ')} and an image`,
      )
    own[name] = text.slice(at + 1)
  }
  return own
}

const neededOf = (plan: Plan) => probed.filter(need => plan.trials.some(trial => trial.needs.includes(need)))

/** The images of the plan's systems, each once, and those of the tools. */
function wantedImages(plan: Plan): ImageDefinition[] {
  const ofSystems = new Map(plan.trials.map(imageOf).map(image => [image.name, image]))
  return [...ofSystems.values(), toxiproxyImage, ...(neededOf(plan).length > 0 ? [helperImage] : [])]
}

const imageOf = ({ system, cluster }: Trial): ImageDefinition => systemFacts(system).images.imageFor(cluster.version)

const pinnedVersions = (): Record<string, string> => ({
  ...toolVersions,
  ...Object.assign({}, ...systems.map(({ images }) => images.pinnedVersions)),
})

/**
 * Trials that this machine cannot run, and why, by trial id. Without `skip` it is an error, told before any cluster starts.
 */
async function unableTrials(plan: Plan, engine: Engine, helper: string, skip: boolean): Promise<Map<string, string>> {
  const reasons = new Map<string, string[]>()
  const cannot = (error: LossproofError, concerned: (trial: Trial) => boolean) => {
    if (!skip)
      throw new LossproofError('capability-missing', error.message, {
        hint: [error.hint, '--skip-missing runs the rest'].filter(Boolean).join('; '),
      })
    for (const trial of plan.trials.filter(concerned))
      reasons.set(trial.id, [...(reasons.get(trial.id) ?? []), [error.message, error.hint].filter(Boolean).join('; ')])
  }
  for (const need of neededOf(plan)) {
    const { ok, seen } = await probe(engine, helper, need)
    if (ok) continue
    const wanting = faults.filter(fault => fault.needs.includes(need)).map(fault => fault.id)
    cannot(
      new LossproofError(
        'capability-missing',
        `this machine has no ${need}, which ${wanting.join(', ')} need: ${seen}`,
      ),
      trial => trial.needs.includes(need),
    )
  }
  const usersOf = (client: string) => (trial: Trial) =>
    trial.lanes.some(lane => lane.producer.client === client || lane.consumer?.client === client)
  for (const client of new Set(plan.trials.flatMap(trial => trial.lanes.map(lane => lane.producer.client)))) {
    const missing = await missingClient(client)
    if (missing) cannot(missing, usersOf(client))
  }
  return new Map([...reasons].map(([trial, why]) => [trial, why.join('; ')]))
}

/** The version of each system's image that the plan's trials ask for, by the image's name. */
function versionsOf(plan: Plan): Record<string, string> {
  const asked = Map.groupBy(plan.trials.map(imageOf), ({ name }) => name)
  return Object.fromEntries(
    [...asked].map(([image, wanted]) => {
      const versions = [...new Set(wanted.map(({ version }) => version))]
      if (versions.length > 1)
        throw new LossproofError(
          'usage',
          `one run takes one version of ${image}; these scenarios ask for ${versions.join(' and ')}`,
          { hint: 'run the scenarios of each version in a run of their own' },
        )
      return [image, versions[0] ?? '']
    }),
  )
}

function ndjson(verdict: RunVerdict): string {
  const { cells, ...run } = verdict
  return [...cells.map(cell => ({ kind: 'cell', ...cell })), { kind: 'run', ...run }]
    .map(line => `${JSON.stringify(line)}\n`)
    .join('')
}

const seconds = (ms: number) => Math.round(ms / 1000)

function phasesOf(trials: Record<string, { phases: Record<string, number> }>): Record<string, Record<string, number>> {
  return Object.fromEntries(Object.entries(trials).map(([id, { phases }]) => [id, phases]))
}
