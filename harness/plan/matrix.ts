/** The matrix: the product of its settings' values, without the points that a rule excludes. */
import type { Settings, SettingValue } from '../../model/plan.ts'

/** Points in the order of the matrix's keys, the last varying fastest. No matrix: one empty point. */
export function expandMatrix(matrix: Record<string, SettingValue[]>, exclude: Settings[]): Settings[] {
  let points: Settings[] = [{}]
  for (const [key, values] of Object.entries(matrix)) {
    points = points.flatMap(point => values.map(value => ({ ...point, [key]: value })))
  }
  return points.filter(point => !exclude.some(rule => matches(point, rule)))
}

/** Whether `settings` has every value of `rule`. `1` and `"1"` are the same setting; a key may leave its place out. */
export function matches(settings: Settings, rule: Settings): boolean {
  return Object.entries(rule).every(([key, value]) => {
    const found = findSetting(settings, key)
    return found !== undefined && String(settings[found]) === String(value)
  })
}

/** The full name (`producer.acks`) behind a full or short one (`acks`), if `settings` has it. */
export function findSetting(settings: Settings, key: string): string | undefined {
  if (key in settings) return key
  return Object.keys(settings).find(name => name.slice(name.indexOf('.') + 1) === key)
}

/** `acks=1,min.insync.replicas=2` → settings; undefined when a part is no `key=value`. */
export function parseSelector(text: string): Settings | undefined {
  const settings: Settings = {}
  for (const part of text.split(',')) {
    const at = part.indexOf('=')
    if (at <= 0) return undefined
    settings[part.slice(0, at).trim()] = part.slice(at + 1).trim()
  }
  return settings
}

/** A short folder name from a point of the matrix: `acks-1.min.insync.replicas-2`. */
export function slugOf(point: Settings): string {
  const parts = Object.entries(point).map(
    ([key, value]) => `${key.slice(key.indexOf('.') + 1)}-${String(value ?? 'default')}`,
  )
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
    .map(([key, value]) => `${key}=${String(value ?? 'default')}`)
    .join(',')
}
