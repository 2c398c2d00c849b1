/**
 * Speaks the Kafka protocol with one broker, using the requests and parsers of @platformatic/kafka. The observer, the
 * admin calls of a trial and the reader use it, because a high-level client does not show what one particular broker
 * knows.
 */
import {
  alterPartitionReassignmentsV1,
  Connection,
  createTopicsV7,
  describeConfigsV4,
  describeQuorumV2,
  fetchV17,
  findCoordinatorV4,
  listOffsetsV9,
  metadataV12,
  offsetFetchV8,
  produceV11,
  ResponseError,
} from '@platformatic/kafka'
import { LossproofError, messageOf } from '../../../model/errors.ts'
import { electLeaders } from './elect-leaders.ts'

const earliest = -2n
const latest = -1n
/** With this replica id a follower answers ListOffsets with its own log end offset (Kafka's DEBUGGING_REPLICA_ID). */
const debuggingReplica = -2
const consumerReplica = -1
/** Longer than the limit of any call: `#call` enforces those itself. */
const requestLimitMs = 300_000
const metadataTopic = '__cluster_metadata'
/** Key type of a consumer group in FindCoordinator. */
const groupKey = 0

export interface RawTopic {
  name: string
  id: string
  partitions: { p: number; leader: number; leaderEpoch: number; replicas: number[]; isr: number[] }[]
}

export interface RawRecord {
  offset: number
  epoch: number
  /** True in control batches, which carry markers instead of messages. */
  control: boolean
  value: Buffer
}

export interface Quorum {
  leaderId: number
  leaderEpoch: number
  voters: number[]
}

/** A broker or a topic, and the names of its settings to describe. */
export interface DescribedResource {
  type: 'broker' | 'topic'
  /** The broker's id, or the topic's name. */
  name: string
  settings: string[]
}

/** Resource types of DescribeConfigs. */
const resourceTypes = { topic: 2, broker: 4 } as const

export class RawBroker {
  readonly #host: string
  readonly #port: number
  readonly #limitMs: number
  #connection: Connection | undefined
  #connecting: Promise<Connection> | undefined

  /** `address`: `host:port`. Each call reconnects when needed and ends within `limitMs`. */
  constructor(address: string, limitMs: number) {
    const at = address.lastIndexOf(':')
    this.#host = address.slice(0, at)
    this.#port = Number(address.slice(at + 1))
    this.#limitMs = limitMs
  }

