/** Setting names with their place: the part before the first dot says what the setting belongs to. */
import { nearest, suggestion } from '../../../model/nearest.ts'
import type { SystemFacts } from '../../../systems/shared/facts.ts'
import { applicationSettings } from '../../../workloads/application/facts.ts'
import type { ScenarioSource } from '../scenario/source.ts'
import { workloadSettings } from '../workload/settings.ts'

export const settingPlaces = [
  'broker',
  'topic',
  'producer',
  'consumer',
  'client',
  'app',
  'workload',
  'cluster',
] as const
export type SettingPlace = (typeof settingPlaces)[number]

/**
 * Splits `topic.min.insync.replicas` into place and setting; `client` alone names the library. Throws
 * LossproofError('scenario') for an unknown place, and for an unknown setting of Lossproof itself (`workload`, `cluster`).
 */
export function splitName(
  source: ScenarioSource,
  system: SystemFacts,
  name: string,
): { place: SettingPlace; setting: string } {
  const dot = name.indexOf('.')
  const word = dot < 0 ? name : name.slice(0, dot)
  const place = settingPlaces.find(candidate => candidate === word)
  if (!place || (dot < 0 && place !== 'client')) {
    const meant = place === undefined ? nearest(word, settingPlaces) : undefined
    throw source.settingError(name, `"${name}" does not begin with a place`, {
      hint:
        meant === undefined
          ? `a setting is place.name, such as producer.acks; places: ${settingPlaces.join(', ')}`
          : `did you mean "${meant}."?`,
    })
  }
  const setting = dot < 0 ? 'library' : name.slice(dot + 1)
  const known = knownSettings(system, place)
  if (place === 'app' && setting.startsWith('env.')) return { place, setting }
  if (known && !known.includes(setting)) {
    const refused = place === 'cluster' ? system.planning.refusedClusterSettings?.[setting] : undefined
    if (refused !== undefined)
      throw source.settingError(name, `${name} has no effect: ${refused.reason}`, { hint: refused.hint })
    const names = known.map(key => `${place}.${key}`)
    throw source.settingError(name, `unknown setting "${name}"`, {
      hint: suggestion(name, names, `one of ${names.join(', ')}`),
    })
  }
  return { place, setting }
}

/** The settings of a place whose names Lossproof defines; undefined for the other places. */
function knownSettings(system: SystemFacts, place: SettingPlace): string[] | undefined {
  if (place === 'app') return Object.keys(applicationSettings)
  if (place === 'workload') return Object.keys(workloadSettings)
  return place === 'cluster' ? [...Object.keys(system.planning.clusterSettings), 'version', 'image'] : undefined
}
