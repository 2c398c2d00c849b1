/** Creates the lanes' topics and groups on every broker of their groups, and gates on messages that have reached every replica. */
import { setTimeout as delay } from 'node:timers/promises'
import type { RocketmqCluster } from './cluster.ts'
import {
  admin,
  maxOffset,
  outcomeOf,
  Producer,
  readQueues,
  RefusedError,
  Routes,
} from '../../workloads/rocketmq-remoting/index.ts'
import type { MessageQueue, RemotingClient } from '../../workloads/rocketmq-remoting/index.ts'
import { encodeFence } from '../../workloads/payload.ts'
import type { Lane, Trial } from '../../model/plan.ts'
import { waitFor, WaitExpired } from '../../model/wait.ts'
import type { Observer } from './observer/observer.ts'
import { queuesOnEach } from './queues.ts'

const registeredLimitMs = 60_000
const createLimitMs = 15_000
const reachedLimitMs = 60_000
const askMs = 250
const lookMs = 50
const looks = 10
/** Has a queue in every broker group; nobody reads it. */
export const probeTopic = 'lossproof-probe'
/** Every broker knows it, so that the reader can pull. */
export const readerGroup = 'lossproof-reader'
const permission = 'brokerPermission'
const quickMs = 25
const quickInARow = 20
const warmLimitMs = 5000
const statusLimitMs = 5000

interface Options {
  trial: Trial
  cluster: RocketmqCluster
  observer: Observer
  signal: AbortSignal
}

/**
 * Resolves when every broker group takes messages that reach all its replicas, and name servers know every topic.
 * A slave copies topics from its master only now and then, up to a minute later in classic mode, and after a failover
 * before that they cannot be read: so slaves are told too, unless `topic.onSlaves` is false. That a controller counts a
 * slave as in step says nothing while the logs are empty; a message that is on every replica does (both measured).
 */
export async function prepareTopics(options: Options): Promise<void> {
  const { trial, cluster, observer, signal } = options
  const registration = new Registration(cluster, observer)
  await waitFor(
    { what: 'every broker known to the name servers', limitMs: registeredLimitMs, intervalMs: askMs, signal },
    async () => {
      // With controllers a broker registers when it is told its role.
      if (cluster.advertisedControllers.length === 0) await registration.ask()
      return registered(cluster, observer)
    },
  )
  const { client } = observer
  const names = [...cluster.groups.keys()]
  await waitFor({ what: 'topics and groups created', limitMs: createLimitMs, intervalMs: askMs, signal }, async () => {
    await Promise.all(names.map(async brokerName => create(options, brokerName)))
    return { value: true, seen: '' }
  })
  const routes = new Routes(client, cluster.advertisedNameServers)
  await waitFor(
    { what: 'topics known to the name servers', limitMs: createLimitMs, intervalMs: askMs, signal },
    async () => known(trial.lanes, routes),
  )
  const producer = new Producer(client, routes, { group: 'lossproof' })
  await Promise.all(
    names.map(async brokerName => {
      const queue: MessageQueue = { topic: probeTopic, brokerName, queueId: 0 }
      await waitFor(
        { what: `a message on every replica of ${brokerName}`, limitMs: reachedLimitMs, intervalMs: askMs, signal },
        async () => reached(options, producer, queue),
      )
      await untilAcknowledged(producer, queue, signal)
      await warmUp(async () => producer.send(queue, probe()), signal)
    }),
  )
  await waitFor({ what: 'topics on every broker', limitMs: createLimitMs, intervalMs: askMs, signal }, async () => {
    const lacks: string[] = []
    for (const brokerName of names) {
      const missing = await lacking(options, brokerName)
      if (missing.length > 0) await create(options, brokerName)
      lacks.push(...missing)
    }
    return lacks.length === 0 ? { value: true, seen: '' } : { seen: lacks.join('; ') }
  })
}

const probe = () => ({ body: encodeFence('probe', 'probe') })

