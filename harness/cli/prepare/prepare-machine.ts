/** The first step of a run: an engine that answers, the images, and what the machine cannot do. */
import { ofDeadOwner, removeLabelled, total } from '../../../docker/cleanup/cleanup.ts'
import type { Engine } from '../../../docker/engine/engine.ts'
import { ensureEngine, requireEngine } from '../../../docker/engine/install.ts'
import { ensureCompose } from '../../../docker/projects/compose-program.ts'
import type { ImageReferences } from '../../../docker/images/definition.ts'
import { ensureImages } from '../../../docker/images/ensure.ts'
import { helperImage } from '../../../docker/images/tools.ts'
import { messageOf } from '../../../model/errors.ts'
import type { Plan } from '../../../model/plan.ts'
import { plural } from '../../report/words/numbers.ts'
import type { ExecuteArguments } from '../options/execute-options.ts'
import type { ProgressLines } from '../terminal/progress.ts'
import { trialsThatCannotRun } from './capabilities.ts'
import { checkComposeFiles } from './compose-files.ts'
import { imageNames, ownImages, versionsOf, wantedImages } from './images.ts'
import { removeTopicsLeft, requireOwnership, startsProjects } from './own-clusters.ts'
import { usableResultsFolder } from './results-folder.ts'

export interface Machine {
  engine: Engine
  images: ImageReferences
  /** Of everything that the run uses, by name. */
  versions: Record<string, string>
  /** Absolute path; files can be written there. */
  results: string
  /** Reasons by trial id: these trials are not run. */
  skipped: ReadonlyMap<string, string>
}

/** A cluster of the user's own that is gone does not delay every run for long. */
const leftTopicsLimitMs = 2000

/** Lines of an image build that stay on the screen. */
const worthKeeping = /^(building|built|pulled|no registry|making|installing|importing|waiting)/

/**
 * `installs`: on a machine without a running engine, install and start one instead of failing. Throws LossproofError with
 * exit code 2 or 3 before anything of the run starts.
 */
export async function prepareMachine(
  plan: Plan,
  args: ExecuteArguments,
  progress: ProgressLines,
  signal: AbortSignal,
  { installs = true }: { installs?: boolean } = {},
): Promise<Machine> {
  requireOwnership(plan, args['i-own-this-cluster'] ?? false)
  checkComposeFiles(plan)
  const versions = versionsOf(plan)
  const own = ownImages(args.image, plan)
  const results = usableResultsFolder(args.results)
  const engine = await (installs ? ensureEngine(line => progress.say(line)) : requireEngine())
  if (startsProjects(plan)) await ensureCompose(line => progress.say(line), installs)
  await removeLeftovers(engine, progress)
  const images = await ensureImages(engine, wantedImages(plan), {
    own,
    signal,
    onProgress: (image, line) => progress.now(image, line, worthKeeping.test(line)),
  })
  for (const image of ['images', 'base', ...imageNames]) progress.done(image)
  const skipped = await trialsThatCannotRun(plan, engine, images[helperImage.name] ?? '', args['skip-missing'])
  return {
    engine,
    images,
    results,
    skipped,
    versions: { ...versions, engine: engine.version, node: process.versions.node },
  }
}

/** Removes what dead runs left on the engine. A failure is reported and does not stop the run. */
async function removeLeftovers(engine: Engine, progress: ProgressLines): Promise<void> {
  try {
    const { healed, ...removed } = await removeLabelled(engine.docker, ofDeadOwner)
    const things = total({ ...removed, healed: [] })
    if (healed.length > 0) progress.say(`healed what an earlier run had broken: ${healed.join(', ')}`)
    if (things > 0) progress.say(`removed what an earlier run left behind: ${plural(things, 'thing')}`)
    await removeTopicsLeft(engine.docker, ofDeadOwner, line => progress.say(line), leftTopicsLimitMs)
  } catch (error) {
    progress.say(`what an earlier run left behind could not be removed: ${messageOf(error)}`)
  }
}
