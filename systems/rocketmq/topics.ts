/**
 * Creates the lanes' topics and groups on every broker of their broker groups, and waits until messages reach every
 * replica.
 */
import { setTimeout as delay } from 'node:timers/promises'
import type { RocketmqBrokers } from './cluster.ts'
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
import { LossproofError } from '../../model/errors.ts'
import { waitFor, WaitExpired } from '../../model/wait.ts'
import type { Look } from '../../model/wait.ts'
import type { LaneFailure } from '../shared/live-system.ts'
import { prefixIn } from '../shared/own-cluster/created-topics.ts'
import { warmUp } from '../shared/warm-up.ts'
import type { RocketmqObserver } from './observer/observer.ts'
import { queuesOnEach } from './queues.ts'
import { allRegistered, RegistrationRequests } from './registration.ts'

const registeredLimitMs = 60_000
const createLimitMs = 15_000
const reachedLimitMs = 60_000
const askMs = 250
const lookMs = 50
const looks = 10
const warmLimitMs = 5000
const statusLimitMs = 5000

interface Options {
  trial: Trial
  cluster: RocketmqBrokers
  observer: RocketmqObserver
  signal: AbortSignal
}

export interface ExtraNames {
  /** A topic with a queue on every broker group, for first writes. No lane uses it. */
  probeTopic: string
  /** The group in which the reader of the final log pulls. Created on every broker. */
  readerGroup: string
}

/** What a trial creates beside its lanes. On a cluster of the user's own the names begin like those of the lanes. */
export function extraNames({ lanes, cluster: { own } }: Pick<Trial, 'lanes' | 'cluster'>): ExtraNames {
  const prefix = own === undefined ? 'lossproof-' : prefixIn(lanes[0]?.topic.name ?? '')
  if (prefix === '') throw new LossproofError('internal', "topics of a cluster of the user's own have no prefix")
  return { probeTopic: `${prefix}probe`, readerGroup: `${prefix}reader` }
}

/**
 * Resolves when name servers know every topic, and messages reach all replicas of every broker group.
 *
 * A slave copies topics from its master only now and then, up to a minute later in classic mode; after a failover before
 * that, the topics cannot be read. So topics are created on slaves too, unless `topic.onSlaves` is false. While logs are
 * empty, a controller counts a slave as in sync before it copies anything; so a message has to reach every replica. Both
 * were measured. On a cluster of the user's own only masters are asked: no fault there makes a slave serve.
 *
 * Resolves with the lanes whose topics a broker refused.
 */
export async function prepareTopics(options: Options): Promise<LaneFailure[]> {
  const { cluster, observer, signal } = options
  const registration = new RegistrationRequests(cluster, observer)
  await waitFor(
    { what: 'every broker known to the name servers', limitMs: registeredLimitMs, intervalMs: askMs, signal },
    async () => {
      // In controller mode a broker registers when the controller gives it its role.
      if (cluster.advertisedControllers.length === 0 && !cluster.isOwn) await registration.send()
      return allRegistered(cluster, observer)
    },
  )
  const { client } = observer
  const names = [...cluster.groups.keys()]
  const failures = await createAll(options, names)
  const lanes = options.trial.lanes.filter(({ id }) => failures.every(({ lane }) => lane !== id))
  const existing = { ...options, trial: { ...options.trial, lanes } }
  const routes = new Routes(client, cluster.advertisedNameServers)
  await waitFor(
    { what: 'topics known to the name servers', limitMs: createLimitMs, intervalMs: askMs, signal },
    async () => allRouted(lanes, routes),
  )
  const producer = new Producer(client, routes, { group: 'lossproof' })
  const { probeTopic } = extraNames(options.trial)
  await Promise.all(
    names.map(async brokerName => {
      const queue: MessageQueue = { topic: probeTopic, brokerName, queueId: 0 }
      const reached = reachesAllReplicas(options, producer, queue)
      await waitFor(
        { what: `a message on every replica of ${brokerName}`, limitMs: reachedLimitMs, intervalMs: askMs, signal },
        reached,
      )
      await waitForSendOk(producer, queue, signal)
      await warmUp(async () => producer.send(queue, probe()), warmLimitMs, signal)
    }),
  )
  await waitFor({ what: 'topics on every broker', limitMs: createLimitMs, intervalMs: askMs, signal }, async () => {
    const missing: string[] = []
    for (const brokerName of names) {
      const found = await missingTopics(existing, brokerName)
      if (found.length > 0) await create(existing, brokerName)
      missing.push(...found)
    }
    return missing.length === 0 ? { value: true, seen: '' } : { seen: missing.join('; ') }
  })
  return failures
}

