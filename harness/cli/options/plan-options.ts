/** Options of every command that plans. */
import type { Argv } from 'yargs'
import { parse } from 'yaml'
import { LossproofError } from '../../../model/errors.ts'
import { SettingValue } from '../../../model/plan.ts'
import type { Settings } from '../../../model/plan.ts'

export interface PlanArguments {
  only: string | undefined
  set: string[]
  seed: number | undefined
  shard: string | undefined
  json: boolean
}

export function planOptions<T>(yargs: Argv<T>): Argv<T & PlanArguments> {
  return yargs
    .option('only', {
      type: 'string',
      requiresArg: true,
      describe: 'Only cells with these settings: acks=1,min.insync.replicas=2',
    })
    .option('set', {
      type: 'string',
      array: true,
      requiresArg: true,
      describe: 'A setting for every cell: producer.retries=0',
      default: [] as string[],
    })
    .option('seed', { type: 'number', requiresArg: true, describe: 'Seed of everything random' })
    .option('shard', {
      type: 'string',
      requiresArg: true,
      describe: 'One part of the trials, for one of several machines: 2/4',
    })
    .option('json', { type: 'boolean', default: false, describe: 'Results as JSON' })
}

/** `producer.retries=0` → { 'producer.retries': 0 }, values as YAML reads them. */
export function parseSets(given: readonly string[]): Settings {
  const set: Settings = {}
  for (const text of given) {
    const at = text.indexOf('=')
    const value = at > 0 ? SettingValue.safeParse(parse(text.slice(at + 1))) : undefined
    if (!value?.success)
      throw new LossproofError('usage', `--set ${text}: expected place.setting=value, such as producer.retries=0`)
    set[text.slice(0, at)] = value.data
  }
  return set
}
