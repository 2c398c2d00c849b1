/** Where the queues of a topic are. Known routes are kept, so that sends continue when all name servers are gone. */
import type { RemotingClient } from './client.ts'
import { RequestCode } from './wire/codes.ts'
import { messageOf, RemotingError } from './errors.ts'
import { intOf, listOf, objectOf, parseObject, textOf } from './wire/json.ts'

/** A queue of a topic in one broker group: what sends, offsets and assignments refer to. */
export interface MessageQueue {
  topic: string
  brokerName: string
  queueId: number
}

export interface QueueData {
  brokerName: string
  readQueueNums: number
  writeQueueNums: number
  /** Bits: 4 readable, 2 writable. */
  perm: number
}

export interface BrokerData {
  brokerName: string
  cluster: string
  /** Advertised addresses by broker id; 0 is the master. */
  addresses: ReadonlyMap<number, string>
}

export interface TopicRoute {
  topic: string
  queues: QueueData[]
  brokers: BrokerData[]
}

const masterId = 0
const readable = 4
const writable = 2

/**
 * `body`: the answer to GET_ROUTEINFO_BY_TOPIC with `acceptStandardJsonOnly`. Without that field the body is not valid
 * JSON.
 */
export function parseRoute(topic: string, body: Buffer): TopicRoute {
  const what = `the route of ${topic}`
  const route = parseObject(body, what)
  return {
    topic,
    queues: listOf(route, 'queueDatas', what).map(item => {
      const queue = objectOf(item, `queueDatas of ${what}`)
      return {
        brokerName: textOf(queue, 'brokerName', what),
        readQueueNums: intOf(queue, 'readQueueNums', what),
        writeQueueNums: intOf(queue, 'writeQueueNums', what),
        perm: intOf(queue, 'perm', what),
      }
    }),
    brokers: listOf(route, 'brokerDatas', what).map(item => {
      const broker = objectOf(item, `brokerDatas of ${what}`)
      const addresses = objectOf(broker.get('brokerAddrs') ?? {}, `brokerAddrs of ${what}`)
      return {
        brokerName: textOf(broker, 'brokerName', what),
        cluster: textOf(broker, 'cluster', what),
        addresses: new Map([...addresses.keys()].map(id => [Number(id), textOf(addresses, id, what)])),
      }
    }),
  }
}

/** Address of the broker group's master; undefined when the route has none. */
export function masterOf(route: TopicRoute, brokerName: string): string | undefined {
  return route.brokers.find(broker => broker.brokerName === brokerName)?.addresses.get(masterId)
}

/** The broker of the group to read from: the one with `preferredId`, else the master, else any other. */
export function brokerToReadFrom(
  route: TopicRoute,
  brokerName: string,
  preferredId = masterId,
): { address: string; id: number } | undefined {
  const addresses =
    route.brokers.find(broker => broker.brokerName === brokerName)?.addresses ?? new Map<number, string>()
  for (const id of [preferredId, masterId, ...addresses.keys()]) {
    const address = addresses.get(id)
    if (address !== undefined) return { address, id }
  }
  return undefined
}

/** In the order that every member of a consumer group uses. */
export function readQueues(route: TopicRoute): MessageQueue[] {
  return queuesOf(route, readable, queue => queue.readQueueNums)
}

export function writeQueues(route: TopicRoute): MessageQueue[] {
  return queuesOf(route, writable, queue => queue.writeQueueNums)
}

function queuesOf(route: TopicRoute, perm: number, count: (queue: QueueData) => number): MessageQueue[] {
  return route.queues
    .filter(queue => (queue.perm & perm) !== 0)
    .toSorted((a, b) => (a.brokerName < b.brokerName ? -1 : 1))
    .flatMap(queue =>
      Array.from({ length: count(queue) }, (_, queueId) => ({
        topic: route.topic,
        brokerName: queue.brokerName,
        queueId,
      })),
    )
}

export const keyOf = (queue: MessageQueue): string => `${queue.topic}@${queue.brokerName}@${queue.queueId}`

export class Routes {
  readonly #client: RemotingClient
  readonly #nameServers: readonly string[]
  readonly #timeoutMs: number
  readonly #known = new Map<string, { route: TopicRoute; triedAt: number }>()
  readonly #asking = new Map<string, Promise<TopicRoute>>()
  /** Index of the name server that answered last. */
  #current = 0

  constructor(client: RemotingClient, nameServers: readonly string[], timeoutMs = client.requestTimeoutMs) {
    this.#client = client
    this.#nameServers = nameServers
    this.#timeoutMs = timeoutMs
  }

  /**
   * Returns a known route at once. When its last look-up is older than `maxAgeMs`, a new look-up runs in the
   * background, for the next caller. So callers wait for a name server only while no route is known. Throws
   * RemotingError('no-route') when no route is known and none is found.
   */
  async get(topic: string, maxAgeMs = Number.POSITIVE_INFINITY): Promise<TopicRoute> {
    const known = this.#known.get(topic)
    if (!known) return this.refresh(topic)
    if (performance.now() - known.triedAt >= maxAgeMs) {
      known.triedAt = performance.now()
      void this.refresh(topic).catch(() => {})
    }
    return known.route
  }

  /** Looks the route up; returns the known route when no name server answers. */
  async latest(topic: string): Promise<TopicRoute> {
    try {
      return await this.refresh(topic)
    } catch (error) {
      const known = this.#known.get(topic)
      if (!known) throw error
      return known.route
    }
  }

  /** Asks the name servers one after the other. Throws RemotingError('no-route') with the error of each. */
  async refresh(topic: string): Promise<TopicRoute> {
    const asking = this.#asking.get(topic) ?? this.#ask(topic).finally(() => this.#asking.delete(topic))
    this.#asking.set(topic, asking)
    return asking
  }

  async #ask(topic: string): Promise<TopicRoute> {
    const seen: string[] = []
    const first = this.#current
    for (let tried = 0; tried < this.#nameServers.length; tried++) {
      const at = (first + tried) % this.#nameServers.length
      const address = this.#nameServers[at] ?? ''
      try {
        const request = { code: RequestCode.GET_ROUTEINFO_BY_TOPIC, fields: { topic, acceptStandardJsonOnly: true } }
        const { body } = await this.#client.call(address, request, `route of ${topic}`, this.#timeoutMs)
        const route = parseRoute(topic, body)
        this.#known.set(topic, { route, triedAt: performance.now() })
        this.#current = at
        return route
      } catch (error) {
        seen.push(messageOf(error))
      }
    }
    throw new RemotingError('no-route', `no name server returned a route of ${topic}: ${seen.join('; ')}`)
  }
}
