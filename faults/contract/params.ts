/** Checks of fault parameters. Each returns what is wrong with a value, or undefined. */
import type { SettingValue } from '../../model/plan.ts'

const got = (value: SettingValue) => `got ${JSON.stringify(value)}`

export const positive = (value: SettingValue): string | undefined =>
  typeof value === 'number' && value > 0 ? undefined : `expected a number above 0, ${got(value)}`

export const zeroOrMore = (value: SettingValue): string | undefined =>
  typeof value === 'number' && value >= 0 ? undefined : `expected a number from 0, ${got(value)}`

export const positiveUpTo =
  (most: number) =>
  (value: SettingValue): string | undefined =>
    positive(value) ?? (Number(value) <= most ? undefined : `expected at most ${most}, ${got(value)}`)

export const oneOf =
  (words: readonly string[]) =>
  (value: SettingValue): string | undefined =>
    words.some(word => word === value) ? undefined : `expected one of ${words.join(', ')}, ${got(value)}`
