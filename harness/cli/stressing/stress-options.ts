/** Options of `lossproof stress`. */
import type { Argv } from 'yargs'
import { faults } from '../../../faults/index.ts'
import { LossproofError } from '../../../model/errors.ts'
import { suggestion } from '../../../model/nearest.ts'
import { parseExpectation } from '../../plan/expectations/parse.ts'
import { configurationOptions } from '../options/configuration-options.ts'
import type { ConfigurationArguments } from '../options/configuration-options.ts'
import { executeOptions } from '../options/execute-options.ts'
import type { ExecuteArguments } from '../options/execute-options.ts'
import { wholeNumber } from '../options/values.ts'

export type StressArguments = ConfigurationArguments &
  ExecuteArguments & {
    settings: string[]
    for: number
    around: string | undefined
    except: string[] | undefined
    findings: number | undefined
    promise: string[] | undefined
    state: string | undefined
    resume: string | undefined
    strategy: string | undefined
    'dry-run': boolean
    seed: number | undefined
  }

export const usualFor = '30m'
const unitSeconds: Readonly<Record<string, number>> = { s: 1, m: 60, min: 60, h: 3600 }

export const stressOptions = <T>(yargs: Argv<T>) =>
  executeOptions(configurationOptions(yargs, false))
    .option('settings', {
      type: 'string',
      array: true,
      requiresArg: true,
      default: [] as string[],
      describe: 'Configuration files, separated by commas, besides those given as words',
    })
    .option('for', {
      type: 'string',
      requiresArg: true,
      default: usualFor,
      describe: 'How long to look: 90s, 30m, 2h',
      coerce: parseFor,
    })
    .option('around', {
      type: 'string',
      requiresArg: true,
      defaultDescription: 'steer',
      coerce: oneOf('around', ['steer', 'count', 'none']),
      describe:
        'Lanes whose settings are one step from yours: they show how near a loss is (steer), are findings too (count), ' +
        'or do not run (none)',
    })
    .option('except', {
      type: 'string',
      array: true,
      requiresArg: true,
      describe: 'Do not draw this fault, because you accept what it costs: power-loss',
    })
    .option('promise', {
      type: 'string',
      array: true,
      requiresArg: true,
      describe: "A further promise of your settings, as an expectation: 'duplicates: 0'",
    })
    .option('findings', {
      type: 'string',
      requiresArg: true,
      default: '1',
      describe: 'Stop after so many different causes',
      coerce: wholeNumber('findings', 1),
    })
    .option('state', {
      type: 'string',
      requiresArg: true,
      describe: 'A folder that keeps what was learned, for the next stress',
    })
    .option('resume', {
      type: 'string',
      requiresArg: true,
      describe: 'Go on with this stress, from its folder below results/',
    })
    .option('strategy', {
      type: 'string',
      requiresArg: true,
      defaultDescription: 'guided',
      coerce: oneOf('strategy', ['guided', 'random']),
      describe: 'How schedules are drawn; random is for comparison',
    })
    .option('dry-run', {
      type: 'boolean',
      default: false,
      describe: 'Print what would be drawn, without starting anything',
    })
    .option('seed', {
      type: 'string',
      requiresArg: true,
      describe: 'Seed of every draw, a whole number (default: 1)',
      coerce: wholeNumber('seed', 0),
    })
    .option('json', { type: 'boolean', default: false, describe: 'Print results as JSON' })

/** For yargs' `coerce`. Throws LossproofError('usage') for any other word. */
function oneOf(option: string, words: readonly string[]) {
  return (text: string | string[]): string => {
    const given = String(text)
    if (words.includes(given)) return given
    throw new LossproofError('usage', `--${option} ${given}: expected one of ${words.join(', ')}`)
  }
}

/** `30m` → 1800 s. Throws LossproofError('usage'). */
export function parseFor(text: string | string[]): number {
  const found = /^(\d+(?:\.\d+)?)(s|m|min|h)$/.exec(String(text))
  const seconds = Number(found?.[1]) * (unitSeconds[found?.[2] ?? ''] ?? Number.NaN)
  if (seconds > 0) return seconds
  throw new LossproofError('usage', `--for ${String(text)}: expected a duration such as 90s, 30m or 2h`)
}

/** Throws LossproofError('usage') for a fault that does not exist. */
export function knownFaults(given: readonly string[]): string[] {
  const ids = faults.map(({ id }) => id)
  const wrong = given.find(id => !ids.includes(id))
  if (wrong === undefined) return [...given]
  throw new LossproofError('usage', `--except ${wrong}: unknown fault`, {
    hint: suggestion(wrong, ids, `one of ${ids.join(', ')}`),
  })
}

/** `duplicates: 0` → { duplicates: '0' }. Throws LossproofError('usage') for text that is not an expectation. */
export function parsePromises(given: readonly string[]): Record<string, string> {
  return Object.fromEntries(
    given.map(text => {
      const at = text.indexOf(':')
      const [what, value] = [text.slice(0, at).trim(), text.slice(at + 1).trim()]
      if (at < 1 || value === '')
        throw new LossproofError('usage', `--promise ${text}: expected an expectation such as 'duplicates: 0'`)
      const { expected } = located(text, () => parseExpectation(what, value))
      if (expected.kind === 'causes' || (expected.kind === 'set' && expected.window !== undefined))
        throw new LossproofError('usage', `--promise ${text}: a drawn schedule has no windows, and no expected cause`)
      return [what, value]
    }),
  )
}

function located<T>(text: string, make: () => T): T {
  try {
    return make()
  } catch (error) {
    if (!(error instanceof LossproofError)) throw error
    throw new LossproofError(
      'usage',
      `--promise ${text}: ${error.message}`,
      error.hint === undefined ? {} : { hint: error.hint },
    )
  }
}
