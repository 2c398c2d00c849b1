/**
 * Settings of a Java client, generated from its own definitions: name, type, valid values, default. They are passed on
 * unchanged. A value that the client would refuse is refused before anything starts.
 */
import type { SettingValue } from '../../../model/plan.ts'
import type { ClientSetting } from '../facts.ts'

export interface Definition {
  type: string
  /** The valid values, in the client's own notation: `[0,...]`, `[all, -1, 0, 1]`. */
  valid?: string
  default?: string
}

const wholeTypes = new Set(['int', 'long', 'short'])

/**
 * The settings that a scenario may set.
 * @param setByDriver settings that are left out, because the driver sets them itself
 * @param descriptions what the driver does, for each setting that it does not pass on unchanged
 */
export function settingsFrom(
  definitions: Readonly<Record<string, Definition>>,
  setByDriver: ReadonlySet<string>,
  descriptions: Readonly<Record<string, string>>,
): ReadonlyMap<string, ClientSetting> {
  const settable = Object.entries(definitions).filter(([name]) => !setByDriver.has(name))
  return new Map(
    settable.map(([name, definition]) => [
      name,
      { maps: descriptions[name] ?? describe(definition), check: checkOf(definition) },
    ]),
  )
}

function describe({ type, default: byDefault }: Definition): string {
  return `passed on unchanged, ${type}${byDefault === undefined || byDefault === '' ? '' : `; default ${byDefault}`}`
}

function checkOf({ type, valid = '' }: Definition): ClientSetting['check'] {
  return value => wrongType(type, value) ?? outOfRange(valid, value) ?? notListed(valid, value)
}

function wrongType(type: string, value: SettingValue): string | undefined {
  const refused = (expected: string) => `expected ${expected}, got ${JSON.stringify(value)}`
  if (type === 'boolean') return /^(true|false)$/.test(String(value)) ? undefined : refused('true or false')
  if (wholeTypes.has(type))
    return Number.isInteger(Number(value)) && value !== '' ? undefined : refused('a whole number')
  if (type === 'double') return Number.isFinite(Number(value)) && value !== '' ? undefined : refused('a number')
  return undefined
}

/** Ranges are written as `[0,...]` or `[1,...,9] or -1`. */
function outOfRange(valid: string, value: SettingValue): string | undefined {
  const range = /^\[(?<least>-?[\d.]+),\.\.\.(?:,(?<most>-?[\d.]+))?\](?: or (?<also>-?\d+))?$/.exec(valid)?.groups
  if (!range || Number(value) === Number(range['also'])) return undefined
  const ok = Number(value) >= Number(range['least']) && Number(value) <= Number(range['most'] ?? Infinity)
  return ok ? undefined : `expected ${valid}, got ${String(value)}`
}

/** Lists are written as `[all, -1, 0, 1]`. An open list (`by_duration:…`) is left to the client to check. */
function notListed(valid: string, value: SettingValue): string | undefined {
  const list = /^(?<any>\(case insensitive\) )?\[(?<words>[^.]+)\]$/.exec(valid)?.groups
  if (!list) return undefined
  const words = (list['words'] ?? '').split(', ')
  const same = (word: string) =>
    list['any'] === undefined ? word === String(value) : word.toLowerCase() === String(value).toLowerCase()
  return words.some(same) ? undefined : `expected one of ${words.join(', ')}, got ${String(value)}`
}
