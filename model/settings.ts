/** Settings: the values that a user gives under the names that a system's own documentation uses. */
import { z } from 'zod'

/** `null` leaves the setting at its default. */
export const SettingValue = z.union([z.string(), z.number(), z.boolean(), z.null()])
export type SettingValue = z.infer<typeof SettingValue>

export const Settings = z.record(z.string(), SettingValue)
/** Settings by name. Whether the name includes its place (`topic.min.insync.replicas`) depends on where they stand. */
export type Settings = z.infer<typeof Settings>

/** The settings that have a value. */
export function withoutNull(settings: Settings): Settings {
  return Object.fromEntries(Object.entries(settings).filter(([, value]) => value !== null))
}

/** The settings except those in `names`. */
export function without(settings: Settings, names: readonly string[]): Settings {
  return Object.fromEntries(Object.entries(settings).filter(([name]) => !names.includes(name)))
}
