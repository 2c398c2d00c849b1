/**
 * Speaks the Kafka protocol with one broker, using the requests and parsers of @platformatic/kafka. The observer, the
 * admin calls of a trial and the reader use it, because a high-level client does not show what one particular broker
 * knows.
 */
import {
  alterPartitionReassignmentsV0,
  createTopicsV7,
  describeConfigsV4,
  fetchV17,
  findCoordinatorV4,
  listOffsetsV9,
  metadataV12,
  offsetFetchV8,
  produceV11,
  ResponseError,
} from '@platformatic/kafka'
import { LossproofError } from '../../../model/errors.ts'
import { answered, BrokerConnection } from './broker-connection.ts'
import { describeQuorum } from './describe-quorum.ts'
import { electLeaders } from './elect-leaders.ts'
import type { DescribedResource, Quorum, RawRecord, RawTopic } from './raw-types.ts'

const earliest = -2n
const latest = -1n
/** With this replica id a follower answers ListOffsets with its own log end offset (Kafka's DEBUGGING_REPLICA_ID). */
const debuggingReplica = -2
const consumerReplica = -1
/** Key type of a consumer group in FindCoordinator. */
const groupKey = 0

/** Compacted topics accept no record without a key. */
const fenceKey = Buffer.from('fence')

/** Resource types of DescribeConfigs. */
const resourceTypes = { topic: 2, broker: 4 } as const

export class RawBroker {
  readonly #connection: BrokerConnection
  readonly #limitMs: number

  /** `address`: `host:port`. Each call reconnects when needed and ends within `limitMs`. */
  constructor(address: string, limitMs: number) {
    this.#connection = new BrokerConnection(address, limitMs)
    this.#limitMs = limitMs
  }

  /** A partition without a leader is returned like any other, although the broker's answer has an error code for it. */
  async metadata(
    topics: string[],
  ): Promise<{ brokers: { id: number; host: string; port: number }[]; topics: RawTopic[] }> {
    const response = await this.#connection.call(async connection => {
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
    const response = await this.#connection.call(connection =>
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
    return describeQuorum(this.#connection)
  }

  /** The broker that coordinates `group`. */
  async coordinator(group: string): Promise<number> {
    const response = await this.#connection.call(connection =>
      findCoordinatorV4.api.async(connection, groupKey, [group]),
    )
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
    const response = await this.#connection.call(connection =>
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
    const response = await this.#connection.call(connection =>
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

  /**
   * Puts the replicas of a partition into another order. The first one becomes the preferred leader. It is sent
   * as version 0 of its request, the only one that brokers before 4.1 know.
   */
  async reorderReplicas(topic: string, p: number, replicas: number[]): Promise<void> {
    await this.#connection.call(connection =>
      alterPartitionReassignmentsV0.api.async(connection, this.#limitMs, false, [
        { name: topic, partitions: [{ partitionIndex: p, replicas }] },
      ]),
    )
  }

  /** Elects the preferred leaders of partitions, whose numbers are given by topic. */
  async electPreferred(partitions: ReadonlyMap<string, readonly number[]>): Promise<void> {
    await this.#connection.call(connection => electLeaders.async(connection, partitions, this.#limitMs))
  }

  /**
   * Creates topics. `assignments`: for each partition its replicas, the preferred leader first. Resolves with the reason of
   * each topic that the broker refused, by name.
   */
  async createTopics(
    topics: { name: string; assignments: number[][]; configs: Record<string, string> }[],
    limitMs: number,
  ): Promise<Map<string, string>> {
    const response = await this.#connection.call(
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
    const response = await this.#connection.call(connection =>
      produceV11.api.async(connection, -1, this.#limitMs, [{ topic, partition, key: fenceKey, value }]),
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
    const response = await this.#connection.call(connection =>
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
    await this.#connection.close()
  }

  async #offset(topic: string, p: number, timestamp: bigint, replica: number): Promise<number> {
    const response = await this.#connection.call(connection =>
      listOffsetsV9.api.async(connection, replica, 0, [
        { name: topic, partitions: [{ partitionIndex: p, currentLeaderEpoch: -1, timestamp }] },
      ]),
    )
    const answer = response.topics[0]?.partitions[0]
    if (!answer) throw new Error(`the answer to ListOffsets does not contain ${topic}-${p}`)
    return Number(answer.offset)
  }
}
