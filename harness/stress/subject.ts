/** What a stress tests: the user's settings, and what they promise. */
import type { Settings } from '../../model/settings.ts'
import { hasConsumer, ownSettings } from '../audit/plan/own-settings.ts'
import type { Configuration } from '../audit/read/index.ts'

export interface Subject {
  system: string
  version: string
  /** The user's settings as `place.setting`; `client` names the library. */
  own: Settings
  consumes: boolean
  /** Promises besides those of every cell, as expectations: `duplicates` → `0`. */
  promises: Readonly<Record<string, string>>
}

export const subjectOf = (configuration: Configuration, promises: Subject['promises'] = {}): Subject => ({
  system: configuration.system,
  version: configuration.version,
  own: ownSettings(configuration),
  consumes: hasConsumer(configuration),
  promises,
})

/** Settings of one place: `topic` → `{ 'min.insync.replicas': 2 }`. */
export function ofPlace(settings: Settings, place: string): Settings {
  return Object.fromEntries(
    Object.entries(settings).flatMap(([name, value]) =>
      name.startsWith(`${place}.`) ? [[name.slice(place.length + 1), value] as const] : [],
    ),
  )
}
