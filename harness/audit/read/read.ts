/** Configuration files as they are → one configuration: system, cluster, settings with file and line, classified keys. */
import { LossproofError } from '../../../model/errors.ts'
import { nearest } from '../../../model/nearest.ts'
import type { Settings, SettingValue } from '../../../model/plan.ts'
import { systemFacts, systems } from '../../../systems/index.ts'
import type { NodeFact, ReadKey, Readout } from '../../../systems/shared/config-files/types.ts'
import { clients, conflictOf } from '../../../workloads/clients/catalog.ts'
import { classify } from './classify.ts'
import type { ClassifiedKey, Configuration, FileSummary, PlacedSetting } from './configuration.ts'
import { documentsOf } from './documents.ts'
import type { SourceText } from './documents.ts'
import { mergeSettings, withoutEffect } from './merge.ts'
import type { Classified } from './merge.ts'
import { recognise } from './recognise.ts'
import type { Candidate, Recognised } from './recognise.ts'

export interface ReadOptions {
  /** Version of the system to test; by default the newest one that Lossproof knows. */
  version?: string
  /** Name of the topic to test, when the files describe several. */
  topic?: string
  /** Id of the client library, when the files do not name one or another is wanted. */
  client?: string
}

interface ReadFile extends Recognised {
  readout: Readout
}

/** Throws LossproofError('usage') that names file and line for files that cannot be read, mixed or tested. */
export function readConfiguration(sources: readonly SourceText[], options: ReadOptions = {}): Configuration {
  const candidates = systems.map((system): Candidate => {
    const version = options.version ?? system.images.defaultVersion
    return { id: system.id, label: system.label, version, facts: system.configFiles(version) }
  })
  const read = sources.flatMap(source => readSource(source, candidates))
  const system = oneSystem(read)
  const client = chooseClient(read, system, options.client)
  const topic = chooseTopic(read, options.topic)
  const nodes = read.flatMap(({ readout }) => readout.nodes)
  const classified = read.flatMap(({ document, readout }) =>
    readout.keys.map(key => ({ key, result: classify(document.file, key, { facts: system.facts, client, topic }) })),
  )
  const { cluster, assumptions } = clusterOf(system, nodes, classified)
  const { planning } = systemFacts(system.id)
  const { keys, settings } = mergeSettings(
    withoutEffect(classified, (name, value) =>
      planning.refuseBrokerSetting(name, value, cluster, String(cluster['version'] ?? system.version)),
    ),
  )
  refuseConflict(settings, client)
  const topicDefaults = system.facts.topicDefaults(cluster, at(settings, 'broker'), at(settings, 'topic'))
  const version = String(cluster['version'] ?? system.version)
  return {
    system: system.id,
    version,
    client,
    topic,
    files: read.map(file => summaryOf(file, keys)),
    cluster,
    settings: withDefaults(settings, topicDefaults.topic),
    keys,
    assumptions: [...otherVersion(read, version, options.version), ...assumptions, ...topicDefaults.assumptions],
    notes: read.flatMap(({ document, readout }) => readout.notes.map(note => ({ file: document.file, ...note }))),
    mentions: read.flatMap(({ document, readout }) =>
      readout.mentions.map(other => ({ file: document.file, ...other })),
    ),
  }
}

/** A file names another version than the one that is tested, and the user has chosen none. */
function otherVersion(read: readonly ReadFile[], tested: string, wanted: string | undefined): string[] {
  if (wanted !== undefined) return []
  const named = read.flatMap(({ document: { file }, readout }) =>
    readout.version ? [{ file, ...readout.version }] : [],
  )
  const other = named.find(({ text }) => text !== tested && !tested.startsWith(`${text}.`))
  if (other === undefined) return []
  return [
    `${other.file}:${other.line} has version ${other.text}; ${tested} is tested. --system-version chooses another`,
  ]
}

/** Settings that the client library refuses together would end the application at its start. */
function refuseConflict(settings: readonly PlacedSetting[], client: string): void {
  for (const role of ['producer', 'consumer'] as const) {
    const own = settings.filter(({ place }) => place === role)
    const conflict = conflictOf(client, role, at(settings, role))
    if (conflict === undefined || own.length === 0) continue
    const lines = own.flatMap(({ name, from }) =>
      from && conflict.includes(name) ? [`${from.file}:${from.line}`] : [],
    )
    throw new LossproofError(
      'usage',
      `${lines.length > 0 ? lines.join(', ') : role}: the client ${client} refuses these settings: ${conflict}`,
      { hint: 'the application would not start with them; correct them first' },
    )
  }
}

