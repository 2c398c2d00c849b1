/** The matrix: the product of the values of its settings, without the excluded points. */
import type { Settings, SettingValue } from '../../../model/settings.ts'

/** All points of the matrix, in the order of its keys; the last key varies fastest. Without a matrix: one empty point. */
export function expandMatrix(matrix: Record<string, SettingValue[]>, exclude: Settings[]): Settings[] {
  let points: Settings[] = [{}]
  for (const [key, values] of Object.entries(matrix)) {
    points = points.flatMap(point => values.map(value => ({ ...point, [key]: value })))
  }
  return points.filter(point => !exclude.some(rule => matches(point, rule)))
}

/**
 * Whether `settings` has every value of `rule`. `1` and `"1"` are equal, and a key of the rule may leave out its place
 * (`acks` for `producer.acks`). null and `default` are equal.
 */
export function matches(settings: Settings, rule: Settings): boolean {
  return Object.entries(rule).every(([key, value]) => {
    const found = findSetting(settings, key)
    return found !== undefined && valueText(settings[found]) === valueText(value)
  })
}

/** A value for comparisons and names; null and the word `default` both mean the default. */
export const valueText = (value: SettingValue | undefined) => String(value ?? 'default')

/** The full name (`producer.acks`) of a setting given by its full or short name (`acks`), if `settings` has it. */
export function findSetting(settings: Readonly<Record<string, unknown>>, key: string): string | undefined {
  return Object.hasOwn(settings, key) ? key : fullNames(Object.keys(settings), key)[0]
}

/** The full names that a short name can mean: more than one where settings of several places share it. */
export function fullNames(known: Iterable<string>, key: string): string[] {
  return [...known].filter(name => name.slice(name.indexOf('.') + 1) === key)
}

/** The first of the keys that cannot be used, with the reason: a short name that means settings of several places. */
export function ambiguousKey(
  known: Iterable<string>,
  keys: readonly string[],
): { key: string; reason: string } | undefined {
  const names = [...new Set(known)]
  for (const key of keys) {
    const meant = names.includes(key) ? [] : fullNames(names, key)
    if (meant.length > 1)
      return { key, reason: `"${key}" is ambiguous: it can be ${meant.join(' or ')}; write the full name` }
  }
  return undefined
}

/** `acks=1,min.insync.replicas=2` → settings; undefined when a part is not `key=value`. */
export function parseSelector(text: string): Settings | undefined {
  const settings: Settings = {}
  for (const part of text.split(',')) {
    const at = part.indexOf('=')
    if (at <= 0) return undefined
    settings[part.slice(0, at).trim()] = part.slice(at + 1).trim()
  }
  return settings
}

/** A short folder name for a point of the matrix: `acks-1.min.insync.replicas-2`. */
export function slugOf(point: Settings): string {
  const parts = Object.entries(point).map(([key, value]) => `${key.slice(key.indexOf('.') + 1)}-${valueText(value)}`)
  const slug = parts
    .join('.')
    .toLowerCase()
    .replaceAll(/[^a-z0-9.-]+/g, '-')
    .replace(/^[^a-z0-9]+/, '')
    .slice(0, 200)
  return slug === '' ? 'lane' : slug
}

/** The matrix part of a cell's id: `producer.acks=1,topic.min.insync.replicas=2`. */
export function pointName(point: Settings): string {
  return Object.entries(point)
    .map(([key, value]) => `${key}=${valueText(value)}`)
    .join(',')
}
