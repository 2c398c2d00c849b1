/** What every command that runs trials does: prepare the machine, run the trials, judge, report. */
import { LossproofError, messageOf } from '../../../model/errors.ts'
import type { Plan } from '../../../model/plan.ts'
import type { RunVerdict } from '../../../model/verdict.ts'
import type { JudgedRun } from '../judging/check-folder.ts'
import { judgeRun } from '../judging/judge-run.ts'
import type { ExecuteArguments } from '../options/execute-options.ts'
import { prepareMachine } from '../prepare/prepare-machine.ts'
import { withWholePaths } from '../prepare/own-clusters.ts'
import { reportRun } from '../reporting/report-run.ts'
import { Progress } from '../terminal/progress.ts'
import type { ProgressLines } from '../terminal/progress.ts'
import { Interruption } from '../trials/interruption.ts'
import { runTrials } from '../trials/run-trials.ts'

/** What a command does its own way while its run goes on and at its end. */
export interface OwnSteps {
  /**
   * Called with the run folder and the id of a trial whose history is complete. May return the plan with more trials and
   * cells behind those it has; they are run as well.
   */
  trialDone?: (folder: string, trial: string, say: (line: string) => void) => Plan | undefined
  /** In place of the usual reports. */
  report?: (folder: string, judged: JudgedRun, say: (line: string) => void) => Promise<void>
  /** Whether an interrupted run is judged and reported as far as it went, before the command ends as interrupted. */
  reportInterrupted?: boolean
}

/** What a run tells while it goes on, and what may end it. */
export interface Surroundings {
  progress: ProgressLines
  /** Aborted with a LossproofError('interrupted'). */
  signal: AbortSignal
  /** On a machine without a running engine: install and start one, instead of failing. */
  installs: boolean
}

/** What carries out a plan: `execute`, or `carryOut` with surroundings of its own. */
export type Executor = (plan: Plan, own: OwnSteps) => Promise<RunVerdict>

/**
 * For commands: resolves with the verdict, printed and written beside the run's history. Throws LossproofError for what this
 * machine cannot do and when interrupted; the trials that ended before a failure are judged all the same.
 */
export async function execute(plan: Plan, args: ExecuteArguments, own: OwnSteps = {}): Promise<RunVerdict> {
  const started = performance.now()
  const progress = new Progress()
  using interruption = new Interruption(line => progress.say(line))
  const report: NonNullable<OwnSteps['report']> = async (folder, judged, say) => {
    progress.end()
    if (own.report !== undefined) return own.report(folder, judged, say)
    const { json, baseline, 'artifact-url': artifactUrl } = args
    await reportRun(folder, judged, { json, baseline, artifactUrl, say })
  }
  const surroundings = { progress, signal: interruption.signal, installs: true }
  try {
    const { verdict, preparedMs } = await carryOut(plan, args, surroundings, { ...own, report })
    process.stderr.write(timesInWords(performance.now() - started, preparedMs))
    return verdict
  } finally {
    progress.end()
  }
}

/**
 * Runs and judges a plan; prints nothing. `own.report` writes the reports. Throws as `execute` does; `preparedMs` is the time
 * that the engine and its images took.
 */
export async function carryOut(
  given: Plan,
  args: ExecuteArguments,
  { progress, signal, installs }: Surroundings,
  own: OwnSteps & Required<Pick<OwnSteps, 'report'>>,
): Promise<{ verdict: RunVerdict; preparedMs: number }> {
  const started = performance.now()
  const plan = withWholePaths(given)
  const say = (line: string) => progress.say(line)
  for (const warning of plan.warnings ?? []) say(`warning: ${warning}`)
  const machine = await prepareMachine(plan, args, progress, signal, { installs })
  const preparedMs = performance.now() - started
  const { trialDone } = own
  const { folder, failure } = await runTrials(
    plan,
    machine,
    args,
    progress,
    signal,
    trialDone && ((made, trial) => trialDone(made, trial, say)),
  )
  if (folder === undefined) throw failure
  if (signal.aborted && own.reportInterrupted !== true) throw keptIn(folder, failure)
  try {
    const judged = await judgeRun(folder)
    await own.report(folder, judged, say)
    if (failure !== undefined) throw failure
    const [bug] = judged.bugs
    if (bug !== undefined) throw bug
    return { verdict: judged.verdict, preparedMs }
  } catch (error) {
    throw keptIn(folder, failure ?? error)
  }
}

/** Adds the folder of the results so far to the error. Bugs are returned unchanged, with their stack. */
function keptIn(folder: string, error: unknown): unknown {
  if (!(error instanceof LossproofError)) return error
  const kept = `the results so far are kept: lossproof check ${folder}`
  return new LossproofError(error.code, messageOf(error), {
    cause: error,
    place: error.place,
    hint: error.hint === undefined ? kept : `${error.hint}; ${kept}`,
  })
}

const seconds = (ms: number) => Math.round(ms / 1000)
const timesInWords = (totalMs: number, preparedMs: number) =>
  `${seconds(totalMs)} s in all, of which ${seconds(preparedMs)} s went into the engine and its images\n`