/** Tries again until every broker has taken everything; at the limit, lanes whose topics are refused have failed. */
async function createAll(options: Options, names: readonly string[]): Promise<LaneFailure[]> {
  const { signal } = options
  let failures: LaneFailure[] = []
  try {
    await waitFor(
      { what: 'topics and groups created', limitMs: createLimitMs, intervalMs: askMs, signal },
      async () => {
        failures = (await Promise.all(names.map(async brokerName => create(options, brokerName)))).flat()
        const seen = failures.map(({ lane, why }) => `${lane}: ${why}`).join('; ')
        return failures.length === 0 ? { value: true, seen } : { seen }
      },
    )
  } catch (error) {
    if (!(error instanceof WaitExpired) || failures.length === 0) throw error
  }
  return failures
}

const probe = () => ({ body: encodeFence('probe', 'probe') })

/** What one broker has to know. */
interface BrokerContents {
  address: string
  isMaster: boolean
  /** With the lane that each belongs to. */
  topics: { topic: string; queues: number; perm?: number; lane?: string }[]
  groups: string[]
}

/** What each broker of a group has to know, the master first. */
async function contentsOf(
  { trial, cluster, observer: { client } }: Options,
  brokerName: string,
): Promise<BrokerContents[]> {
  const lanes = trial.lanes.filter(lane => lane.topic.brokerNames.includes(brokerName))
  const master = await masterAddress(client, cluster, brokerName)
  const { probeTopic, readerGroup } = extraNames(trial)
  const groups = [readerGroup, ...lanes.flatMap(lane => lane.consumer?.group ?? [])]
  const contents = (cluster.groups.get(brokerName) ?? []).map(({ id }): BrokerContents => {
    const address = cluster.advertised(id)
    const isMaster = address === master
    const created = lanes.filter(({ topic }) => isMaster || topic.settings['onSlaves'] !== false)
    const topics = created.map(({ id: lane, topic }) => ({
      lane,
      topic: topic.name,
      queues: queuesOnEach(topic),
      ...(topic.settings['perm'] === undefined ? {} : { perm: Number(topic.settings['perm']) }),
    }))
    return { address, isMaster, topics: [{ topic: probeTopic, queues: 1 }, ...topics], groups }
  })
  // On a cluster of the user's own, slaves copy topics and groups when they are due.
  const asked = cluster.isOwn ? contents.filter(({ isMaster }) => isMaster) : contents
  return asked.toSorted((one, other) => Number(other.isMaster) - Number(one.isMaster))
}

/**
 * Creates topics and groups on the master first: a slave that is just copying its master's topics drops those that the
 * master did not have when it asked. The caller repeats this where it happened. Resolves with the lanes whose topics were
 * refused.
 */
async function create(options: Options, brokerName: string): Promise<LaneFailure[]> {
  const failures: LaneFailure[] = []
  const { client } = options.observer
  for (const { address, isMaster, topics, groups } of await contentsOf(options, brokerName)) {
    const accept = isMaster ? async (request: Promise<void>) => request : unlessSlaveRefuses
    for (const { lane, ...topic } of topics)
      try {
        await accept(admin.createTopic(client, address, topic))
      } catch (error) {
        if (!(error instanceof RefusedError) || lane === undefined) throw error
        failures.push({ lane, why: `its topic was refused: ${error.message}` })
      }
    for (const group of groups) await accept(admin.createSubscriptionGroup(client, address, { group }))
  }
  return failures
}

