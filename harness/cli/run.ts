import type { CommandModule } from 'yargs'
import { execute, executeOptions, exitCodeOf } from './execute.ts'
import type { ExecuteArguments } from './execute.ts'
import { planFrom } from './plan.ts'
import { planOptions } from './plan-options.ts'
import type { PlanArguments } from './plan-options.ts'

type Arguments = PlanArguments & ExecuteArguments & { scenario: string[] }

export const runCommand: CommandModule<object, Arguments> = {
  command: 'run [scenario..]',
  describe: 'Run scenarios on real clusters and judge every cell',
  builder: yargs =>
    executeOptions(planOptions(yargs).positional('scenario', { type: 'string', array: true, default: ['quick'], describe: 'Files, or names below scenarios/' })),
  handler: async args => {
    // Everything wrong with the input is told before anything starts.
    const plan = planFrom(args.scenario, args)
    const verdict = await execute(plan, args)
    process.exitCode = exitCodeOf(verdict.verdict)
  },
}
