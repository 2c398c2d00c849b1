/** Scenario → cells with all their settings, each still without a trial. */
import { expandMatrix, pointName, slugOf } from './matrix.ts'
import { checkClient, splitName } from './places.ts'
import type { Place } from './places.ts'
import type { Path, ScenarioSource } from './source.ts'
import type { Lane, Settings } from './types.ts'
import { planWorkload } from './workload.ts'

/** A cell's settings by place, and the lane that they make. */
export interface CellDraft {
  id: string
  /** All declared settings as `place.setting`. */
  settings: Settings
  cluster: { brokers: number; controllers: number; version: string; broker: Settings }
  lane: Omit<Lane, 'id'> & { slug: string }
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
  const byPlace = gather(source, point, set)
  const topic = byPlace.get('topic') ?? {}
  const cluster = byPlace.get('cluster') ?? {}
  const brokers = whole(cluster['brokers'] ?? 3)
  const replicationFactor = whole(topic['replication.factor'] ?? Math.min(3, brokers))
  if (replicationFactor > brokers) {
    throw source.error(['lanes'], `replication.factor ${replicationFactor} needs more than ${brokers} brokers`)
  }
  const id = pointName(point) === '' ? scenario.name : `${scenario.name}/${pointName(point)}`
  const { library = 'kafkajs', ...clientSettings } = byPlace.get('client') ?? {}
  const client = String(library)
  const producer = withoutNull(byPlace.get('producer') ?? {})
  const given = byPlace.get('consumer')
  const { workload, sending, handling, instances } = planWorkload(source, byPlace.get('workload') ?? {}, given ?? {})
  checkClient(source, pathOf(source, 'producer'), client, 'producer', producer, clientSettings, { sending })
  // Who commits by himself has switched the client's own commits off.
  const consumer = given && withoutNull(handling.commit === 'library' ? given : { ...given, 'enable.auto.commit': false })
  if (consumer) checkClient(source, pathOf(source, 'consumer'), client, 'consumer', consumer, clientSettings, { handling })
  if (workload.spread && client !== 'kafkajs') throw source.error(['workload'], `workload.spread: ${client} sends to one partition at a time`)
  if (topic['leaders'] !== undefined && topic['leaders'] !== 'one' && topic['leaders'] !== 'spread') throw source.error(['lanes'], `topic.leaders: expected one or spread, got ${String(topic['leaders'])}`)
  const slug = slugOf(point)
  return {
    id,
    settings: flatten(byPlace),
    cluster: {
      brokers,
      controllers: whole(cluster['controllers'] ?? 0),
      version: String(cluster['version'] ?? defaultVersion),
      broker: withoutNull(byPlace.get('broker') ?? {}),
    },
    lane: {
      slug,
      cell: id,
      topic: {
        name: slug,
        partitions: whole(topic['partitions'] ?? 1),
        replicationFactor,
        leaders: topic['leaders'] === 'spread' ? 'spread' : 'one',
        settings: withoutNull(without(topic, ['partitions', 'replication.factor', 'leaders'])),
      },
      producer: { client, settings: producer, clientSettings, sending },
      ...(consumer ? { consumer: { client, group: `group-${slug}`, settings: consumer, clientSettings, handling, instances } } : {}),
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

const whole = (value: Settings[string] | undefined): number => Math.trunc(Number(value))

function scalar(value: unknown): Settings[string] {
  return typeof value === 'string' || typeof value === 'number' || typeof value === 'boolean' ? value : null
}

/** null leaves a setting at its default. */
function withoutNull(settings: Settings): Settings {
  return Object.fromEntries(Object.entries(settings).filter(([, value]) => value !== null))
}

function without(settings: Settings, names: string[]): Settings {
  return Object.fromEntries(Object.entries(settings).filter(([name]) => !names.includes(name)))
}
