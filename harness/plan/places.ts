/**
 * Where a setting belongs: the part before the first dot. Broker and topic settings pass through raw, so that any
 * setting of any version can be tested; the others are known by name.
 */
import { clientIds, conflictOf, ownSettingsOf, settingsOf } from '../../workloads/clients/catalog.ts'
import type { Application } from '../../workloads/clients/facts.ts'
import { nearest } from '../../model/nearest.ts'
import type { ScenarioPath as Path } from '../../model/scenario-errors.ts'
import type { ScenarioSource } from './scenario/source.ts'
import { systemFacts } from '../../systems/index.ts'
import type { Settings, SettingValue } from '../../model/plan.ts'
import { workloadSettings } from './workload.ts'

export const places = ['broker', 'topic', 'producer', 'consumer', 'client', 'workload', 'cluster'] as const
export type Place = (typeof places)[number]

const workloadKeys = Object.keys(workloadSettings)

/** Splits `topic.min.insync.replicas`; `client` alone names the library. */
export function splitName(source: ScenarioSource, name: string, path: Path): { place: Place; setting: string } {
  const dot = name.indexOf('.')
  const place = dot < 0 ? name : name.slice(0, dot)
  const known = places.find(candidate => candidate === place)
  if (!known || (dot < 0 && known !== 'client')) {
    const word = nearest(place, places)
    throw source.error(path, `"${name}" does not begin with a place`, {
      key: name,
      hint:
        word === undefined || known
          ? `places: ${places.join(', ')}; for example producer.acks`
          : `did you mean "${word}."?`,
    })
  }
  const setting = dot < 0 ? 'library' : name.slice(dot + 1)
  const allowed =
    known === 'workload'
      ? workloadKeys
      : known === 'cluster'
        ? systemFacts(source.scenario.system).planning.clusterKeys
        : undefined
  if (allowed && !allowed.includes(setting)) {
    const word = nearest(setting, allowed)
    throw source.error(path, `unknown setting "${name}"`, {
      key: name,
      hint:
        word === undefined
          ? `one of ${allowed.map(key => `${known}.${key}`).join(', ')}`
          : `did you mean "${known}.${word}"?`,
    })
  }
  return { place: known, setting }
}

/** Refuses a client that does not exist and settings that it cannot honour. */
export function checkClient(
  source: ScenarioSource,
  path: Path,
  client: string,
  role: 'producer' | 'consumer',
  settings: Settings,
  clientSettings: Settings,
  application: Application,
): void {
  const ids = clientIds(source.scenario.system, role)
  if (!ids.includes(client)) {
    const other = role === 'producer' ? 'consumer' : 'producer'
    const known = clientIds(source.scenario.system, other).includes(client)
    const word = known ? undefined : nearest(client, ids)
    throw source.error(
      path,
      `no ${role} client "${client}" for ${source.scenario.system}${known ? `: it is a ${other} alone` : ''}`,
      {
        hint: word === undefined ? `one of ${ids.join(', ')}` : `did you mean "${word}"?`,
      },
    )
  }
  refuseUnknown(source, path, role, settings, settingsOf(client, role), client)
  refuseUnknown(source, path, 'client', clientSettings, ownSettingsOf(client), client)
  const conflict = conflictOf(client, role, settings, application)
  if (conflict !== undefined) throw source.error(path, `${role}: ${conflict}`)
}

function refuseUnknown(
  source: ScenarioSource,
  path: Path,
  place: string,
  settings: Settings,
  known: ReturnType<typeof settingsOf>,
  client: string,
): void {
  for (const [name, value] of Object.entries(settings)) {
    const wrong = checkSetting(known, name, value)
    if (wrong === undefined) continue
    const word = known.has(name) ? undefined : nearest(name, known.keys())
    const hint = word === undefined ? `${client} honours: ${[...known.keys()].join(', ')}` : `did you mean "${word}"?`
    throw source.error(path, `${place}.${name}: ${wrong}`, { hint })
  }
}

function checkSetting(known: ReturnType<typeof settingsOf>, name: string, value: SettingValue): string | undefined {
  const setting = known.get(name)
  return setting ? setting.check(value) : 'the client cannot honour this setting'
}