/**
 * Topics that brokers of the group lack. Brokers of 4.x have no request for a topic, and their slaves refuse to create
 * one.
 */
async function missingTopics(options: Options, brokerName: string): Promise<string[]> {
  if (options.cluster.isVersion4) return []
  const { client } = options.observer
  const missing: string[] = []
  for (const { address, topics } of await contentsOf(options, brokerName)) {
    for (const { topic } of topics)
      if ((await admin.topicConfig(client, address, topic)) === undefined) missing.push(`${topic} at ${address}`)
  }
  return missing
}

/** Slaves of 4.x refuse topics from clients; they copy them from their master, once a minute. */
async function unlessSlaveRefuses(request: Promise<void>): Promise<void> {
  try {
    await request
  } catch (error) {
    if (!(error instanceof RefusedError) || !error.remark.includes('from slave broker')) throw error
  }
}

async function masterAddress(client: RemotingClient, cluster: RocketmqBrokers, brokerName: string): Promise<string> {
  const groups = await admin.clusterBrokers(client, cluster.advertisedNameServers[0] ?? '')
  return groups.get(brokerName)?.get(0) ?? ''
}

/** Whether the name servers know every queue of the lanes' topics. */
async function allRouted(lanes: readonly Lane[], routes: Routes) {
  const missing: string[] = []
  for (const { topic } of lanes) {
    const queues = readQueues(await routes.refresh(topic.name))
    if (queues.length !== topic.partitions)
      missing.push(`${topic.name}: ${queues.length} of ${topic.partitions} queues`)
  }
  return missing.length === 0 ? { value: true, seen: '' } : { seen: missing.join('; ') }
}

/**
 * Each call of the function that this returns sends one more probe, and looks whether some probe is on every replica of the
 * group. It need not be the last one: a slave in controller mode has a message in its queues only once the master has told
 * it that all have it. The master does that with the next message, or after `haSendHeartbeatInterval`, 5 s by default.
 */
function reachesAllReplicas({ cluster, observer: { client } }: Options, producer: Producer, queue: MessageQueue) {
  const { brokerName } = queue
  let lowest = Infinity
  return async (): Promise<Look<true>> => {
    const answer = await producer.send(queue, probe())
    if (answer.kind !== 'stored') return { seen: `${brokerName}: ${outcomeOf(answer).code}` }
    const nodes = cluster.groups.get(brokerName) ?? []
    // A single broker has nothing to copy; and what it has not committed to its file yet would be in no queue.
    if (nodes.length === 1) return { value: true, seen: '' }
    lowest = Math.min(lowest, answer.queueOffset)
    let ends: number[] = []
    for (let looked = 0; looked < looks; looked++) {
      ends = await Promise.all(nodes.map(async ({ id }) => maxOffset(client, cluster.advertised(id), queue)))
      if (ends.every(end => end > lowest && end <= answer.queueOffset + 1)) return { value: true, seen: '' }
      await delay(lookMs)
    }
    const seen = nodes.map(({ name }, at) => `${name} ends at ${ends[at]}`).join(', ')
    return {
      seen: `${brokerName}: no message from ${lowest} to ${answer.queueOffset} is on every replica yet; ${seen}`,
    }
  }
}

/**
 * Waits until sends are answered with SEND_OK: brokers that wait for slaves answer otherwise for a while after the
 * slaves are in sync. A broker that never does is used as it is.
 */
async function waitForSendOk(producer: Producer, queue: MessageQueue, signal: AbortSignal): Promise<void> {
  try {
    await waitFor({ what: 'SEND_OK', limitMs: statusLimitMs, signal }, async () => {
      const { code } = outcomeOf(await producer.send(queue, probe()))
      return code === 'SEND_OK' ? { value: true, seen: code } : { seen: code }
    })
  } catch (error) {
    if (!(error instanceof WaitExpired)) throw error
  }
}