  /** A partition without a leader is returned like any other, although the broker's answer has an error code for it. */
  async metadata(
    topics: string[],
  ): Promise<{ brokers: { id: number; host: string; port: number }[]; topics: RawTopic[] }> {
    const response = await this.#call(async connection => {
      try {
        return await metadataV12.api.async(connection, topics, false, false)
      } catch (error) {
        if (!(error instanceof ResponseError)) throw error
        const partial: ReturnType<typeof metadataV12.parseResponse> = error['response']
        return partial
      }
    })
    return {
      brokers: response.brokers.map(broker => ({ id: broker.nodeId, host: broker.host, port: broker.port })),
      topics: response.topics.map(topic => ({
        name: topic.name ?? '',
        id: topic.topicId,
        partitions: topic.partitions.map(partition => ({
          p: partition.partitionIndex,
          leader: partition.leaderId,
          leaderEpoch: partition.leaderEpoch,
          replicas: partition.replicaNodes,
          isr: partition.isrNodes,
        })),
      })),
    }
  }

  /**
   * Log end offsets of this broker's own replicas, leader or follower, in the order of `asked`; undefined for those that it
   * does not have.
   */
  async logEnds(asked: readonly { topic: string; p: number }[]): Promise<(number | undefined)[]> {
    const topics = [...Map.groupBy(asked, ({ topic }) => topic)].map(([name, partitions]) => ({
      name,
      partitions: partitions.map(({ p }) => ({ partitionIndex: p, currentLeaderEpoch: -1, timestamp: latest })),
    }))
    const response = await this.#call(connection =>
      answered(listOffsetsV9.api.async(connection, debuggingReplica, 0, topics)),
    )
    const ends = new Map(
      response.topics.flatMap(({ name, partitions }) =>
        partitions.flatMap(({ partitionIndex, errorCode, offset }) =>
          errorCode === 0 ? [[`${name} ${partitionIndex}`, Number(offset)] as const] : [],
        ),
      ),
    )
    return asked.map(({ topic, p }) => ends.get(`${topic} ${p}`))
  }

  /** The range that a consumer can read: from the first offset to the high watermark. The broker must be the leader. */
  async consumerRange(topic: string, p: number): Promise<{ start: number; end: number }> {
    return {
      start: await this.#offset(topic, p, earliest, consumerReplica),
      end: await this.#offset(topic, p, latest, consumerReplica),
    }
  }

  /** The active controller and the voters. */
  async describeQuorum(): Promise<Quorum> {
    const response = await this.#call(connection =>
      describeQuorumV2.api.async(connection, [{ topicName: metadataTopic, partitions: [{ partitionIndex: 0 }] }]),
    )
    const partition = response.topics[0]?.partitions[0]
    if (!partition) throw new Error('the answer to DescribeQuorum has no partition')
    return {
      leaderId: partition.leaderId,
      leaderEpoch: partition.leaderEpoch,
      voters: partition.currentVoters.map(voter => voter.replicaId),
    }
  }

  /** The broker that coordinates `group`. */
  async coordinator(group: string): Promise<number> {
    const response = await this.#call(connection => findCoordinatorV4.api.async(connection, groupKey, [group]))
    const found = response.coordinators[0]
    if (!found || found.errorCode !== 0)
      throw new LossproofError('cluster', `group ${group} has no coordinator: ${found?.errorMessage ?? 'no answer'}`)
    return found.nodeId
  }

  /**
   * Committed offsets of `group` by partition; partitions without one are left out. The broker must be its coordinator.
   */
  async committedOffsets(group: string, topic: string, partitions: number): Promise<Map<number, number>> {
    const indexes = Array.from({ length: partitions }, (_, p) => p)
    const response = await this.#call(connection =>
      offsetFetchV8.api.async(
        connection,
        [{ groupId: group, memberEpoch: -1, topics: [{ name: topic, partitionIndexes: indexes }] }],
        false,
      ),
    )
    const found = response.groups[0]?.topics[0]?.partitions ?? []
    return new Map(
      found
        .filter(partition => partition.committedOffset >= 0n)
        .map(partition => [partition.partitionIndex, Number(partition.committedOffset)]),
    )
  }

  /** Settings in force, by resource in the order of the request. Settings that the broker does not know are missing. */
  async describeConfigs(resources: readonly DescribedResource[]): Promise<Map<string, string>[]> {
    const response = await this.#call(connection =>
      describeConfigsV4.api.async(
        connection,
        resources.map(({ type, name, settings }) => ({
          resourceType: resourceTypes[type],
          resourceName: name,
          configurationKeys: settings,
        })),
      ),
    )
    return resources.map(({ type, name }) => {
      const found = response.results.find(
        ({ resourceType, resourceName }) => resourceType === resourceTypes[type] && resourceName === name,
      )
      return new Map(found?.configs.map(config => [config.name, config.value ?? '']))
    })
  }

  /** Puts the replicas of a partition into another order. The first one becomes the preferred leader. */
  async reorderReplicas(topic: string, p: number, replicas: number[]): Promise<void> {
    await this.#call(connection =>
      alterPartitionReassignmentsV1.api.async(connection, this.#limitMs, false, [
        { name: topic, partitions: [{ partitionIndex: p, replicas }] },
      ]),
    )
  }

  /** Elects the preferred leader of a partition. */
  async electPreferred(topic: string, p: number): Promise<void> {
    await this.#call(connection => electLeaders.async(connection, topic, p, this.#limitMs))
  }

  /**
   * Creates topics. `assignments`: for each partition its replicas, the preferred leader first. Resolves with the reason of
   * each topic that the broker refused, by name.
   */
  async createTopics(
    topics: { name: string; assignments: number[][]; configs: Record<string, string> }[],
    limitMs: number,
  ): Promise<Map<string, string>> {
    const response = await this.#call(
      connection =>
        answered(
          createTopicsV7.api.async(
            connection,
            topics.map(topic => ({
              name: topic.name,
              numPartitions: -1,
              replicationFactor: -1,
              assignments: topic.assignments.map((brokerIds, partitionIndex) => ({ partitionIndex, brokerIds })),
              configs: Object.entries(topic.configs).map(([name, value]) => ({ name, value })),
            })),
            limitMs,
            false,
          ),
        ),
      limitMs,
    )
    return new Map(
      response.topics.flatMap(({ name, errorCode, errorMessage }) =>
        errorCode === 0 ? [] : [[name, errorMessage ?? `error code ${errorCode}`] as const],
      ),
    )
  }

  /** Writes one record with acks=all to a partition that this broker leads. Resolves with the record's offset. */
  async produceOne(topic: string, partition: number, value: Buffer): Promise<number> {
    const response = await this.#call(connection =>
      produceV11.api.async(connection, -1, this.#limitMs, [{ topic, partition, value }]),
    )
    const answer = typeof response === 'boolean' ? undefined : response.responses[0]?.partitionResponses[0]
    if (!answer) throw new Error('the broker did not answer the produce request')
    return Number(answer.baseOffset)
  }

  /** The records that one fetch from `offset` returns; none at the end. `next` is the offset to fetch from next. */
  async fetch(
    topicId: string,
    p: number,
    offset: number,
    maxBytes: number,
  ): Promise<{ records: RawRecord[]; next: number }> {
    const response = await this.#call(connection =>
      fetchV17.api.async(
        connection,
        200,
        1,
        maxBytes,
        1,
        0,
        -1,
        [
          {
            topicId,
            partitions: [
              {
                partition: p,
                currentLeaderEpoch: -1,
                fetchOffset: BigInt(offset),
                lastFetchedEpoch: -1,
                partitionMaxBytes: maxBytes,
              },
            ],
          },
        ],
        [],
        '',
      ),
    )
    const batches = response.responses[0]?.partitions[0]?.records ?? []
    const records: RawRecord[] = []
    let next = offset
    for (const batch of batches) {
      const first = Number(batch.firstOffset)
      for (const record of batch.records) {
        const at = first + record.offsetDelta
        if (at < offset) continue
        records.push({
          offset: at,
          epoch: batch.partitionLeaderEpoch,
          control: (batch.attributes & 0x20) !== 0,
          value: record.value ?? Buffer.alloc(0),
        })
      }
      next = Math.max(next, first + batch.lastOffsetDelta + 1)
    }
    return { records, next }
  }

  async close(): Promise<void> {
    const connection = this.#forget()
    await connection?.close().catch(() => {})
  }

  async #offset(topic: string, p: number, timestamp: bigint, replica: number): Promise<number> {
    const response = await this.#call(connection =>
      listOffsetsV9.api.async(connection, replica, 0, [
        { name: topic, partitions: [{ partitionIndex: p, currentLeaderEpoch: -1, timestamp }] },
      ]),
    )
    const answer = response.topics[0]?.partitions[0]
    if (!answer) throw new Error(`the answer to ListOffsets does not contain ${topic}-${p}`)
    return Number(answer.offset)
  }

  /** Drops the connection when it fails or does not answer in time, so that the next call opens a new one. */
  async #call<T>(ask: (connection: Connection) => Promise<T>, limitMs = this.#limitMs): Promise<T> {
    let timer: NodeJS.Timeout | undefined
    const expired = new Promise<never>((_, reject) => {
      timer = setTimeout(
        () => reject(new Error(`${this.#host}:${this.#port} did not answer within ${limitMs} ms`)),
        limitMs,
      )
    })
    try {
      return await Promise.race([this.#connected().then(ask), expired])
    } catch (error) {
      // A ResponseError is an answer with an error code: the connection works. After any other error it is closed.
      if (!(error instanceof ResponseError)) this.#forget()?.socket?.destroy()
      throw new LossproofError('cluster', describe(error), { cause: error })
    } finally {
      clearTimeout(timer)
    }
  }

  #forget(): Connection | undefined {
    const connection = this.#connection
    this.#connection = undefined
    this.#connecting = undefined
    return connection
  }

  /** Concurrent calls share one connection. */
  async #connected(): Promise<Connection> {
    const status = this.#connection?.status
    if (this.#connecting && (status === 'connecting' || status === 'connected')) return this.#connecting
    const connection = new Connection('lossproof', { connectTimeout: this.#limitMs, requestTimeout: requestLimitMs })
    connection.on('error', () => {})
    this.#connection = connection
    this.#connecting = Promise.resolve(connection.connect(this.#host, this.#port)).then(() => connection)
    return this.#connecting
  }
}

/** The answer of a broker, also when it carries error codes for some of what was asked. */
async function answered<T>(request: Promise<T>): Promise<T> {
  try {
    return await request
  } catch (error) {
    if (!(error instanceof ResponseError)) throw error
    const response: T = error['response']
    return response
  }
}

/** The library keeps the broker's error codes in `errors`. */
function describe(error: unknown): string {
  const inner = error instanceof AggregateError ? error.errors.map(messageOf) : []
  return [messageOf(error), ...inner].join(': ')
}
