/** Reading of Spring Boot's configuration, whose names can be spelled in several ways ("relaxed binding"). */
import type { SettingValue } from '../../../model/plan.ts'
import { withDefaults } from './placeholders.ts'
import { scalar } from './scalar.ts'
import type { ConfigDocument, Leaf } from './types.ts'

/** `enable-auto-commit`, `enableAutoCommit` and `ENABLE_AUTO_COMMIT` are one name: only letters and digits count. */
export const canonical = (name: string): string => name.toLowerCase().replaceAll(/[^a-z0-9]/g, '')

/** The name with dots, however the file nests it. */
export const joined = (path: readonly string[]): string => path.join('.')

/** Leaves whose name begins with `prefix`, in any spelling, with the defaults of placeholders filled in. */
export function springLeaves(document: ConfigDocument, prefix: string): Leaf[] {
  const wanted = prefix.split('.').map(canonical)
  return document.leaves
    .filter(({ path }) => {
      const parts = joined(path).split('.')
      return wanted.every((word, at) => canonical(parts[at] ?? '') === word) && parts.length > wanted.length
    })
    .map(leaf => {
      const value = withDefaults(leaf.value, 'spring')
      return { ...leaf, value: typeof value === 'string' ? scalar(value) : value }
    })
}

/** Whether a document of a file with several applies to a profile only. */
export function isProfile(document: ConfigDocument): boolean {
  return document.leaves.some(({ path }) =>
    ['spring.config.activate.onprofile', 'spring.profiles'].includes(
      joined(path)
        .split('.')
        .filter(part => !/^\d+$/.test(part))
        .map(canonical)
        .join('.'),
    ),
  )
}

const units: Readonly<Record<string, number>> = { ms: 1, s: 1000, m: 60_000, h: 3_600_000, d: 86_400_000 }

/** A duration as Spring writes it (`5s`, `500ms`, `PT5S`) in milliseconds; a number is milliseconds already. */
export function millis(value: SettingValue): SettingValue {
  const text = String(value).trim()
  const simple = /^(?<number>\d+)\s*(?<unit>ms|s|m|h|d)$/i.exec(text)?.groups
  if (simple) return Number(simple['number']) * (units[(simple['unit'] ?? 'ms').toLowerCase()] ?? 1)
  const iso = /^PT(?:(?<hours>\d+)H)?(?:(?<minutes>\d+)M)?(?:(?<seconds>\d+(?:\.\d+)?)S)?$/i.exec(text)?.groups
  if (!iso) return value
  const part = (name: string) => Number(iso[name] ?? 0)
  return part('hours') * 3_600_000 + part('minutes') * 60_000 + part('seconds') * 1000
}

/**
 * The keys for a property that the document does not have, as its neighbours are nested: for `spring.kafka.producer.acks`
 * beside `spring.kafka: { producer: { retries: 3 } }` it is `spring.kafka`, `producer`, `acks`.
 */
export function springPath(document: ConfigDocument, property: readonly string[]): string[] {
  const wanted = property.map(canonical)
  const depth = (path: readonly string[]) => {
    const parts = joined(path).split('.').map(canonical)
    return wanted.findIndex((part, at) => at === wanted.length - 1 || part !== parts[at])
  }
  const nearest = document.leaves.toReversed().toSorted((a, b) => depth(b.path) - depth(a.path))[0]
  const maps: string[] = []
  let used = 0
  for (const key of nearest?.path.slice(0, -1) ?? []) {
    const parts = key.split('.').length
    if (used + parts > depth(nearest?.path ?? [])) break
    maps.push(key)
    used += parts
  }
  return [...maps, property.slice(used).join('.')]
}
