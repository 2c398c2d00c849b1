/** What is asked of a cluster of the user's own: whether its brokers can be tested, and the removal of topics and groups. */
import { apiVersionsV3, deleteGroupsV2, deleteTopicsV6, listGroupsV4, metadataV12 } from '@platformatic/kafka'
import { answered, BrokerConnection } from './broker-connection.ts'
import { describeQuorum } from './describe-quorum.ts'

/** The requests that the observer, the reader and the admin calls of a trial send: API key, version. Kafka 3.9 has all. */
const needed: Readonly<Record<string, readonly [key: number, version: number]>> = {
  Produce: [0, 11],
  Fetch: [1, 17],
  ListOffsets: [2, 9],
  Metadata: [3, 12],
  OffsetFetch: [9, 8],
  FindCoordinator: [10, 4],
  ListGroups: [16, 4],
  CreateTopics: [19, 7],
  DeleteTopics: [20, 6],
  DescribeConfigs: [32, 4],
  DeleteGroups: [42, 2],
}

const describeQuorumKey = 55
const unknownTopic = 3
const noTopic = '00000000-0000-0000-0000-000000000000'

export interface AdvertisedBroker {
  id: number
  /** `host:port` */
  address: string
}

export class OwnBroker implements AsyncDisposable {
  readonly #connection: BrokerConnection
  readonly #limitMs: number

  /** `address`: `host:port`. Each call throws LossproofError('cluster') when it gets no answer within `limitMs`. */
  constructor(address: string, limitMs: number) {
    this.#connection = new BrokerConnection(address, limitMs)
    this.#limitMs = limitMs
  }

  /** Names of the requests that this broker does not understand and a trial needs. */
  async lacking(): Promise<string[]> {
    const { apiKeys } = await this.#connection.call(connection => apiVersionsV3.api.async(connection, 'lossproof', '1'))
    return Object.entries(needed).flatMap(([name, [key, version]]) => {
      const known = apiKeys.find(({ apiKey }) => apiKey === key)
      return known !== undefined && known.minVersion <= version && version <= known.maxVersion ? [] : [name]
    })
  }

  /** Every broker of the cluster, with the address that it gives to clients of this listener. */
  async brokers(): Promise<AdvertisedBroker[]> {
    const { brokers } = await this.#connection.call(connection => metadataV12.api.async(connection, [], false, false))
    return brokers
      .map(({ nodeId, host, port }) => ({ id: nodeId, address: `${host}:${port}` }))
      .toSorted((a, b) => a.id - b.id)
  }

  /** Ids of the nodes that vote on metadata; empty for brokers that have no such quorum. */
  async voters(): Promise<number[]> {
    const { apiKeys } = await this.#connection.call(connection => apiVersionsV3.api.async(connection, 'lossproof', '1'))
    if (!apiKeys.some(({ apiKey }) => apiKey === describeQuorumKey)) return []
    return (await describeQuorum(this.#connection)).voters
  }

  /** Names of the topics that begin with `prefix`. */
  async topicsWith(prefix: string): Promise<string[]> {
    const { topics } = await this.#connection.call(connection => metadataV12.api.async(connection, null, false, false))
    return topics.flatMap(({ name }) => (name?.startsWith(prefix) === true ? [name] : []))
  }

  /** Removes topics. Resolves with the reason of each that was not removed, by name; one that is gone already is no error. */
  async deleteTopics(names: readonly string[]): Promise<Map<string, string>> {
    const topics = names.map(name => ({ name, topicId: noTopic }))
    const { responses } = await this.#connection.call(connection =>
      answered(deleteTopicsV6.api.async(connection, topics, this.#limitMs)),
    )
    return new Map(
      responses.flatMap(({ name, errorCode, errorMessage }) =>
        errorCode === 0 || errorCode === unknownTopic
          ? []
          : [[name ?? '', errorMessage ?? `error code ${errorCode}`] as const],
      ),
    )
  }

  /** Removes the groups that this broker coordinates and whose names begin with `prefix`, except those with members. */
  async deleteGroupsWith(prefix: string): Promise<void> {
    const { groups } = await this.#connection.call(connection => listGroupsV4.api.async(connection, [], []))
    const names = groups.flatMap(({ groupId }) => (groupId.startsWith(prefix) ? [groupId] : []))
    if (names.length > 0)
      await this.#connection.call(connection => answered(deleteGroupsV2.api.async(connection, names)))
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.#connection.close()
  }
}
