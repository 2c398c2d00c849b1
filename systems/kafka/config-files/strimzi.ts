/** Resources of the Strimzi operator for Kubernetes: Kafka, KafkaNodePool and KafkaTopic. */
import type {
  ConfigDocument,
  ConfigFormat,
  FileNote,
  KeyMeaning,
  Leaf,
  NodeFact,
  ReadKey,
} from '../../shared/config-files/types.ts'
import { brokerDefault } from './known.ts'
import { certain } from '../../shared/config-files/types.ts'

const text = (document: ConfigDocument, path: string) =>
  String(document.leaves.find(leaf => leaf.path.join('.') === path)?.value ?? '')

const isStrimzi = (document: ConfigDocument, kind: string) =>
  document.format !== 'properties' &&
  text(document, 'apiVersion').startsWith('kafka.strimzi.io/') &&
  text(document, 'kind') === kind

const operator = 'Strimzi sets addresses, security and storage; the test cluster has its own'

const clusterFormat: ConfigFormat = {
  label: 'cluster of Strimzi',
  match: document => (isStrimzi(document, 'Kafka') ? certain : 0),
  read(document) {
    const version = document.leaves.find(({ path }) => path.join('.') === 'spec.kafka.version')
    return {
      ...(version ? { version: { text: String(version.value), line: version.line } } : {}),
      keys: document.leaves.filter(isSpec).map(leaf => keyOf(leaf, clusterMeaning(leaf))),
      nodes: nodesOf(document, 'spec.kafka.replicas', 'broker'),
      notes: storageNotes(document),
      mentions: [],
    }
  },
  spell({ place, name, value }, _, known) {
    const path = (setting: string) => ['spec', 'kafka', 'config', setting]
    if (place === 'broker') return [{ path: path(name), value }]
    const byDefault = place === 'topic' ? brokerDefault(name, known) : undefined
    return byDefault === undefined ? [] : [{ path: path(byDefault), value, as: { place: 'broker', name: byDefault } }]
  },
}

const poolFormat: ConfigFormat = {
  label: 'node pool of Strimzi',
  match: document => (isStrimzi(document, 'KafkaNodePool') ? certain : 0),
  read(document) {
    const roles = document.leaves
      .filter(({ path }) => path.slice(0, 2).join('.') === 'spec.roles')
      .map(({ value }) => String(value))
    const role = ['broker', 'controller'].filter(word => roles.includes(word)).join(',')
    return {
      keys: document.leaves.filter(isSpec).map(leaf => keyOf(leaf, poolMeaning(leaf))),
      nodes: nodesOf(document, 'spec.replicas', role === '' ? 'broker' : role),
      notes: storageNotes(document),
      mentions: [],
    }
  },
}

const topicFormat: ConfigFormat = {
  label: 'topic of Strimzi',
  match: document => (isStrimzi(document, 'KafkaTopic') ? certain : 0),
  read(document) {
    const topic = text(document, 'spec.topicName') || text(document, 'metadata.name')
    return {
      keys: document.leaves.filter(isSpec).map(leaf => keyOf(leaf, topicMeaning(leaf, topic))),
      nodes: [],
      notes: [],
      mentions: [],
    }
  },
  spell({ place, name, value, topic }, document) {
    const own = text(document, 'spec.topicName') || text(document, 'metadata.name')
    if (place !== 'topic' || (topic !== undefined && topic !== own)) return []
    if (name === 'partitions') return [{ path: ['spec', 'partitions'], value }]
    if (name === 'replication.factor') return [{ path: ['spec', 'replicas'], value }]
    return [{ path: ['spec', 'config', name], value }]
  },
}

export const strimziFormats: readonly ConfigFormat[] = [clusterFormat, poolFormat, topicFormat]

const isSpec = ({ path }: Leaf) => path[0] === 'spec'
const keyOf = (leaf: Leaf, meaning: KeyMeaning): ReadKey => ({ key: leaf.path.join('.'), leaf, meaning })

function clusterMeaning({ path, value }: Leaf): KeyMeaning {
  const [, section, key, ...rest] = path
  if (section !== 'kafka') return { kind: 'no-effect', reason: 'not part of the brokers' }
  if (key === 'config') return { kind: 'setting', place: 'broker', name: rest.join('.'), value }
  return key === 'replicas' || key === 'version' ? { kind: 'shape' } : { kind: 'replaced', reason: operator }
}

function poolMeaning({ path }: Leaf): KeyMeaning {
  return path[1] === 'replicas' || path[1] === 'roles' ? { kind: 'shape' } : { kind: 'replaced', reason: operator }
}

function topicMeaning({ path, value }: Leaf, topic: string): KeyMeaning {
  const [, key, ...rest] = path
  if (key === 'partitions') return { kind: 'setting', place: 'topic', name: 'partitions', value, topic }
  if (key === 'replicas') return { kind: 'setting', place: 'topic', name: 'replication.factor', value, topic }
  if (key === 'config') return { kind: 'setting', place: 'topic', name: rest.join('.'), value, topic }
  if (key === 'topicName') return { kind: 'replaced', reason: 'the test names its topics itself' }
  return { kind: 'unknown' }
}

function nodesOf(document: ConfigDocument, path: string, role: string): NodeFact[] {
  const replicas = document.leaves.find(leaf => leaf.path.join('.') === path)
  if (!replicas || typeof replicas.value !== 'number') return []
  return [{ role, count: replicas.value, complete: true, file: document.file, line: replicas.line }]
}

function storageNotes(document: ConfigDocument): FileNote[] {
  return document.leaves
    .filter(({ path, value }) => path.includes('storage') && path.at(-1) === 'type' && value === 'ephemeral')
    .map(({ line }) => ({ line, text: 'storage of type ephemeral is deleted with the pod, like a lost disk' }))
}
