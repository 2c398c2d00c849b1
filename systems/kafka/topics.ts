/** Creates the lanes' topics with their leaders pinned to one broker, and completes a first round trip. */
import type { KafkaBrokers } from './cluster.ts'
import { LossproofError, messageOf } from '../../model/errors.ts'
import { encodeFence } from '../../workloads/payload.ts'
import type { Lane, Trial } from '../../model/plan.ts'
import type { LaneFailure } from '../shared/live-system.ts'
import type { KafkaObserver } from './observer.ts'
import { activeController } from './roles.ts'
import { sameSet } from '../shared/same-set.ts'
import { warmUp } from '../shared/warm-up.ts'
import { WaitExpired, waitFor } from '../../model/wait.ts'
import type { Look } from '../../model/wait.ts'

const registeredLimitMs = 60_000
const createLimitMs = 15_000
/** Topics in one request. */
const topicsAtOnce = 100
const leadersLimitMs = 30_000
const leadersLimitMsPerTopic = 100
const roundTripLimitMs = 30_000
const warmLimitMs = 10_000

interface Options {
  trial: Trial
  cluster: KafkaBrokers
  observer: KafkaObserver
  signal: AbortSignal
}

/**
 * The partitions of all lanes get the same first replica, so that a fault at "the leader" is one fault for all lanes. That
 * broker is neither the active controller nor the coordinator of a lane's group where there are enough brokers: otherwise
 * one kill would measure two failovers. Resolves with the lanes whose topics the controller refused, or that others lead.
 */
export async function createLaneTopics(options: Options): Promise<LaneFailure[]> {
  const { trial, cluster, observer, signal } = options
  const ids = cluster.brokers.map(broker => broker.id)
  await waitFor({ what: 'all brokers registered', limitMs: registeredLimitMs, signal }, async () => {
    const known = await Promise.all(
      ids.map(async id => (await observer.link(id).metadata([])).brokers.map(broker => broker.id)),
    )
    return known.every(list => sameSet(list, ids)) ? { value: true, seen: '' } : { seen: JSON.stringify(known) }
  })
  const controller = await controllerToSpare(options)
  const coordinators = await coordinatorsOf(options)
  const first =
    ids.find(id => id !== controller && !coordinators.includes(id)) ?? ids.find(id => id !== controller) ?? ids[0] ?? 1
  const order = [...ids.filter(id => id >= first), ...ids.filter(id => id < first)]
  // Any broker forwards the request to the controller.
  const admin = observer.admin(first)
  const probe = `${trial.lanes[0]?.topic.name ?? trial.id}.probe`
  const refused = tooManyReplicas(trial, ids.length)
  const lanes = trial.lanes.filter(({ topic }) => !refused.has(topic.name))
  const warmed = cluster.isOwn ? order.slice(0, mostReplicas(trial)) : order
  const topics = [{ name: probe, assignments: [warmed], configs: {} }, ...lanes.flatMap(lane => topicsOf(lane, order))]
  for (let at = 0; at < topics.length; at += topicsAtOnce)
    for (const [name, why] of await admin.createTopics(topics.slice(at, at + topicsAtOnce), createLimitMs))
      refused.set(name, why)
  const probeRefused = refused.get(probe)
  if (probeRefused !== undefined) throw new LossproofError('cluster', `no topic can be created: ${probeRefused}`)
  const created = topics.map(({ name }) => name).filter(name => !refused.has(name))
  const others = await pinLeaders(observer, first, created, signal)
  await waitFor({ what: 'first round trip', limitMs: roundTripLimitMs, signal }, async () => {
    const offset = await admin.produceOne(probe, 0, encodeFence('probe', 'probe'))
    return { value: offset, seen: String(offset) }
  })
  await warmUp(async () => admin.produceOne(probe, 0, encodeFence('probe', 'probe')), warmLimitMs, signal)
  return trial.lanes.flatMap(({ id, topic, app }) =>
    [topic.name, ...(app ? [app.out.name] : [])]
      .flatMap(name => {
        const why = refused.get(name)
        if (why !== undefined) return [{ lane: id, why: `its topic was refused: ${why}` }]
        const seen = others.get(name)
        return seen === undefined ? [] : [{ lane: id, why: `its preferred leaders were not elected: ${seen}` }]
      })
      .slice(0, 1),
  )
}

/** In force for the output of an application, whatever the scenario sets: all of it is read at the end, with the brokers' times. */
const outputSettings = {
  'message.timestamp.type': 'LogAppendTime',
  'cleanup.policy': 'delete',
  'retention.ms': '-1',
  'retention.bytes': '-1',
}

/** The topic of a lane, and the one that its application writes. */
function topicsOf({ topic, app }: Lane, order: readonly number[]) {
  if (!app) return [topicOf(topic, order)]
  const settings = { ...topic.settings, ...outputSettings }
  return [topicOf(topic, order), topicOf({ ...topic, name: app.out.name, settings }, order)]
}

