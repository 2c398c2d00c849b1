/** What every command that runs trials does: prepare the machine, run the trials, judge, report. */
import { ExitCode, LossproofError, messageOf } from '../../../model/errors.ts'
import type { Plan } from '../../../model/plan.ts'
import type { RunVerdict, VerdictWord } from '../../../model/verdict.ts'
import type { JudgedRun } from '../judging/check-folder.ts'
import { judgeRun } from '../judging/judge-run.ts'
import type { ExecuteArguments } from '../options/execute-options.ts'
import { prepareMachine } from '../prepare/prepare-machine.ts'
import { reportRun } from '../reporting/report-run.ts'
import { Progress } from '../terminal/progress.ts'
import { Interruption } from '../trials/interruption.ts'
import { runTrials } from '../trials/run-trials.ts'

export function exitCodeOf(verdict: VerdictWord): number {
  if (verdict === 'violated') return ExitCode.violated
  return verdict === 'held' ? ExitCode.held : ExitCode.inconclusive
}

/** What a command does its own way while its run goes on and at its end. */
export interface OwnSteps {
  /** Called with the run folder and the id of a trial whose history is complete. */
  trialDone?: (folder: string, trial: string, say: (line: string) => void) => void
  /** In place of the usual reports. */
  report?: (folder: string, judged: JudgedRun, say: (line: string) => void) => Promise<void>
  /** Whether an interrupted run is judged and reported as far as it went, before the command ends as interrupted. */
  reportInterrupted?: boolean
}

/**
 * Resolves with the verdict, printed and written beside the run's history. Throws LossproofError for what this machine
 * cannot do and when interrupted; the trials that ended before a failure are judged all the same.
 */
export async function execute(plan: Plan, args: ExecuteArguments, own: OwnSteps = {}): Promise<RunVerdict> {
  const started = performance.now()
  const progress = new Progress()
  const say = (line: string) => progress.say(line)
  for (const warning of plan.warnings ?? []) progress.say(`warning: ${warning}`)
  using interruption = new Interruption(line => progress.say(line))
  try {
    const machine = await prepareMachine(plan, args, progress, interruption.signal)
    const preparedMs = performance.now() - started
    const { folder, failure } = await runTrials(plan, machine, args, progress, interruption.signal, (made, trial) =>
      own.trialDone?.(made, trial, say),
    )
    progress.end()
    if (folder === undefined) throw failure
    if (interruption.signal.aborted && own.reportInterrupted !== true) throw keptIn(folder, failure)
    try {
      const judged = await judgeRun(folder)
      if (own.report === undefined) await reportRun(folder, judged, { json: args.json, baseline: args.baseline, say })
      else await own.report(folder, judged, say)
      if (failure !== undefined) throw failure
      const [bug] = judged.bugs
      if (bug !== undefined) throw bug
      process.stderr.write(timesInWords(performance.now() - started, preparedMs))
      return judged.verdict
    } catch (error) {
      throw keptIn(folder, failure ?? error)
    }
  } finally {
    progress.end()
  }
}

/** Adds the folder of the results so far to the error. Bugs are returned unchanged, with their stack. */
function keptIn(folder: string, error: unknown): unknown {
  if (!(error instanceof LossproofError)) return error
  const kept = `the results so far are kept: lossproof check ${folder}`
  return new LossproofError(error.code, messageOf(error), {
    cause: error,
    hint: error.hint === undefined ? kept : `${error.hint}; ${kept}`,
  })
}

const seconds = (ms: number) => Math.round(ms / 1000)
const timesInWords = (totalMs: number, preparedMs: number) =>
  `${seconds(totalMs)} s in all, of which ${seconds(preparedMs)} s went into the engine and its images\n`