function registered(cluster: RocketmqCluster, observer: Observer) {
  const wanted = [...cluster.groups].map(
    ([name, nodes]) => [name, nodes.map(({ id }) => cluster.advertised(id))] as const,
  )
  const told = observer.nameServers(0)
  const missing = cluster.nameServers.flatMap(({ id, name }) => {
    const groups = told.get(id)
    return wanted.flatMap(([brokerName, addresses]) => {
      const seen = new Set(groups?.get(brokerName)?.values())
      const absent = addresses.filter(address => !seen.has(address))
      const hasMaster = groups?.get(brokerName)?.has(0) === true
      return absent.length === 0 && hasMaster
        ? []
        : [`${name} has of ${brokerName} not ${absent.join(', ') || 'a master'}`]
    })
  })
  return missing.length === 0 ? { value: true, seen: '' } : { seen: missing.join('; ') }
}

/**
 * A broker of 5.x looks for name servers that answer while it registers; one that boots quickly finds none, and registers
 * only 10 s later. Told its permission it registers at once, also where that is the one that it has. Slaves learn from the
 * answer where to copy from, so each is asked once its master is known. Only while a cluster boots: a recovery takes what
 * it takes.
 */
class Registration {
  readonly #cluster: RocketmqCluster
  readonly #observer: Observer
  readonly #asked = new Set<number>()

  constructor(cluster: RocketmqCluster, observer: Observer) {
    this.#cluster = cluster
    this.#observer = observer
  }