/** The active controller. A cluster of the user's own may have none that its brokers report, and is then spared nothing. */
async function controllerToSpare({ cluster, observer, signal }: Options): Promise<number | undefined> {
  if (cluster.isOwn)
    return activeController(observer).then(
      ({ id }) => id,
      () => undefined,
    )
  return waitFor({ what: 'an active controller', limitMs: registeredLimitMs, signal }, async () => {
    const { id } = await activeController(observer)
    return { value: id, seen: String(id) }
  })
}

/** Topics that ask for more replicas than the cluster has brokers. The planner does not know how many the user's own has. */
function tooManyReplicas({ lanes }: Trial, brokers: number): Map<string, string> {
  const asking = lanes.filter(({ topic }) => topic.replicationFactor > brokers)
  return new Map(
    asking.map(({ topic: { name, replicationFactor: replicas } }) => [
      name,
      `${replicas} replicas need ${replicas} brokers, and the cluster has ${brokers}; set topic.replication.factor`,
    ]),
  )
}

const mostReplicas = ({ lanes }: Trial) => Math.max(1, ...lanes.map(({ topic }) => topic.replicationFactor))

/** `order`: brokers, the one that is to lead first. */
function topicOf(topic: Lane['topic'], order: readonly number[]) {
  return {
    name: topic.name,
    assignments: Array.from({ length: topic.partitions }, (_, p) => {
      const turn = topic.leaders === 'spread' ? p % order.length : 0
      return [...order.slice(turn), ...order.slice(0, turn)].slice(0, topic.replicationFactor)
    }),
    configs: Object.fromEntries(Object.entries(topic.settings).map(([key, value]) => [key, String(value)])),
  }
}

/**
 * The brokers that coordinate the lanes' groups. The question makes the brokers create the topic of the groups'
 * offsets.
 */
async function coordinatorsOf({ trial, observer, signal }: Options): Promise<number[]> {
  const groups = trial.lanes.flatMap(lane => lane.consumer?.group ?? [])
  return waitFor({ what: 'coordinators of the groups', limitMs: registeredLimitMs, signal }, async () => {
    const found = await Promise.allSettled(groups.map(async group => observer.coordinator(group)))
    const known = found.flatMap(answer => (answer.status === 'fulfilled' ? [answer.value] : []))
    return known.length === groups.length
      ? { value: known, seen: '' }
      : {
          seen: found
            .map(answer => (answer.status === 'fulfilled' ? String(answer.value) : messageOf(answer.reason)))
            .join('; '),
        }
  })
}

/**
 * Waits until the first replicas lead all partitions. Resolves with the topics that other replicas still lead at the limit,
 * each with what was last seen of it. Throws WaitExpired when these are all topics.
 */
async function pinLeaders(
  observer: KafkaObserver,
  via: number,
  topics: readonly string[],
  signal: AbortSignal,
): Promise<Map<string, string>> {
  const limitMs = leadersLimitMs + topics.length * leadersLimitMsPerTopic
  try {
    await waitFor({ what: 'preferred leaders', limitMs, signal }, async () => leadersPinned(observer, via, topics))
    return new Map()
  } catch (error) {
    if (!(error instanceof WaitExpired)) throw error
    const open = await ledByOthers(observer, via, topics)
    if (open.size >= topics.length) throw error
    return open
  }
}

/**
 * Whether every partition is led by its first replica, by the metadata of broker `via`; where it is not, has it elected. A
 * broker that boots on a busy machine can miss heartbeats and lose its leadership before anything was written.
 */
export async function leadersPinned(
  observer: KafkaObserver,
  via: number,
  topics: readonly string[],
): Promise<Look<true>> {
  const open = await ledByOthers(observer, via, topics)
  const seen = [...open.values()].join('; ')
  return open.size === 0 ? { value: true, seen } : { seen }
}

/** By topic: partitions that their first replica does not lead. It is elected where it is in sync. */
async function ledByOthers(
  observer: KafkaObserver,
  via: number,
  topics: readonly string[],
): Promise<Map<string, string>> {
  const { topics: known } = await observer.link(via).metadata([...topics])
  const found = new Set(known.filter(({ partitions }) => partitions.length > 0).map(({ name }) => name))
  const missing = topics.filter(name => !found.has(name))
  const open = new Map(missing.map(name => [name, `${name} has no partitions yet`]))
  const electable = new Map<string, number[]>()
  for (const { name, partitions } of known) {
    const elsewhere = partitions.filter(({ leader, replicas }) => leader !== (replicas[0] ?? -1))
    const ready = elsewhere.filter(({ replicas, isr }) => isr.includes(replicas[0] ?? -1))
    if (ready.length > 0)
      electable.set(
        name,
        ready.map(({ p }) => p),
      )
    const seen = elsewhere.map(({ p, leader, replicas }) => `${name}-${p}: leader ${leader}, expected ${replicas[0]}`)
    if (seen.length > 0) open.set(name, seen.join('; '))
  }
  if (electable.size > 0) await observer.electPreferred(electable, via)
  return open
}
