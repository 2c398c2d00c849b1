import { z } from 'zod'
import { makePlan } from '../../plan/plan.ts'
import { Scenario } from '../../plan/scenario/schema.ts'
import type { ScenarioSource } from '../../plan/scenario/source.ts'
import { parseShard, shardOf } from '../../plan/shard.ts'
import type { Plan } from '../../../model/plan.ts'
import { defaultVersions } from '../../../systems/index.ts'
import { describePlan } from '../../report/terminal/plan.ts'
import { parseSets, planOptions } from '../options/plan-options.ts'
import type { PlanArguments } from '../options/plan-options.ts'
import { loadScenarios, nameOf } from '../options/scenarios.ts'
import { outputWidth } from '../terminal/width.ts'
import type { Command } from '../help/command.ts'

/** The plan for the scenarios and options of a command. */
export const planFrom = (words: string[], args: PlanArguments): Plan =>
  planOf(nameOf(words), loadScenarios(words), args)

/** The same for scenarios that are read already. `name`: of the run. */
export function planOf(name: string, sources: ScenarioSource[], args: PlanArguments): Plan {
  const shard = args.shard === undefined ? undefined : parseShard(args.shard)
  const plan = makePlan(name, sources, {
    seed: args.seed ?? 1,
    ...(args.only === undefined ? {} : { only: args.only }),
    set: parseSets(args.set),
    defaultVersions,
    ownImages: (args.image ?? []).map(text => text.split('=')[0] ?? ''),
  })
  return shard === undefined ? plan : shardOf(plan, shard)
}

type Arguments = PlanArguments & { scenario: string[]; schema: boolean }

export const planCommand: Command<Arguments> = {
  builder: yargs =>
    planOptions(yargs)
      .positional('scenario', {
        type: 'string',
        array: true,
        default: ['quick'],
        describe: 'Files, names below scenarios/, or - for standard input',
      })
      .option('schema', {
        type: 'boolean',
        default: false,
        describe: 'Print the JSON Schema of scenario files, as `lossproof schema scenario` does',
      }),
  handler: args => {
    if (args.schema) {
      process.stdout.write(`${JSON.stringify(z.toJSONSchema(Scenario, { io: 'input' }), undefined, 2)}\n`)
      return
    }
    const plan = planFrom(args.scenario, args)
    process.stdout.write(args.json ? `${JSON.stringify(plan, undefined, 2)}\n` : describePlan(plan, outputWidth()))
  },
}