function readSource(source: SourceText, candidates: readonly Candidate[]): ReadFile[] {
  const documents = documentsOf(source).filter(({ leaves }) => leaves.length > 0)
  if (documents.length === 0)
    throw new LossproofError('usage', `${source.name}: contains no settings`, {
      hint: 'give a configuration file of a broker, a topic, a producer or a consumer',
    })
  return recognise(documents, candidates).map(found => ({
    ...found,
    readout: found.format.read(found.document, found.system.facts.known),
  }))
}

function oneSystem(read: readonly ReadFile[]): Candidate {
  const [first] = read
  if (!first) throw new LossproofError('usage', 'no configuration file was given')
  const other = read.find(({ system }) => system.id !== first.system.id)
  if (other)
    throw new LossproofError(
      'usage',
      `${first.document.file} configures ${first.system.label} and ${other.document.file} configures ${other.system.label}`,
      { hint: 'audit one system at a time' },
    )
  return first.system
}

function chooseClient(read: readonly ReadFile[], system: Candidate, wanted: string | undefined): string {
  const ids = Object.entries(clients).flatMap(([id, facts]) =>
    facts.system === system.id && facts.runsIn !== 'command' ? [id] : [],
  )
  const named = new Map(
    read.flatMap(({ document, readout }) => (readout.client ? [[readout.client, document.file]] : [])),
  )
  const [first, second] = [...named]
  if (wanted === undefined && first && second)
    throw new LossproofError(
      'usage',
      `${first[1]} configures the client ${first[0]} and ${second[1]} configures ${second[0]}`,
      { hint: 'audit one client at a time, or choose one with --client' },
    )
  const client = wanted ?? first?.[0] ?? system.facts.defaultClient
  if (ids.includes(client)) return client
  const word = nearest(client, ids)
  throw new LossproofError('usage', `unknown client "${client}" for ${system.label}`, {
    hint: word === undefined ? `one of ${ids.join(', ')}` : `did you mean "${word}"?`,
  })
}

function chooseTopic(read: readonly ReadFile[], wanted: string | undefined): string | undefined {
  const names = new Set(
    read.flatMap(({ readout }) =>
      readout.keys.flatMap(({ meaning }) => (meaning.kind === 'setting' && meaning.topic ? [meaning.topic] : [])),
    ),
  )
  if (wanted !== undefined && names.size > 0 && !names.has(wanted)) {
    const word = nearest(wanted, names)
    throw new LossproofError('usage', `no file describes the topic "${wanted}"`, {
      hint: word === undefined ? `topics: ${[...names].join(', ')}` : `did you mean "${word}"?`,
    })
  }
  if (wanted === undefined && names.size > 1)
    throw new LossproofError('usage', `the files describe ${names.size} topics: ${[...names].join(', ')}`, {
      hint: 'choose one with --topic',
    })
  return wanted ?? [...names][0]
}

function clusterOf(system: Candidate, nodes: readonly NodeFact[], classified: readonly Classified[]) {
  const given = Object.fromEntries(
    classified.flatMap(({ result }) =>
      result.place === 'cluster' ? [[result.name ?? '', result.value] as const] : [],
    ),
  )
  const found = system.facts.cluster(nodes)
  // What the file says about the cluster needs no assumption.
  const assumptions = Object.keys(given).length > 0 && nodes.length === 0 ? [] : found.assumptions
  return { cluster: { ...found.cluster, ...given }, assumptions }
}

const at = (settings: readonly PlacedSetting[], place: PlacedSetting['place']): Settings =>
  Object.fromEntries(settings.filter(setting => setting.place === place).map(({ name, value }) => [name, value]))

/** Settings of the topic that the files do not give, or that the test cluster cannot have. */
function withDefaults(settings: readonly PlacedSetting[], topic: Settings): PlacedSetting[] {
  const replaced = (setting: PlacedSetting) => setting.place === 'topic' && setting.name in topic
  const defaults = Object.entries(topic).map(([name, value]: [string, SettingValue]): PlacedSetting => ({
    place: 'topic',
    name,
    value,
  }))
  return [...settings.filter(setting => !replaced(setting) && setting.place !== 'cluster'), ...defaults]
}

function summaryOf({ document, system, format, readout }: ReadFile, keys: readonly ClassifiedKey[]): FileSummary {
  const own = new Set(readout.keys.map(({ leaf }: ReadKey) => leaf.line))
  const used = keys.filter(
    key => key.file === document.file && own.has(key.line) && (key.verdict === 'used' || key.verdict === 'shape'),
  )
  return {
    file: document.file,
    label: `${system.label} ${format.label}`,
    keys: readout.keys.length,
    used: used.length,
  }
}
