/** Removes what a trial has created on a cluster of the user's own. */
import { setTimeout as delay } from 'node:timers/promises'
import { LossproofError, messageOf } from '../../../model/errors.ts'
import {
  admin,
  deadLetterTopicOf,
  RefusedError,
  RemotingClient,
  removal,
  retryTopicOf,
} from '../../../workloads/rocketmq-remoting/index.ts'
import { endHeldPulls } from './held-pulls.ts'

const askLimitMs = 5000
/** Brokers that restart need a while. */
const answerLimitMs = 60_000
const retryMs = 500

/** What one pass over the cluster has found, and why some of it may still be there. */
interface Pass {
  topics: Set<string>
  groups: Set<string>
  failures: string[]
}

/**
 * Removes every topic and group whose name begins with `prefix`, and the retry and dead-letter topics of these groups, from
 * brokers and name servers. `addresses`: name servers, and masters, which all have to answer. Resolves with the names of the
 * topics. Throws LossproofError('cluster') when at the limit an address has not answered, or something is still there.
 */
export async function removeTopics(
  addresses: readonly string[],
  prefix: string,
  limitMs = answerLimitMs,
): Promise<string[]> {
  if (prefix.length === 0) throw new LossproofError('internal', 'no topic is removed without a prefix')
  const deadline = performance.now() + limitMs
  const removed = new Set<string>()
  for (;;) {
    const { topics, groups, failures } = await removeOnce(addresses, prefix, removed)
    for (const topic of topics) removed.add(topic)
    // A broker may register a topic once more while it is removed. So a pass that finds nothing comes last.
    if (failures.length === 0 && topics.size === 0 && groups.size === 0) return [...removed].toSorted()
    if (performance.now() >= deadline) {
      const left = failures.length > 0 ? failures : [...topics, ...groups].map(name => `${name} is there again`)
      throw new LossproofError(
        'cluster',
        `topics ${prefix}* could not be removed within ${limitMs / 1000} s: ${left.join('; ')}`,
      )
    }
    if (failures.length > 0) await delay(retryMs)
  }
}

async function removeOnce(addresses: readonly string[], prefix: string, earlier: ReadonlySet<string>): Promise<Pass> {
  const client = new RemotingClient({
    clientId: 'remove',
    requestTimeoutMs: askLimitMs,
    connectTimeoutMs: askLimitMs,
  })
  const pass: Pass = { topics: new Set(), groups: new Set(), failures: [] }
  const orFail = async (address: string, work: () => Promise<void>) => {
    try {
      await work()
    } catch (error) {
      pass.failures.push(`${address}: ${messageOf(error)}`)
    }
  }
  try {
    const { nameServers, masters, slaves } = await findServers(client, addresses, orFail)
    const ours = (name: string) => isOurs(name, prefix)
    await orFail('held pulls', async () => endHeldPulls({ client, nameServers, masters, isOurs: ours }))
    await Promise.all(
      [...masters.values()].map(async at => orFail(at, async () => removeFromBroker(client, at, prefix, pass))),
    )
    // Slaves copy the topics and groups of their masters, so what cannot be removed from one goes with its next copy.
    const ignored: Pass = { topics: new Set(), groups: new Set(), failures: [] }
    await Promise.allSettled(slaves.map(async at => removeFromBroker(client, at, prefix, ignored)))
    const known = new Set([...earlier, ...pass.topics])
    await Promise.all(
      nameServers.map(async at => orFail(at, async () => removeRoutes(client, at, prefix, known, pass))),
    )
    return pass
  } finally {
    client.close()
  }
}

/** Name servers list the brokers; a broker does not understand the question. Masters by the names of their groups. */
async function findServers(
  client: RemotingClient,
  addresses: readonly string[],
  orFail: (address: string, work: () => Promise<void>) => Promise<void>,
): Promise<{ nameServers: string[]; masters: Map<string, string>; slaves: string[] }> {
  const nameServers: string[] = []
  const masters = new Map<string, string>()
  const others = new Set<string>()
  const unlisted = new Set<string>()
  await Promise.all(
    addresses.map(async address =>
      orFail(address, async () => {
        try {
          const groups = await admin.clusterBrokers(client, address)
          nameServers.push(address)
          for (const [name, brokers] of groups)
            for (const [id, broker] of brokers)
              if (id === 0) masters.set(name, broker)
              else others.add(broker)
        } catch (error) {
          if (!(error instanceof RefusedError)) throw error
          unlisted.add(address)
        }
      }),
    ),
  )
  const listed = new Set(masters.values())
  // A master that is not listed any more still has the topics, and perhaps as a slave.
  for (const address of unlisted) if (!listed.has(address)) masters.set(address, address)
  return { nameServers, masters, slaves: [...others].filter(address => !unlisted.has(address)) }
}

async function removeFromBroker(client: RemotingClient, address: string, prefix: string, pass: Pass): Promise<void> {
  const groups = (await removal.groupsOfBroker(client, address)).filter(name => name.startsWith(prefix))
  for (const group of groups) {
    pass.groups.add(group)
    await removal.deleteGroup(client, address, group)
  }
  const topics = [...(await removal.topicsOfBroker(client, address)).keys()].filter(name => isOurs(name, prefix))
  for (const topic of topics) {
    pass.topics.add(topic)
    await removal.deleteTopic(client, address, topic)
  }
}

/** `known`: topics that were on brokers. A name server that does not list its topics is told to forget these. */
async function removeRoutes(
  client: RemotingClient,
  address: string,
  prefix: string,
  known: ReadonlySet<string>,
  pass: Pass,
): Promise<void> {
  const listed = await removal.topicsOfNameServer(client, address).catch((error: unknown) => {
    if (error instanceof RefusedError) return undefined
    throw error
  })
  const found = (listed ?? []).filter(name => isOurs(name, prefix))
  for (const topic of found) pass.topics.add(topic)
  for (const topic of listed === undefined ? known : found) await removal.deleteRoute(client, address, topic)
}

const isOurs = (name: string, prefix: string): boolean =>
  [prefix, retryTopicOf(prefix), deadLetterTopicOf(prefix)].some(beginning => name.startsWith(beginning))
