/** Rules for the settings that Lossproof itself defines: what each one means and which values it accepts. */
import { z } from 'zod'
import type { SettingValue } from './settings.ts'

export interface SettingRule {
  /** The meaning, with the default in parentheses. */
  doc: string
  /** The accepted values in words, for errors: `a whole number from 1 to 9`. */
  form: string
  /** The accepted values as a schema, for editors. */
  input: z.ZodType<SettingValue>
  /** The value as the plan holds it; undefined when the value is not accepted. */
  parse: (value: SettingValue) => string | number | boolean | undefined
}

type Values = Omit<SettingRule, 'doc'>

export function wholeNumber(least: number, most?: number): Values {
  const input = most === undefined ? z.int().min(least) : z.int().min(least).max(most)
  return {
    form: most === undefined ? `a whole number from ${least}` : `a whole number from ${least} to ${most}`,
    input,
    parse: value => input.safeParse(value).data,
  }
}

export function oneOf(...words: [string, ...string[]]): Values {
  return {
    form: `one of ${words.join(', ')}`,
    input: z.enum(words),
    parse: value => words.find(word => word === value),
  }
}

export const trueOrFalse: Values = {
  form: 'true or false',
  input: z.boolean(),
  parse: value => (typeof value === 'boolean' ? value : undefined),
}

/** Text or a number that `parse` turns into a number, such as `200/s`. `most`: the largest quantity, in the same spelling. */
export function quantity(
  parse: (value: string | number) => number | undefined,
  example: string,
  most?: string,
): Values {
  const limit = most === undefined ? Infinity : (parse(most) ?? Infinity)
  return {
    form: `a quantity such as ${example}${most === undefined ? '' : `, at most ${most}`}`,
    input: z.union([z.string(), z.number()]),
    parse(value) {
      const parsed = typeof value === 'string' || typeof value === 'number' ? parse(value) : undefined
      return parsed !== undefined && parsed <= limit ? parsed : undefined
    },
  }
}

/** What is wrong with a value, for an error message; undefined when nothing is. */
export function refusal(rule: SettingRule, value: SettingValue): string | undefined {
  return rule.parse(value) === undefined ? `expected ${rule.form}, got ${JSON.stringify(value)}` : undefined
}
