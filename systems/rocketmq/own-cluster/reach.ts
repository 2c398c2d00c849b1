/** Finds the brokers of a cluster of the user's own, from its name servers. */
import { LossproofError, messageOf } from '../../../model/errors.ts'
import { admin, RefusedError, RemotingClient } from '../../../workloads/rocketmq-remoting/index.ts'

const reachLimitMs = 5000
const masterId = 0

export interface FoundBroker {
  brokerName: string
  /** 0: the master. */
  brokerId: number
  address: string
}

export interface FoundCluster {
  nameServers: readonly string[]
  /** By name of their group, masters first. */
  brokers: FoundBroker[]
  /** Whether a broker is older than version 5. */
  isVersion4: boolean
}

type Listed = Awaited<ReturnType<typeof admin.clusterBrokers>>

/**
 * Every broker that the name servers list. Throws LossproofError('capability-missing') when a name server does not answer,
 * when the name servers disagree, when a group has no master, or when a broker cannot be reached or tested.
 */
export async function reachCluster(nameServers: readonly string[], limitMs = reachLimitMs): Promise<FoundCluster> {
  const client = new RemotingClient({ clientId: 'reach', requestTimeoutMs: limitMs, connectTimeoutMs: limitMs })
  try {
    const brokers = brokersIn(await listedBy(client, nameServers))
    const versions = await Promise.all(
      brokers.map(async broker => checkedVersion(client, nameServers, broker).catch(unreachable(nameServers, broker))),
    )
    return { nameServers, brokers, isVersion4: versions.some(version => version.startsWith('V4_')) }
  } finally {
    client.close()
  }
}

async function listedBy(client: RemotingClient, nameServers: readonly string[]): Promise<Map<string, Listed>> {
  const answers = await Promise.allSettled(nameServers.map(async address => admin.clusterBrokers(client, address)))
  const failed = answers.flatMap((answer, at) =>
    answer.status === 'rejected' ? [`${nameServers[at]}: ${messageOf(answer.reason)}`] : [],
  )
  if (failed.length > 0)
    throw missing(
      `${failed.length === nameServers.length ? 'no name server' : 'not every name server'} of your own cluster ` +
        `answered; tried ${failed.join('; ')}`,
      'cluster.bootstrap names name servers that this machine can reach without TLS, and no brokers or proxies',
    )
  return new Map(
    answers.flatMap((answer, at) => (answer.status === 'fulfilled' ? [[nameServers[at] ?? '', answer.value]] : [])),
  )
}

function brokersIn(lists: ReadonlyMap<string, Listed>): FoundBroker[] {
  const [[first, listed] = ['', new Map<string, ReadonlyMap<number, string>>()], ...others] = lists
  const brokers = [...listed]
    .toSorted(([a], [b]) => (a < b ? -1 : 1))
    .flatMap(([brokerName, addresses]) =>
      [...addresses]
        .toSorted(([a], [b]) => a - b)
        .map(([brokerId, address]): FoundBroker => ({ brokerName, brokerId, address })),
    )
  if (brokers.length === 0)
    throw missing(`${first} answers, and knows no broker`, 'is namesrvAddr of the brokers right?')
  for (const [other, theirs] of others) {
    const [here, there] = [inWords(listed), inWords(theirs)]
    if (here !== there)
      throw missing(
        `the name servers do not know the same brokers. ${first}: ${here}. ${other}: ${there}`,
        'cluster.bootstrap names name servers of one cluster, and a test begins when all of them know its brokers',
      )
  }
  for (const [brokerName, addresses] of listed)
    if (!addresses.has(masterId))
      throw missing(
        `the broker group ${brokerName} has no master: ${first} lists ${inWords(new Map([[brokerName, addresses]]))}`,
        'a test begins when every group has one',
      )
  return brokers
}

const inWords = (listed: Listed): string =>
  [...listed]
    .flatMap(([name, addresses]) => [...addresses].map(([id, address]) => `${name} ${id} at ${address}`))
    .toSorted((a, b) => (a < b ? -1 : 1))
    .join(', ') || 'none'

/** Asks what the trial will ask later. Resolves with the version, such as `V5_5_0`. */
async function checkedVersion(
  client: RemotingClient,
  nameServers: readonly string[],
  { brokerName, address }: FoundBroker,
): Promise<string> {
  const [info, settings] = await Promise.all([admin.runtimeInfo(client, address), admin.brokerConfig(client, address)])
  const refused = refusedSetting(settings, nameServers)
  if (refused !== undefined) throw missing(`${brokerName} at ${address} ${refused.why}`, refused.hint)
  const version = info.get('brokerVersionDesc') ?? ''
  if (!version.startsWith('V4_')) await admin.haStatus(client, address)
  return version
}

function refusedSetting(
  settings: ReadonlyMap<string, string>,
  nameServers: readonly string[],
): { why: string; hint: string } | undefined {
  if (settings.get('enableDLegerCommitLog') === 'true')
    return {
      why: 'has enableDLegerCommitLog=true: a DLedger broker does not report how far its slaves have copied',
      hint: 'groups of a master and slaves, fixed or elected by controllers, can be tested',
    }
  if (settings.get('timerInterceptDelayLevel') === 'true')
    return {
      why: 'has timerInterceptDelayLevel=true: it does not report which messages wait to be delivered again',
      hint: 'timerInterceptDelayLevel=false is the default',
    }
  const known = new Set((settings.get('namesrvAddr') ?? '').split(';').filter(address => address !== ''))
  return known.size > nameServers.length
    ? {
        why: `registers with ${known.size} name servers (${[...known].join(', ')}), and cluster.bootstrap names ${nameServers.length}`,
        hint: 'name all of them: a topic is removed from each',
      }
    : undefined
}

function unreachable(nameServers: readonly string[], { brokerName, brokerId, address }: FoundBroker) {
  return (error: unknown): never => {
    if (error instanceof LossproofError) throw error
    if (error instanceof RefusedError)
      throw missing(
        `${brokerName} at ${address} refuses what a test has to ask: ${error.message}`,
        'a test needs brokers without a login, and its requests of administrators',
        error,
      )
    throw missing(
      `${nameServers[0]} answers, and lists the broker ${brokerName} ${brokerId} at ${address}, which this machine ` +
        `cannot reach: ${messageOf(error)}`,
      'brokerIP1 and listenPort of the brokers have to be an address that this machine can reach',
      error,
    )
  }
}

function missing(message: string, hint: string, cause?: unknown): LossproofError {
  return new LossproofError('capability-missing', message, { hint, ...(cause === undefined ? {} : { cause }) })
}
