/** Options of every command that plans. */
import type { Argv } from 'yargs'
import { LossproofError } from '../../../model/errors.ts'
import { SettingValue } from '../../../model/plan.ts'
import type { Settings } from '../../../model/plan.ts'
import { nameAndValue, wholeNumber, yamlValue } from './values.ts'

export interface PlanArguments {
  only: string | undefined
  set: string[]
  seed: number | undefined
  shard: string | undefined
  json: boolean
  /** `<image>=<reference>`, of commands that start clusters. */
  image?: string[]
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
    .option('seed', {
      type: 'string',
      requiresArg: true,
      describe: 'Seed of everything random, a whole number',
      coerce: wholeNumber('seed', 0),
    })
    .option('shard', {
      type: 'string',
      requiresArg: true,
      describe: 'One part of the trials, for one of several machines: 2/4',
    })
    .option('json', { type: 'boolean', default: false, describe: 'Print results as JSON' })
}

/** As in a scenario, a whole number that would lose digits or a leading zero stays a text. */
function valueOf({ name, value }: { name: string; value: string }): unknown {
  const text = value.trim()
  const isSpelled = /^[+-]?\d+$/.test(text) && (/^0\d/.test(text) || !Number.isSafeInteger(Number(text)))
  return isSpelled ? text : yamlValue(`set ${name}`, value)
}

/**
 * `producer.retries=0` → { 'producer.retries': 0 }, values as YAML reads them. Throws LossproofError('usage') for what is
 * not a setting and a plain value, and for a setting that is given twice.
 */
export function parseSets(given: readonly string[]): Settings {
  const set: Settings = {}
  for (const text of given) {
    const parts = nameAndValue(text)
    if (!parts)
      throw new LossproofError('usage', `--set ${text}: expected place.setting=value, such as producer.retries=0`)
    const value = SettingValue.safeParse(valueOf(parts))
    if (!value.success)
      throw new LossproofError('usage', `--set ${text}: expected a single value, such as producer.retries=0`)
    if (Object.hasOwn(set, parts.name)) throw new LossproofError('usage', `--set ${parts.name} is given twice`)
    set[parts.name] = value.data
  }
  return set
}
