import type { CommandModule } from 'yargs'
import { annotations } from '../../report/formats/annotations.ts'
import { compareTerminal } from '../../report/compare/compare-text.ts'
import { againstBaseline, exitCodeOfComparison, readBaseline } from '../reporting/baseline.ts'
import { wantsColour } from '../terminal/colour.ts'
import { execute, exitCodeOf } from '../execute/execute.ts'
import { executeOptions } from '../options/execute-options.ts'
import type { ExecuteArguments } from '../options/execute-options.ts'
import { planFrom } from './plan.ts'
import { planOptions } from '../options/plan-options.ts'
import type { PlanArguments } from '../options/plan-options.ts'

type Arguments = PlanArguments & ExecuteArguments & { scenario: string[]; baseline: string | undefined }

export const runCommand: CommandModule<object, Arguments> = {
  command: 'run [scenario..]',
  describe: 'Run scenarios on real clusters and judge every cell',
  builder: yargs =>
    executeOptions(
      planOptions(yargs).positional('scenario', {
        type: 'string',
        array: true,
        default: ['quick'],
        describe: 'Files, names below scenarios/, or - for standard input',
      }),
    ).option('baseline', {
      type: 'string',
      requiresArg: true,
      describe: 'A file of known violations: only new ones fail (lossproof compare --update writes it)',
    }),
  handler: async args => {
    // Wrong input is refused before anything starts.
    const plan = planFrom(args.scenario, args)
    const baseline = args.baseline === undefined ? undefined : readBaseline(args.baseline)
    const verdict = await execute(plan, args)
    process.exitCode = exitCodeOf(verdict.verdict)
    if (args.baseline !== undefined && baseline !== undefined) {
      const comparison = againstBaseline(args.baseline, baseline, verdict)
      if (!args.json) process.stdout.write(`\n${compareTerminal(comparison, { colour: wantsColour() })}`)
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
