/** Scenario → cells with all their settings, each still without a trial. */
import { expandMatrix, pointName, slugOf } from './matrix.ts'
import { checkClient, splitName } from './places.ts'
import type { Place } from './places.ts'
import type { ScenarioPath as Path } from '../../model/scenario-errors.ts'
import type { ScenarioSource } from './scenario/source.ts'
import { withoutNull } from '../../systems/shared/planning.ts'
import type { ClusterSettings, DraftTopic } from '../../systems/shared/planning.ts'
import { systemFacts } from '../../systems/index.ts'
import type { Lane, Settings } from '../../model/plan.ts'
import { planWorkload } from './workload.ts'

/** A cell's settings by place, and the lane that they make. */
export interface CellDraft extends ClusterSettings {
  id: string
  /** All declared settings as `place.setting`. */
  settings: Settings
  lane: Omit<Lane, 'id' | 'topic'> & { slug: string; topic: DraftTopic }
}

/** All cells of a scenario. `set` overrides settings of every one. */
export function draftCells(source: ScenarioSource, set: Settings, defaultVersion: string): CellDraft[] {
  const { scenario } = source
  const points = expandMatrix(scenario.lanes.matrix ?? {}, scenario.lanes.exclude ?? [])
  if (points.length === 0) throw source.error(['lanes', 'exclude'], 'the matrix has no cell left')
  return points.map(point => draftCell(source, point, set, defaultVersion))
}

function draftCell(source: ScenarioSource, point: Settings, set: Settings, defaultVersion: string): CellDraft {
  const { scenario } = source
  const system = systemFacts(scenario.system).planning
  const byPlace = gather(source, point, set)
  const cluster = byPlace.get('cluster') ?? {}
  const topic = system.topic(source, byPlace.get('topic') ?? {}, cluster)
  const id = pointName(point) === '' ? scenario.name : `${scenario.name}/${pointName(point)}`
  const { library = system.defaultClient, ...clientSettings } = byPlace.get('client') ?? {}
  const client = String(library)
  const producer = withoutNull(byPlace.get('producer') ?? {})
  const given = byPlace.get('consumer')
  const foreign = Object.keys(byPlace.get('workload') ?? {}).find(name => system.foreignWorkload.includes(name))
  if (foreign !== undefined)
    throw source.error(['workload'], `workload.${foreign} means nothing to ${scenario.system}`, { key: foreign })
  const { workload, sending, handling, instances } = planWorkload(source, byPlace.get('workload') ?? {}, given ?? {})
  if (!system.onPoison.includes(handling.onPoison))
    throw source.error(
      ['workload'],
      `workload.onPoison: a consumer of ${scenario.system} cannot ${handling.onPoison}`,
      { hint: `one of ${system.onPoison.join(', ')}` },
    )
  checkClient(source, pathOf(source, 'producer'), client, 'producer', producer, clientSettings, { sending, cluster })
  // Who commits by himself has switched the client's own commits off.
  const consumer =
    given && withoutNull(handling.commit === 'library' ? given : { ...given, 'enable.auto.commit': false })
  if (consumer)
    checkClient(source, pathOf(source, 'consumer'), client, 'consumer', consumer, clientSettings, { handling, cluster })
  if (workload.spread && client !== 'kafkajs')
    throw source.error(['workload'], `workload.spread: ${client} sends to one partition at a time`)
  const slug = slugOf(point)
  const { version, ...shape } = cluster
  return {
    id,
    settings: flatten(byPlace),
    cluster: shape,
    broker: byPlace.get('broker') ?? {},
    version: String(version ?? defaultVersion),
    lane: {
      slug,
      cell: id,
      topic,
      producer: { client, settings: producer, clientSettings, sending },
      ...(consumer
        ? { consumer: { client, group: `group-${slug}`, settings: consumer, clientSettings, handling, instances } }
        : {}),
      workload,
    },
  }
}

/** Scenario-wide values, then lane defaults, then the matrix point, then `--set`. */
function gather(source: ScenarioSource, point: Settings, set: Settings): Map<Place, Settings> {
  const { cluster = {}, lanes, workload = {} } = source.scenario
  const { defaults = {} } = lanes
  const byPlace = new Map<Place, Settings>()
  const put = (place: Place, settings: Record<string, unknown>) => {
    const known = byPlace.get(place) ?? {}
    for (const [key, value] of Object.entries(settings)) if (value !== undefined) known[key] = scalar(value)
    byPlace.set(place, known)
  }
  const { broker, ...shape } = cluster
  for (const key of Object.keys(shape)) splitName(source, `cluster.${key}`, ['cluster'])
  put('cluster', shape)
  put('broker', broker ?? {})
  put('topic', defaults.topic ?? {})
  put('producer', defaults.producer ?? {})
  if (defaults.consumer) put('consumer', defaults.consumer)
  put('client', typeof defaults.client === 'string' ? { library: defaults.client } : (defaults.client ?? {}))
  put('workload', { ...workload, ...defaults.workload })
  for (const [name, value] of [...Object.entries(point), ...Object.entries(set)]) {
    const { place, setting } = splitName(source, name, ['lanes', 'matrix'])
    put(place, { [setting]: value })
  }
  return byPlace
}

function flatten(byPlace: Map<Place, Settings>): Settings {
  const flat: Settings = {}
  for (const [place, settings] of byPlace) {
    for (const [name, value] of Object.entries(settings)) {
      flat[place === 'client' && name === 'library' ? 'client' : `${place}.${name}`] = value
    }
  }
  return flat
}

/** Where the scenario speaks of `place`, for errors. */
function pathOf(source: ScenarioSource, place: 'producer' | 'consumer'): Path {
  return source.scenario.lanes.defaults?.[place] === undefined ? ['lanes', 'matrix'] : ['lanes', 'defaults', place]
}

function scalar(value: unknown): Settings[string] {
  return typeof value === 'string' || typeof value === 'number' || typeof value === 'boolean' ? value : null
}
