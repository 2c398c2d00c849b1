/** Where a topic's queues are. What a name server once told is kept, so that sends go on when all of them are gone. */
import type { RemotingClient } from './client.ts'
import { RequestCode } from './codes.ts'
import { messageOf, RemotingError } from './errors.ts'
import { intOf, listOf, objectOf, parseObject, textOf } from './json.ts'

/** A queue of a topic on one broker group; what sends, offsets and assignments speak of. */
export interface MessageQueue {
  topic: string
  brokerName: string
  queueId: number
}

export interface QueueData {
  brokerName: string
  readQueueNums: number
  writeQueueNums: number
  /** 4 readable, 2 writable. */
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

/** The body of an answer to GET_ROUTEINFO_BY_TOPIC with `acceptStandardJsonOnly`, without which keys are no JSON. */
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

/** Address to read from: broker `preferredId` of the group, else its master, else whichever is left. */
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

/** Sorted as every member of a group sorts them. */
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
   * What is known, at once; a look that is older than `maxAgeMs` is repeated meanwhile, for the next caller. So nobody
   * waits for a name server that does not answer, unless nothing is known yet: then RemotingError('no-route') is thrown.
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

  /** What the name servers say now; what is known when none of them answers. */
  async latest(topic: string): Promise<TopicRoute> {
    try {
      return await this.refresh(topic)
    } catch (error) {
      const known = this.#known.get(topic)
      if (!known) throw error
      return known.route
    }
  }

  /** Asks the name servers one after the other. Throws RemotingError('no-route') with what each said. */
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
    throw new RemotingError('no-route', `no name server told a route of ${topic}: ${seen.join('; ')}`)
  }
}
