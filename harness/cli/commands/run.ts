import { LossproofError } from '../../../model/errors.ts'
import type { Plan } from '../../../model/plan.ts'
import { annotations } from '../../report/formats/annotations.ts'
import { compareTerminal } from '../../report/compare/compare-text.ts'
import { againstBaseline, exitCodeOfComparison, readBaseline } from '../reporting/baseline.ts'
import { wantsColour } from '../terminal/colour.ts'
import { outputWidth } from '../terminal/width.ts'
import { openTrials } from '../../trial/resume.ts'
import { exitCodeOf } from '../execute/exit-code.ts'
import { readRunFile } from '../judging/run-file.ts'
import { artifactUrl, executeOptions, retryInconclusive } from '../options/execute-options.ts'
import type { ExecuteArguments } from '../options/execute-options.ts'
import { planFrom } from './plan.ts'
import { planOptions } from '../options/plan-options.ts'
import type { PlanArguments } from '../options/plan-options.ts'
import type { Command } from '../help/command.ts'

type Arguments = PlanArguments &
  ExecuteArguments & { scenario: string[]; baseline: string | undefined; resume: string | undefined }

const usualScenarios = ['quick']

export const runCommand: Command<Arguments> = {
  builder: yargs =>
    executeOptions(
      planOptions(yargs).positional('scenario', {
        type: 'string',
        array: true,
        default: usualScenarios,
        describe: 'Files, names below scenarios/, or - for standard input',
      }),
    )
      .option('baseline', {
        type: 'string',
        requiresArg: true,
        describe: 'A file of known violations: only new ones fail (lossproof compare --update writes it)',
      })
      .option('retry-inconclusive', retryInconclusive)
      .option('artifact-url', artifactUrl)
      .option('resume', {
        type: 'string',
        requiresArg: true,
        describe: 'Go on with a run that ended early, from its folder: only trials without a result are run',
      }),
  handler: async args => {
    // Wrong input is refused before anything starts.
    const plan = args.resume === undefined ? planFrom(args.scenario, args) : resumedPlan(args.resume, args)
    const baseline = args.baseline === undefined ? undefined : readBaseline(args.baseline)
    // Loaded late: the Docker side takes longest to load, and wrong input and --help do not need it.
    const { execute } = await import('../execute/execute.ts')
    const verdict = await execute(plan, args)
    process.exitCode = exitCodeOf(verdict.verdict)
    if (args.baseline !== undefined && baseline !== undefined) {
      const comparison = againstBaseline(args.baseline, baseline, verdict)
      if (!args.json)
        process.stdout.write(`\n${compareTerminal(comparison, { colour: wantsColour(), width: outputWidth() })}`)
      process.exitCode = exitCodeOfComparison(comparison)
    }
    if (process.env['GITHUB_ACTIONS'] === 'true')
      process.stderr.write(
        annotations(verdict, baseline)
          .map(line => `${line}\n`)
          .join(''),
      )
  },
}

/** The plan of the run itself, so that a scenario that has changed since then does not matter. */
function resumedPlan(folder: string, { scenario, set, only, seed, shard }: Arguments): Plan {
  const { plan, ...file } = readRunFile(folder)
  const others = [
    ...(scenario.join() === usualScenarios.join() ? [] : ['scenarios']),
    ...(set.length === 0 ? [] : ['--set']),
    ...(only === undefined ? [] : ['--only']),
    ...(seed === undefined ? [] : ['--seed']),
    ...(shard === undefined ? [] : ['--shard']),
  ]
  if (others.length > 0)
    throw new LossproofError('usage', `--resume takes the plan of that run: leave ${others.join(', ')} out`)
  openTrials({ ...file, plan })
  return plan
}
