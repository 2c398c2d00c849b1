/** The settings that a system knows, and those that a scenario cannot set because Lossproof sets them itself. */
import type { SettingDefinitions } from '../../../model/setting-definition.ts'
import type { SettingValue } from '../../../model/settings.ts'

/** Settings that only Lossproof can set, with the reason. A name ending in `*` stands for all names that begin so. */
export interface ReservedSettings {
  names: readonly string[]
  reason: string
}

/** A setting that Lossproof sets by itself in every cluster. */
export interface HarnessSetting {
  name: string
  value: SettingValue
  reason: string
  /**
   * `reserved`: an address, a path, an identity or a limit of the test cluster; a scenario cannot set it. `tuned`: a value
   * that makes trials faster or quieter; a scenario can override it, and `cluster.defaults: system` leaves it out.
   */
  kind: 'reserved' | 'tuned'
}

/** The reason why a scenario cannot give a setting; undefined when it can. */
export function reservedReason(reserved: readonly ReservedSettings[], name: string): string | undefined {
  return reserved.find(({ names }) => names.some(known => covers(known, name)))?.reason
}

const covers = (known: string, name: string) =>
  known.endsWith('*') ? name.startsWith(known.slice(0, -1)) : known === name

/** Settings by place, as `make` in a system's folder `settings/` extracts them from the system's classes. */
export type SettingTable = Readonly<Record<string, SettingDefinitions>>

/**
 * The table for a version: its own, else that of the nearest version with the same beginning. `tables`: by version, newest
 * first.
 */
export function tableFor(tables: readonly (readonly [string, SettingTable])[], version: string): SettingTable {
  const parts = (text: string) => text.split('.')
  const common = (a: string) => parts(a).findIndex((part, at) => part !== parts(version)[at])
  const shared = ([known]: readonly [string, SettingTable]) => (common(known) < 0 ? Infinity : common(known))
  const [best] = tables.toSorted((a, b) => shared(b) - shared(a))
  return best?.[1] ?? {}
}
