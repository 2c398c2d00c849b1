/** Properties files of RocketMQ: broker.conf of masters and slaves, name servers, controllers, and client settings. */
import { LossproofError } from '../../../model/errors.ts'
import { scoreByNames } from '../../shared/config-files/score.ts'
import type {
  ConfigDocument,
  ConfigFormat,
  KeyMeaning,
  KnownSettings,
  Leaf,
  NodeFact,
  ReadKey,
} from '../../shared/config-files/types.ts'

const places = ['broker', 'topic', 'producer', 'consumer'] as const
/** Names that only name servers have, and those of the controller that can run inside one. */
const nameServerNames = new Set([
  'kvConfigPath',
  'configStorePath',
  'enableControllerInNamesrv',
  'enableStartupController',
  'orderMessageEnable',
  'unRegisterBrokerQueueCapacity',
  'scanNotActiveBrokerInterval',
])
const controllerNames =
  /^(?:controller(?!Addr$|HeartBeatTimeoutMills$)\w+|enableElectUncleanMaster|scanInactiveMasterInterval)$/

export const brokerConf: ConfigFormat = {
  label: 'broker',
  match: (document, known) =>
    document.format === 'properties' && !isNameServer(document)
      ? scoreByNames(document, known, 'broker', places, /broker|rocketmq/i)
      : 0,
  read(document) {
    refuseDledger(document)
    const node = brokerOf(document)
    const isSlave = node.role === 'slave'
    return {
      keys: document.leaves.map(leaf => ({ key: nameOf(leaf), leaf, meaning: brokerMeaning(leaf, isSlave) })),
      nodes: [node],
      notes: [],
      mentions: [],
    }
  },
  spell: ({ place, name, value }) => (place === 'broker' && !isNameServerName(name) ? [{ path: [name], value }] : []),
}

export const nameServerConf: ConfigFormat = {
  label: 'name server or controller',
  match: document =>
    document.format === 'properties' && isNameServer(document)
      ? 10 * document.leaves.filter(leaf => isNameServerName(nameOf(leaf))).length
      : 0,
  read(document, known) {
    const controls = document.leaves.some(leaf => /^controllerD[Ll]eger/.test(nameOf(leaf)))
    return {
      keys: document.leaves.map((leaf): ReadKey => ({
        key: nameOf(leaf),
        leaf,
        meaning: nameServerMeaning(leaf, known),
      })),
      nodes: [node(document, controls ? 'controller' : 'name-server'), ...peersOf(document)],
      notes: [],
      mentions: [],
    }
  },
  spell: ({ place, name, value }) => (place === 'broker' && isNameServerName(name) ? [{ path: [name], value }] : []),
}

export const clientProperties: readonly ConfigFormat[] = (['producer', 'consumer'] as const).map(place => ({
  label: place,
  match: (document, known) =>
    document.format === 'properties'
      ? scoreByNames(document, known, place, places, place === 'producer' ? /producer/i : /consumer/i)
      : 0,
  read: document => ({
    keys: document.leaves.map(leaf => ({
      key: nameOf(leaf),
      leaf,
      meaning: { kind: 'setting', place, name: nameOf(leaf), value: leaf.value },
    })),
    nodes: [],
    notes: [],
    mentions: [],
    client: 'rocketmq-java',
  }),
  spell: setting => (setting.place === place ? [{ path: [setting.name], value: setting.value }] : []),
}))

const nameOf = ({ path }: Leaf) => path[0] ?? ''
const isNameServerName = (name: string) => nameServerNames.has(name) || controllerNames.test(name)

function isNameServer(document: ConfigDocument): boolean {
  const names = document.leaves.map(nameOf)
  return names.some(isNameServerName) && !names.some(name => /^broker(?:Name|Id|Role|ClusterName)$/.test(name))
}

/** Settings of a name server's server and client parts, which brokers have too. */
const networkNames =
  /^(?:listenPort|bindAddress|server\w+|client\w+|useEpollNativeSelector|rocketmqHome|productEnvName)$/

function nameServerMeaning(leaf: Leaf, known: KnownSettings): KeyMeaning {
  const name = nameOf(leaf)
  if (/^controllerDLegerPeers$/i.test(name)) return { kind: 'shape' }
  if (name === 'enableElectUncleanMaster' || /^scan\w+Interval$/.test(name))
    return { kind: 'setting', place: 'broker', name, value: leaf.value }
  if (!isNameServerName(name) && !networkNames.test(name) && !known.has('broker', name)) return { kind: 'unknown' }
  return {
    kind: 'replaced',
    reason: 'Lossproof starts name servers and controllers with addresses and paths of its own',
  }
}

/** The role of a slave is part of the cluster's shape; its other settings must be those of the master. */
function brokerMeaning(leaf: Leaf, isSlave: boolean): KeyMeaning {
  const name = nameOf(leaf)
  if (['brokerName', 'brokerId', 'enableControllerMode'].includes(name)) return { kind: 'shape' }
  if (name === 'brokerRole' && leaf.value === 'SLAVE') return { kind: 'shape' }
  return { kind: 'setting', place: 'broker', name, value: leaf.value, ...(isSlave ? { secondary: true } : {}) }
}

/** The number of controllers, from the list of peers in the file of one. */
function peersOf(document: ConfigDocument): NodeFact[] {
  const peers = document.leaves.find(leaf => /^controllerDLegerPeers$/i.test(nameOf(leaf)))
  const count = peers ? String(peers.value).split(';').length : 0
  return count > 0 ? [{ ...node(document, 'controller-peers'), count }] : []
}

function refuseDledger({ file, leaves }: ConfigDocument): void {
  const dledger = leaves.find(leaf => nameOf(leaf) === 'enableDLegerCommitLog' && leaf.value === true)
  if (dledger)
    throw LossproofError.at('usage', { file, line: dledger.line }, 'DLedger clusters are not supported', {
      hint: 'RocketMQ 5 replaces DLedger with the controller mode: enableControllerMode=true',
    })
}

function brokerOf(document: ConfigDocument): NodeFact {
  const value = (name: string) => String(document.leaves.find(leaf => nameOf(leaf) === name)?.value ?? '')
  const role = value('brokerRole')
  const isElected = value('enableControllerMode') === 'true'
  const isSlave = role === 'SLAVE' || Number(value('brokerId') || 0) > 0
  const word = isElected ? 'elected' : isSlave ? 'slave' : role === 'SYNC_MASTER' ? 'sync-master' : 'master'
  return { ...node(document, word), group: value('brokerName') }
}

const node = (document: ConfigDocument, role: string): NodeFact => ({
  role,
  count: 1,
  complete: false,
  file: document.file,
  line: document.leaves[0]?.line ?? 1,
})
