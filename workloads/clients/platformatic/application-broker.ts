/** What has to be asked of a broker to follow an application: the state of its group, and what it has written. */
import { fetchV17, listGroupsV5, listOffsetsV9, offsetCommitV9 } from '@platformatic/kafka'
import { BrokerConnection } from './broker-connection.ts'

const latest = -1n
const consumerReplica = -1
const readCommitted = 1
const readUncommitted = 0
/** A commit of somebody who is no member of the group. */
const noMember = { generation: -1, id: '' }

/** Bits of a batch's attributes. */
const logAppendTime = 0x08
const transactional = 0x10
const control = 0x20
/** The type in the key of a control record. */
const commitMarker = 1

export interface OutputBatch {
  /** Of the transaction; undefined for records of none. */
  producer: bigint | undefined
  /** The batch is the end of a transaction: committed or aborted. */
  marker: 'commit' | 'abort' | undefined
  records: {
    offset: number
    /** ms since 1970: when the broker appended it, or what its producer said, as the topic is set. */
    timestamp: number
    key: Buffer | null
    value: Buffer | null
    headers: (readonly [string, Buffer])[]
  }[]
  /** When it was appended, ms since 1970. */
  timestamp: number
}

export class ApplicationBroker {
  readonly #connection: BrokerConnection

  /** `address`: `host:port`. Each call reconnects when needed and ends within `limitMs`. */
  constructor(address: string, limitMs: number) {
    this.#connection = new BrokerConnection(address, limitMs)
  }

  /** Commits offsets for a group without members. The broker must be its coordinator. */
  async commit(group: string, topic: string, offsets: readonly { p: number; o: number }[]): Promise<void> {
    const partitions = offsets.map(({ p, o }) => ({
      partitionIndex: p,
      committedOffset: BigInt(o),
      committedLeaderEpoch: -1,
    }))
    await this.#connection.call(async connection =>
      offsetCommitV9.api.async(connection, group, noMember.generation, noMember.id, null, [
        { name: topic, partitions },
      ]),
    )
  }

  /** `Stable`, `Empty`, `PreparingRebalance`; undefined when the broker knows no such group. It must be its coordinator. */
  async groupState(group: string): Promise<string | undefined> {
    const { groups } = await this.#connection.call(async connection => listGroupsV5.api.async(connection, [], []))
    return groups.find(({ groupId }) => groupId === group)?.groupState
  }

  /** Up to where records of finished transactions can be read, and where the log ends. The broker must be the leader. */
  async ends(topic: string, p: number): Promise<{ stable: number; end: number }> {
    return { stable: await this.#end(topic, p, readCommitted), end: await this.#end(topic, p, readUncommitted) }
  }

  /** One fetch from `offset`: the batches of finished transactions, and the offset from which to fetch next. */
  async fetch(
    { topicId, p }: { topicId: string; p: number },
    offset: number,
    maxBytes: number,
  ): Promise<{ batches: OutputBatch[]; next: number }> {
    const asked = {
      partition: p,
      currentLeaderEpoch: -1,
      fetchOffset: BigInt(offset),
      lastFetchedEpoch: -1,
      partitionMaxBytes: maxBytes,
    }
    const response = await this.#connection.call(async connection =>
      fetchV17.api.async(
        connection,
        200,
        1,
        maxBytes,
        readCommitted,
        0,
        -1,
        [{ topicId, partitions: [asked] }],
        [],
        '',
      ),
    )
    const found = response.responses[0]?.partitions[0]?.records ?? []
    let next = offset
    const batches = found.map((batch): OutputBatch => {
      const first = Number(batch.firstOffset)
      next = Math.max(next, first + batch.lastOffsetDelta + 1)
      const isMarker = (batch.attributes & control) !== 0
      const appended = (batch.attributes & logAppendTime) !== 0
      return {
        producer: (batch.attributes & transactional) === 0 ? undefined : batch.producerId,
        marker: isMarker ? markerOf(batch.records[0]?.key) : undefined,
        timestamp: Number(batch.maxTimestamp),
        records: isMarker
          ? []
          : batch.records
              .map(record => ({
                offset: first + record.offsetDelta,
                timestamp: Number(appended ? batch.maxTimestamp : batch.firstTimestamp + record.timestampDelta),
                key: record.key,
                value: record.value,
                headers: record.headers.map(
                  ([name, value]) => [name?.toString('utf8') ?? '', value ?? Buffer.alloc(0)] as const,
                ),
              }))
              .filter(record => record.offset >= offset),
      }
    })
    return { batches, next }
  }

  async close(): Promise<void> {
    await this.#connection.close()
  }

  async #end(topic: string, p: number, isolation: number): Promise<number> {
    const partitions = [{ partitionIndex: p, currentLeaderEpoch: -1, timestamp: latest }]
    const response = await this.#connection.call(async connection =>
      listOffsetsV9.api.async(connection, consumerReplica, isolation, [{ name: topic, partitions }]),
    )
    const answer = response.topics[0]?.partitions[0]
    if (!answer) throw new Error(`the answer to ListOffsets does not contain ${topic}-${p}`)
    return Number(answer.offset)
  }
}

/** The key is a version and a type, two bytes each. */
const markerOf = (key: Buffer | null | undefined) =>
  key && key.length >= 4 && key.readInt16BE(2) === commitMarker ? 'commit' : 'abort'
