/** The settings of one cell, from every part of the scenario that can give them. */
import { appSettings } from './application.ts'
import { clientSettings } from './client-of.ts'
import { splitName } from './setting-names.ts'
import type { SettingPlace } from './setting-names.ts'
import type { Settings } from '../../../model/settings.ts'
import type { SystemFacts } from '../../../systems/shared/facts.ts'
import type { ScenarioSource } from '../scenario/source.ts'
import { consumerSettings } from '../workload/settings.ts'

/** The settings of a cell by place. Without `consumer`, the lane has no consumers; without `app`, no application. */
export type SettingsByPlace = Record<Exclude<SettingPlace, 'consumer' | 'app'>, Settings> & {
  consumer?: Settings
  app?: Settings
}

/** Later sources override earlier ones: the whole scenario, lane defaults, the point of the matrix, `--set`. */
export function gatherSettings(source: ScenarioSource, system: SystemFacts, point: Settings): SettingsByPlace {
  const { cluster = {}, lanes, workload = {} } = source.scenario
  const { defaults = {} } = lanes
  const { broker = {}, ...shape } = cluster
  for (const key of Object.keys(shape)) splitName(source, system, `cluster.${key}`)
  const byPlace: SettingsByPlace = {
    cluster: scalars(shape),
    broker: { ...broker },
    topic: { ...defaults.topic },
    producer: { ...defaults.producer },
    ...(defaults.consumer ? { consumer: { ...defaults.consumer } } : {}),
    client: scalars(clientSettings(defaults.client)),
    ...(defaults.app ? { app: scalars(appSettings(defaults.app)) } : {}),
    workload: scalars({ ...workload, ...defaults.workload }),
  }
  for (const [name, value] of [...Object.entries(point), ...Object.entries(source.overrides)]) {
    const { place, setting } = splitName(source, system, name)
    byPlace[place] = { ...byPlace[place], [setting]: value }
  }
  return withDefaults(withConsumer(byPlace))
}

/** A workload that says what consumers do asks for consumers, also where no setting of theirs is given. */
function withConsumer(byPlace: SettingsByPlace): SettingsByPlace {
  if (byPlace.app !== undefined) return byPlace
  const asked = consumerSettings.some(name => (byPlace.workload[name] ?? null) !== null)
  return byPlace.consumer === undefined && asked ? { ...byPlace, consumer: {} } : byPlace
}

/** The word `default` is the default of the system or the client, as null is. */
function withDefaults(byPlace: SettingsByPlace): SettingsByPlace {
  const plain = (settings: Settings) =>
    Object.fromEntries(Object.entries(settings).map(([name, value]) => [name, value === 'default' ? null : value]))
  return {
    ...byPlace,
    broker: plain(byPlace.broker),
    topic: plain(byPlace.topic),
    producer: plain(byPlace.producer),
    ...(byPlace.consumer ? { consumer: plain(byPlace.consumer) } : {}),
    workload: plain(byPlace.workload),
  }
}

/** Settings without the keys that have no value. Anything but text, numbers and booleans becomes null. */
function scalars(settings: Record<string, unknown>): Settings {
  const given = Object.entries(settings).filter(([, value]) => value !== undefined)
  return Object.fromEntries(given.map(([name, value]) => [name, scalar(value)]))
}

function scalar(value: unknown): Settings[string] {
  return typeof value === 'string' || typeof value === 'number' || typeof value === 'boolean' ? value : null
}
