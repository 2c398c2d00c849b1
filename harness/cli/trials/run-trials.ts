/** The second step of a run: all trials of the plan. */
import type { Engine } from '../../../docker/engine/engine.ts'
import type { Plan, Trial } from '../../../model/plan.ts'
import { openTrials } from '../../trial/resume.ts'
import { executePlan } from '../../trial/run-plan.ts'
import { judgeTry } from '../judging/judge-try.ts'
import { readRunFile } from '../judging/run-file.ts'
import type { ExecuteArguments } from '../options/execute-options.ts'
import type { Machine } from '../prepare/prepare-machine.ts'
import type { ProgressLines } from '../terminal/progress.ts'
import { TrialProgress } from './trial-progress.ts'

const clusterBytes = 3 * 2 ** 30

export interface TrialsDone {
  /** The run folder; undefined when the run failed before it was made. */
  folder: string | undefined
  /** Why not all trials were run. Those that ended are in the folder. */
  failure: unknown
}

/**
 * Never throws, so that what was run can be judged. `onTrialDone` may return the plan with more trials and cells behind
 * those it has.
 */
export async function runTrials(
  given: Plan,
  { engine, images, versions, results, skipped }: Machine,
  args: ExecuteArguments,
  progress: ProgressLines,
  signal: AbortSignal,
  onTrialDone?: (folder: string, trial: string) => Plan | undefined,
): Promise<TrialsDone> {
  let folder: string | undefined
  let plan = given
  // Trials on one cluster of the user's own would meet each other's faults.
  const isShared = plan.trials.some(({ cluster }) => cluster.own !== undefined)
  const parallel = isShared ? 1 : (args.parallel ?? trialsAtOnce(engine))
  const said = new TrialProgress(trialsToRun(plan, args, skipped), parallel, progress)
  const mostTries = 1 + (args['retry-inconclusive'] ?? 0)
  try {
    const { errors } = await executePlan({
      plan,
      engine,
      images,
      versions,
      results,
      skipped,
      signal,
      parallel,
      boots: bootsAtOnce(engine),
      keep: args.keep,
      resume: args.resume,
      fresh: args['fresh-clusters'],
      onFolder: made => {
        folder = made
      },
      onTryDone: async (id, trial, number) => {
        progress.done(id)
        // A command that says by itself what a trial showed judges it by itself.
        if (folder === undefined || (onTrialDone !== undefined && mostTries === 1)) return false
        const verdicts = await judgeTry(folder, plan, trial, id)
        said.tryDone(trial, verdicts)
        const inconclusive = verdicts.filter(({ verdict }) => verdict === 'inconclusive')
        if (inconclusive.length === 0 || number >= mostTries) return false
        said.again(trial, number + 1, mostTries, inconclusive)
        return true
      },
      onTrialDone: trial => {
        said.trialDone(trial)
        const longer = folder === undefined ? undefined : onTrialDone?.(folder, trial)
        if (longer === undefined) return undefined
        said.more(longer.trials.slice(plan.trials.length))
        plan = longer
        return plan
      },
      progress: (trial, phase, text) => progress.now(trial, text === '' ? phase : text, true),
    })
    // A bug in one trial does not keep the others from being judged, and still ends the command with exit code 1.
    return { folder, failure: errors[0]?.error }
  } catch (error) {
    return { folder, failure: error ?? new Error('the trials failed without an error') }
  }
}

function trialsToRun(plan: Plan, { resume }: ExecuteArguments, skipped: ReadonlyMap<string, string>): Trial[] {
  const open = resume === undefined ? plan.trials : openTrials({ ...readRunFile(resume), plan })
  return open.filter(({ id }) => !skipped.has(id))
}

/** A trial mostly waits: for an election, a session that ends, messages that are sent. More than three were not measured. */
export function trialsAtOnce({ cpus, memoryBytes }: Engine): number {
  return Math.max(1, Math.min(3, cpus < 2 ? 1 : cpus + 1, Math.floor(memoryBytes / clusterBytes)))
}

/** A cluster that boots uses more than one core, and slows the trials beside it down. */
export function bootsAtOnce({ cpus }: Pick<Engine, 'cpus'>): number {
  return Math.max(1, Math.floor(cpus / 2))
}
