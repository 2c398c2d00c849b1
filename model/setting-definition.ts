/** A setting of a system as the system's own classes define it: type, accepted values, default. */
import type { SettingValue } from './settings.ts'

export interface SettingDefinition {
  type: string
  /** The accepted values as the system's classes print them: `[0,...]`, `[all, -1, 0, 1]`, `[1,...,9] or -1`. */
  valid?: string
  default?: string
}

export type SettingDefinitions = Readonly<Record<string, SettingDefinition>>

/** Bits of each type of whole numbers. */
const wholeTypes: ReadonlyMap<string, number> = new Map([
  ['short', 16],
  ['int', 32],
  ['long', 64],
])

/** What is wrong with a value, for an error message; undefined when the system accepts it. null is the default. */
export function refuseValue({ type, valid = '' }: SettingDefinition, value: SettingValue): string | undefined {
  if (value === null) return undefined
  return wrongType(type, value) ?? outOfRange(type, valid, value) ?? notListed(type, valid, value)
}

function wrongType(type: string, value: SettingValue): string | undefined {
  const text = String(value).trim()
  if (type === 'boolean')
    return /^(true|false)$/i.test(text) ? undefined : `expected true or false, got ${JSON.stringify(value)}`
  if (wholeTypes.has(type))
    return /^[+-]?\d+$/.test(text) ? tooLarge(type, text) : `expected a whole number, got ${JSON.stringify(value)}`
  if (type === 'double')
    return text !== '' && Number.isFinite(Number(text)) ? undefined : `expected a number, got ${JSON.stringify(value)}`
  return undefined
}

/** Java's types have 16, 32 or 64 bits. */
function tooLarge(type: string, text: string): string | undefined {
  const least = -(2n ** BigInt((wholeTypes.get(type) ?? 64) - 1))
  const number = BigInt(text.replace(/^\+/, ''))
  return number >= least && number < -least
    ? undefined
    : `expected a whole number from ${least} to ${-least - 1n} (${type}), got ${text}`
}

const range = /^\[(?<least>-?[\d.]+),\.\.\.(?:,(?<most>-?[\d.]+))?\](?: or (?<also>-?\d+))?$/

function outOfRange(type: string, valid: string, value: SettingValue): string | undefined {
  const groups = range.exec(valid)?.groups
  const number = Number(value)
  if (!groups || number === Number(groups['also'])) return undefined
  const most = groups['most']
  const fits = number >= Number(groups['least']) && (most === undefined || number <= Number(most))
  const also = groups['also'] === undefined ? '' : ` or ${groups['also']}`
  const kind = wholeTypes.has(type) ? 'a whole number' : 'a number'
  const words = `${kind} from ${groups['least']}${most === undefined ? '' : ` to ${most}`}`
  return fits ? undefined : `expected ${words}${also}, got ${String(value)}`
}

/** Only closed lists of words; a list with a pattern such as `by_duration:PnDTnHnMn.nS` is left to the system. */
function notListed(type: string, valid: string, value: SettingValue): string | undefined {
  const groups = /^(?<any>\(case insensitive\) )?\[(?<words>[^.\]]+)\]$/.exec(valid)?.groups
  if (!groups) return undefined
  const words = (groups['words'] ?? '').split(', ')
  const ignoresCase = groups['any'] !== undefined
  const known = (word: string) =>
    words.some(listed => (ignoresCase ? listed.toLowerCase() === word.toLowerCase() : listed === word))
  const given =
    type === 'list'
      ? String(value)
          .split(',')
          .map(part => part.trim())
      : [String(value)]
  return given.every(known) ? undefined : `expected one of ${words.join(', ')}, got ${JSON.stringify(value)}`
}
