/**
 * Settings as the definitions of a client in Java give them: name, type, valid values, default. They pass through raw; a
 * value that the client would refuse is refused before anything starts.
 */
import type { SettingValue } from '../../../model/plan.ts'
import type { ClientSetting } from '../facts.ts'

export interface Definition {
  type: string
  /** As the client words what it holds values to: `[0,...]`, `[all, -1, 0, 1]`. */
  valid?: string
  default?: string
}

const whole = new Set(['int', 'long', 'short'])

/** All but `ours`; `said`: of a setting that the driver treats in its own way, what it does. */
export function settingsFrom(
  definitions: Readonly<Record<string, Definition>>,
  ours: ReadonlySet<string>,
  said: Readonly<Record<string, string>>,
): ReadonlyMap<string, ClientSetting> {
  const known = Object.entries(definitions).filter(([name]) => !ours.has(name))
  return new Map(
    known.map(([name, definition]) => [name, { maps: said[name] ?? describe(definition), check: checkOf(definition) }]),
  )
}

function describe({ type, default: byDefault }: Definition): string {
  return `raw, ${type}${byDefault === undefined || byDefault === '' ? '' : `; ${byDefault} by default`}`
}

function checkOf({ type, valid = '' }: Definition): ClientSetting['check'] {
  return value => wrongType(type, value) ?? outOfRange(valid, value) ?? notListed(valid, value)
}

function wrongType(type: string, value: SettingValue): string | undefined {
  const ok =
    type === 'boolean'
      ? /^(true|false)$/.test(String(value))
      : whole.has(type)
        ? Number.isInteger(Number(value)) && value !== ''
        : type === 'double'
          ? Number.isFinite(Number(value)) && value !== ''
          : true
  return ok
    ? undefined
    : `expected ${type === 'boolean' ? 'true or false' : `a ${type === 'double' ? 'number' : 'whole number'}`}, got ${JSON.stringify(value)}`
}

/** `[0,...]`, `[1,...,9] or -1` */
function outOfRange(valid: string, value: SettingValue): string | undefined {
  const range = /^\[(?<least>-?[\d.]+),\.\.\.(?:,(?<most>-?[\d.]+))?\](?: or (?<also>-?\d+))?$/.exec(valid)?.groups
  if (!range || Number(value) === Number(range['also'])) return undefined
  const ok = Number(value) >= Number(range['least']) && Number(value) <= Number(range['most'] ?? Infinity)
  return ok ? undefined : `expected ${valid}, got ${String(value)}`
}

/** `[all, -1, 0, 1]`; where the list is open (`by_duration:…`) the client itself is left to judge. */
function notListed(valid: string, value: SettingValue): string | undefined {
  const list = /^(?<any>\(case insensitive\) )?\[(?<words>[^.]+)\]$/.exec(valid)?.groups
  if (!list) return undefined
  const words = (list['words'] ?? '').split(', ')
  const same = (word: string) =>
    list['any'] === undefined ? word === String(value) : word.toLowerCase() === String(value).toLowerCase()
  return words.some(same) ? undefined : `expected one of ${words.join(', ')}, got ${String(value)}`
}
