/** Scenario → cells with all their settings, before they are assigned to trials. */
import { checkMatrix } from './check-matrix.ts'
import { expandMatrix, pointName, slugOf } from './matrix.ts'
import { checkSettings } from './check-settings.ts'
import { checkClient } from './client.ts'
import { clientOf, folderOf } from './client-of.ts'
import { gatherSettings } from './gather.ts'
import type { SettingsByPlace } from './gather.ts'
import { planApplication } from './application.ts'
import { canPool, canSpread, payloadOf, runsIn } from '../../../workloads/clients/catalog.ts'
import { suggestion } from '../../../model/nearest.ts'
import type { Lane, Settings } from '../../../model/plan.ts'
import { refusal } from '../../../model/setting-rule.ts'
import { withoutNull } from '../../../model/settings.ts'
import { systemFacts } from '../../../systems/index.ts'
import type { SystemFacts } from '../../../systems/shared/facts.ts'
import type { ClusterSettings, DraftTopic } from '../../../systems/shared/planning.ts'
import type { ScenarioSource } from '../scenario/source.ts'
import { planWorkload } from '../workload/workload.ts'

/** A cell before it has a trial: the settings of its cluster, and its lane without names that a trial must make unique. */
export interface CellDraft extends ClusterSettings {
  id: string
  /** The image of the user's own that its cluster runs. */
  image: string | undefined
  /** All settings that the scenario gives, as `place.setting`. */
  settings: Settings
  lane: Omit<Lane, 'id' | 'topic'> & { slug: string; topic: DraftTopic }
}

/** All cells of a scenario. */
export function draftCells(source: ScenarioSource, defaultVersion: string): CellDraft[] {
  const { scenario } = source
  checkMatrix(source)
  const points = scenario.lanes.cells ?? expandMatrix(scenario.lanes.matrix ?? {}, scenario.lanes.exclude ?? [])
  if (points.length === 0) throw source.error(['lanes', 'exclude'], 'lanes.exclude removes every cell of the matrix')
  const drafts = points.map(point => draftCell(source, point, defaultVersion))
  refuseUnusedExceptions(source, drafts)
  refuseMixture(source, drafts)
  return drafts
}

/** An exception for a setting that no cell has was meant for another one. */
function refuseUnusedExceptions(source: ScenarioSource, drafts: readonly CellDraft[]): void {
  const given = new Set(drafts.flatMap(({ settings }) => Object.keys(settings)))
  const unused = [...source.unchecked].find(name => !given.has(name))
  if (unused !== undefined)
    throw source.error(['unchecked'], `unchecked names ${unused}, which no cell sets`, {
      hint: suggestion(unused, given, 'remove it'),
    })
}

/** The links of consumers are those of applications, so a fault of one would hit the other. */
function refuseMixture(source: ScenarioSource, drafts: readonly CellDraft[]): void {
  const without = drafts.find(({ lane }) => lane.app === undefined)
  if (without !== undefined && drafts.some(({ lane }) => lane.app !== undefined))
    throw source.error(['lanes'], `the cell ${without.id} has no application, and others have one`, {
      hint: 'give cells without an application in a scenario of their own',
    })
}

function draftCell(source: ScenarioSource, point: Settings, defaultVersion: string): CellDraft {
  const system = systemFacts(source.scenario.system)
  const byPlace = gatherSettings(source, system, point)
  const { version: given, image, ...written } = byPlace.cluster
  const cluster = withFile(written, source.file)
  const version = String(given ?? defaultVersion)
  refuseClusterValues(source, system, cluster)
  checkSettings(source, system, 'broker', byPlace.broker, { version, cluster })
  checkSettings(source, system, 'topic', byPlace.topic, { version, cluster })
  const id = pointName(point) === '' ? source.scenario.name : `${source.scenario.name}/${pointName(point)}`
  const slug = slugOf(point)
  return {
    id,
    settings: flatten(byPlace),
    cluster,
    broker: byPlace.broker,
    version,
    image: image === undefined || image === null ? undefined : String(image),
    lane: {
      slug,
      cell: id,
      topic: system.planning.topic(source, byPlace.topic, cluster),
      ...planClients(source, system, byPlace, `group-${slug}`),
    },
  }
}

/** A compose file is named relative to the scenario. */
function withFile(cluster: Settings, scenario: string): Settings {
  const { compose } = cluster
  if (typeof compose !== 'string' || compose.startsWith('/')) return cluster
  const folder = folderOf(scenario)
  const plain = compose.replace(/^\.\//, '')
  return { ...cluster, compose: folder === '.' ? plain : `${folder}/${plain}` }
}

function planClients(
  source: ScenarioSource,
  system: SystemFacts,
  byPlace: SettingsByPlace,
  group: string,
): Pick<Lane, 'producer' | 'consumer' | 'app' | 'workload'> {
  const { cluster } = byPlace
  const otherwise = { library: system.planning.defaultClient, folder: folderOf(source.file) }
  const sender = clientOf(byPlace.client, 'producer', otherwise)
  const given = byPlace.consumer
  const planned = planWorkload(source, system, byPlace.workload, given ?? {})
  const { workload, sending, handling, instances, subscriptions } = planned
  const producer = withoutNull(byPlace.producer)
  checkClient(source, system, {
    ...sender,
    role: 'producer',
    settings: producer,
    application: { sending, cluster, workload },
  })
  if (workload.spread && !canSpread(sender.client))
    throw source.settingError(
      'workload.spread',
      `workload.spread: ${sender.client} sends to one partition at a time, so it cannot spread a send over several`,
    )
  const lane = { producer: { ...sender, settings: producer, sending }, workload }
  const { app } = byPlace
  if (app !== undefined)
    return {
      ...lane,
      ...planApplication(source, system, { ...byPlace, app }, planned, { group, client: sender.client }),
    }
  if (given === undefined) return lane
  // An application that commits by itself switches the client's own commits off.
  const settings = withoutNull(handling.commit === 'library' ? given : { ...given, 'enable.auto.commit': false })
  const receiver = clientOf(byPlace.client, 'consumer', otherwise)
  checkClient(source, system, { ...receiver, role: 'consumer', settings, application: { handling, cluster } })
  if (handling.workers !== undefined && !canPool(receiver.client))
    throw source.settingError(
      'workload.workers',
      `workload.workers: consumers of ${receiver.client} have one worker; use the client java for several`,
    )
  if (payloadOf(lane.producer) !== 'lossproof' && runsIn(receiver.client) === 'container')
    throw source.settingError(
      'client',
      `the consumer ${receiver.client} does not understand the messages of this lane's producer`,
      { hint: 'choose a consumer that runs in Node, or a command of your own' },
    )
  const members = { instances, ...(subscriptions ? { subscriptions } : {}) }
  return { ...lane, consumer: { ...receiver, group, settings, handling, ...members } }
}

function refuseClusterValues(source: ScenarioSource, system: SystemFacts, cluster: Settings): void {
  for (const [name, value] of Object.entries(cluster)) {
    const rule = system.planning.clusterSettings[name]
    const wrong = rule === undefined ? undefined : refusal(rule, value)
    if (wrong !== undefined) throw source.settingError(`cluster.${name}`, `cluster.${name}: ${wrong}`)
  }
}

function flatten(byPlace: SettingsByPlace): Settings {
  const flat: Settings = {}
  for (const [place, settings] of Object.entries(byPlace)) {
    for (const [name, value] of Object.entries(settings ?? {})) {
      flat[place === 'client' && name === 'library' ? 'client' : `${place}.${name}`] = value
    }
  }
  return flat
}