  async ask(): Promise<void> {
    const { client } = this.#observer
    const heard = this.#observer.heard()
    const told = [...this.#observer.nameServers(0).values()]
    const due = [...this.#cluster.groups].flatMap(([brokerName, nodes]) => {
      const isKnown = (id: number) =>
        told.length > 0 &&
        told.every(groups => [...(groups.get(brokerName)?.values() ?? [])].includes(this.#cluster.advertised(id)))
      const [master, ...slaves] = nodes.map(({ id }) => id)
      if (master === undefined) return []
      return isKnown(master) ? slaves.filter(id => !this.#asked.has(id) || !isKnown(id)) : [master]
    })
    await Promise.all(
      due
        .filter(id => heard.includes(id))
        .map(async id => {
          const address = this.#cluster.advertised(id)
          const { [permission]: own = '6' } = Object.fromEntries(await admin.brokerConfig(client, address))
          await admin.updateBrokerConfig(client, address, { [permission]: own })
          this.#asked.add(id)
        }),
    )
  }
}

interface Wanted {
  address: string
  isMaster: boolean
  topics: { topic: string; queues: number; perm?: number }[]
  groups: string[]
}

/** What each broker of the group is to know, the master first. */
async function wantedOn({ trial, cluster, observer: { client } }: Options, brokerName: string): Promise<Wanted[]> {
  const lanes = trial.lanes.filter(lane => lane.topic.brokerNames.includes(brokerName))
  const master = await masterAddress(client, cluster, brokerName)
  const groups = [readerGroup, ...lanes.flatMap(lane => lane.consumer?.group ?? [])]
  const wanted = (cluster.groups.get(brokerName) ?? []).map(({ id }): Wanted => {
    const address = cluster.advertised(id)
    const isMaster = address === master
    const told = lanes.filter(({ topic }) => isMaster || topic.settings['onSlaves'] !== false)
    const topics = told.map(({ topic }) => ({
      topic: topic.name,
      queues: queuesOnEach(topic),
      ...(topic.settings['perm'] === undefined ? {} : { perm: Number(topic.settings['perm']) }),
    }))
    return { address, isMaster, topics: [{ topic: probeTopic, queues: 1 }, ...topics], groups }
  })
  return wanted.toSorted((one, other) => Number(other.isMaster) - Number(one.isMaster))
}

/**
 * Masters first: a slave that is just copying its master's topics drops what the master did not have when it asked. Where
 * that happened it is told again.
 */
async function create(options: Options, brokerName: string): Promise<void> {
  const { client } = options.observer
  for (const { address, isMaster, topics, groups } of await wantedOn(options, brokerName)) {
    const tell = isMaster ? async (told: Promise<void>) => told : unlessSlaveRefuses
    for (const topic of topics) await tell(admin.createTopic(client, address, topic))
    for (const group of groups) await tell(admin.createSubscriptionGroup(client, address, { group }))
  }
}

/** Brokers of 4.x cannot be asked for a topic, and their slaves cannot be told of one. */
async function lacking(options: Options, brokerName: string): Promise<string[]> {
  if (trialIsOld(options.trial)) return []
  const { client } = options.observer
  const lacks: string[] = []
  for (const { address, topics } of await wantedOn(options, brokerName)) {
    for (const { topic } of topics)
      if ((await admin.topicConfig(client, address, topic)) === undefined) lacks.push(`${topic} at ${address}`)
  }
  return lacks
}

const trialIsOld = (trial: Trial) => trial.cluster.version.startsWith('4.')

/** Slaves of 4.x take topics from their masters alone, once a minute. */
async function unlessSlaveRefuses(told: Promise<void>): Promise<void> {
  try {
    await told
  } catch (error) {
    if (!(error instanceof RefusedError) || !error.remark.includes('from slave broker')) throw error
  }
}

async function masterAddress(client: RemotingClient, cluster: RocketmqCluster, brokerName: string): Promise<string> {
  const groups = await admin.clusterBrokers(client, cluster.advertisedNameServers[0] ?? '')
  return groups.get(brokerName)?.get(0) ?? ''
}

async function known(lanes: readonly Lane[], routes: Routes) {
  const missing: string[] = []
  for (const { topic } of lanes) {
    const queues = readQueues(await routes.refresh(topic.name))
    if (queues.length !== topic.partitions)
      missing.push(`${topic.name}: ${queues.length} of ${topic.partitions} queues`)
  }
  return missing.length === 0 ? { value: true, seen: '' } : { seen: missing.join('; ') }
}

/** One probe, and whether every replica of the group ends right behind it. */
async function reached({ cluster, observer: { client } }: Options, producer: Producer, queue: MessageQueue) {
  const answer = await producer.send(queue, probe())
  if (answer.kind !== 'stored') return { seen: `${queue.brokerName}: ${outcomeOf(answer).code}` }
  const nodes = cluster.groups.get(queue.brokerName) ?? []
  // Alone it has nobody to hand it on to; and what it has not committed to its file yet is in no queue.
  if (nodes.length === 1) return { value: true, seen: '' }
  for (let looked = 0; looked < looks; looked++) {
    const ends = await Promise.all(nodes.map(async ({ id }) => maxOffset(client, cluster.advertised(id), queue)))
    if (ends.every(end => end === answer.queueOffset + 1)) return { value: true, seen: '' }
    await delay(lookMs)
  }
  return { seen: `${queue.brokerName}: not on every replica yet` }
}

/** Brokers that wait for slaves say so for a while after the slaves are in step. One that never says SEND_OK is let be: its lanes will tell. */
async function untilAcknowledged(producer: Producer, queue: MessageQueue, signal: AbortSignal): Promise<void> {
  try {
    await waitFor({ what: 'SEND_OK', limitMs: statusLimitMs, signal }, async () => {
      const { code } = outcomeOf(await producer.send(queue, probe()))
      return code === 'SEND_OK' ? { value: true, seen: code } : { seen: code }
    })
  } catch (error) {
    if (!(error instanceof WaitExpired)) throw error
  }
}

/** Sends until answers are quick: a broker's first ones take many times longer than those after them. One that stays slow is let be. */
async function warmUp(send: () => Promise<unknown>, signal: AbortSignal): Promise<void> {
  const deadline = performance.now() + warmLimitMs
  for (let quick = 0; quick < quickInARow && performance.now() < deadline;) {
    signal.throwIfAborted()
    const started = performance.now()
    await send()
    quick = performance.now() - started < quickMs ? quick + 1 : 0
  }
}
