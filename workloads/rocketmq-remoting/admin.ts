/** Requests of tests, observers and the set-up of a trial to brokers and controllers. Addresses are as advertised. */
import type { RemotingClient } from './client.ts'
import { nameOfCode, RequestCode, ResponseCode } from './wire/codes.ts'
import { RefusedError } from './errors.ts'
import { flagOf, intOf, listOf, objectOf, parseObject, textOf, wholeNumber } from './wire/json.ts'

export interface TopicSettings {
  topic: string
  queues: number
  /** Default 6 (read and write). */
  perm?: number
}

/** Creates or changes the topic on one broker. A slave accepts it too, without waiting to copy it from its master. */
export async function createTopic(
  client: RemotingClient,
  address: string,
  { topic, queues, perm = 6 }: TopicSettings,
): Promise<void> {
  const fields = {
    topic,
    perm,
    defaultTopic: 'TBW102',
    readQueueNums: queues,
    writeQueueNums: queues,
    topicFilterType: 'SINGLE_TAG',
    topicSysFlag: 0,
    order: false,
  }
  await client.call(address, { code: RequestCode.UPDATE_AND_CREATE_TOPIC, fields }, `create topic ${topic}`)
}

/** The topic's configuration on this broker; undefined when the broker does not know the topic. */
export async function topicConfig(
  client: RemotingClient,
  address: string,
  topic: string,
): Promise<{ readQueueNums: number; writeQueueNums: number; perm: number } | undefined> {
  const what = `configuration of ${topic} at ${address}`
  const answer = await client.request(address, { code: RequestCode.GET_TOPIC_CONFIG, fields: { topic, lo: false } })
  if (answer.code === ResponseCode.TOPIC_NOT_EXIST) return undefined
  if (answer.code !== ResponseCode.SUCCESS)
    throw new RefusedError(what, answer.code, nameOfCode(answer.code), answer.remark)
  const config = parseObject(answer.body, what)
  return {
    readQueueNums: intOf(config, 'readQueueNums', what),
    writeQueueNums: intOf(config, 'writeQueueNums', what),
    perm: intOf(config, 'perm', what),
  }
}

export interface GroupSettings {
  group: string
  /** Redeliveries before a message goes to the dead-letter topic. Default 16. */
  retryMaxTimes?: number
  retryQueueNums?: number
}

export async function createSubscriptionGroup(
  client: RemotingClient,
  address: string,
  { group, retryMaxTimes = 16, retryQueueNums = 1 }: GroupSettings,
): Promise<void> {
  const config = {
    groupName: group,
    consumeEnable: true,
    consumeFromMinEnable: true,
    consumeBroadcastEnable: true,
    retryQueueNums,
    retryMaxTimes,
    brokerId: 0,
    whichBrokerWhenConsumeSlowly: 1,
    notifyConsumerIdsChangedEnable: true,
  }
  const request = {
    code: RequestCode.UPDATE_AND_CREATE_SUBSCRIPTIONGROUP,
    fields: {},
    body: Buffer.from(JSON.stringify(config)),
  }
  await client.call(address, request, `create group ${group}`)
}

/**
 * The broker's runtime information, as text: `putMessageTimesTotal`, `commitLogMaxOffset`, `dispatchBehindBytes` and
 * more.
 */
export async function runtimeInfo(client: RemotingClient, address: string): Promise<ReadonlyMap<string, string>> {
  const what = `runtime info of ${address}`
  const { body } = await client.call(address, { code: RequestCode.GET_BROKER_RUNTIME_INFO, fields: {} }, what)
  const table = objectOf(parseObject(body, what).get('table'), what)
  return new Map([...table].map(([key, value]) => [key, String(value)]))
}

export async function brokerConfig(client: RemotingClient, address: string): Promise<ReadonlyMap<string, string>> {
  const { body } = await client.call(
    address,
    { code: RequestCode.GET_BROKER_CONFIG, fields: {} },
    'broker configuration',
  )
  const lines = body
    .toString('utf8')
    .split('\n')
    .filter(line => line.includes('='))
  return new Map(lines.map(line => [line.slice(0, line.indexOf('=')).trim(), line.slice(line.indexOf('=') + 1).trim()]))
}

/** Changes settings of a running broker. Settings that it reads only at its start take effect after a restart. */
export async function updateBrokerConfig(
  client: RemotingClient,
  address: string,
  settings: Record<string, string | number | boolean>,
): Promise<void> {
  const body = Buffer.from(
    Object.entries(settings)
      .map(([key, value]) => `${key}=${String(value)}\n`)
      .join(''),
  )
  await client.call(
    address,
    { code: RequestCode.UPDATE_BROKER_CONFIG, fields: {}, body },
    'update broker configuration',
  )
}

export interface HaStatus {
  isMaster: boolean
  /** Only of a slave: the end of its commit log, and the master that it copies from, once known. */
  slave: { masterAddress: string | undefined; commitLogMaxOffset: number } | undefined
  /** This and the fields below are reported by a master. */
  masterCommitLogMaxOffset: number
  inSyncSlaveNums: number
  slaves: { address: string; ackOffset: number; diff: number; isInSync: boolean }[]
}

/** The state of replication as this broker reports it. Brokers before 5.0 answer REQUEST_CODE_NOT_SUPPORTED. */
export async function haStatus(client: RemotingClient, address: string): Promise<HaStatus> {
  const what = `HA status of ${address}`
  const { body } = await client.call(address, { code: RequestCode.GET_BROKER_HA_STATUS, fields: {} }, what)
  const status = parseObject(body, what)
  const isMaster = flagOf(status, 'master')
  const copying = objectOf(status.get('haClientRuntimeInfo') ?? {}, what)
  const masterAddress = copying.has('masterAddr') ? textOf(copying, 'masterAddr', what) : undefined
  return {
    isMaster,
    slave: isMaster ? undefined : { masterAddress, commitLogMaxOffset: intOf(copying, 'maxOffset', what) },
    masterCommitLogMaxOffset: intOf(status, 'masterCommitLogMaxOffset', what),
    inSyncSlaveNums: intOf(status, 'inSyncSlaveNums', what),
    slaves: listOf(status, 'haConnectionInfo', what).map(item => {
      const slave = objectOf(item, what)
      return {
        address: textOf(slave, 'addr', what),
        ackOffset: intOf(slave, 'slaveAckOffset', what),
        diff: intOf(slave, 'diff', what),
        isInSync: flagOf(slave, 'inSync'),
      }
    }),
  }
}

export interface ReplicaInfo {
  /** Undefined while no master is elected. Broker ids count from 1 in the order of registration. */
  master: { brokerId: number; address: string } | undefined
  masterEpoch: number
  syncStateSet: number[]
  syncStateSetEpoch: number
}

/**
 * The controller's record of a broker group. Throws RefusedError: 2007 when it is not the leader, 2008 for an unknown
 * group.
 */
export async function replicaInfo(
  client: RemotingClient,
  controller: string,
  brokerName: string,
): Promise<ReplicaInfo> {
  const what = `replica info of ${brokerName}`
  const { fields, body } = await client.call(
    controller,
    { code: RequestCode.CONTROLLER_GET_REPLICA_INFO, fields: { brokerName } },
    what,
  )
  const set = parseObject(body, what)
  const address = fields.get('masterAddress')
  return {
    master: address ? { address, brokerId: wholeNumber(fields.get('masterBrokerId'), what) } : undefined,
    masterEpoch: wholeNumber(fields.get('masterEpoch') ?? 0, what),
    syncStateSet: listOf(set, 'syncStateSet', what).map(id => wholeNumber(id, what)),
    syncStateSetEpoch: intOf(set, 'syncStateSetEpoch', what),
  }
}

export async function controllerMetadata(
  client: RemotingClient,
  controller: string,
): Promise<{ leaderId: string; leaderAddress: string; isLeader: boolean; peers: string }> {
  const { fields } = await client.call(
    controller,
    { code: RequestCode.CONTROLLER_GET_METADATA_INFO, fields: {} },
    'controller metadata',
  )
  return {
    leaderId: fields.get('controllerLeaderId') ?? '',
    leaderAddress: fields.get('controllerLeaderAddress') ?? '',
    isLeader: (fields.get('isLeader') ?? fields.get('leader')) === 'true',
    peers: fields.get('peers') ?? '',
  }
}

/** All brokers that the name server knows: addresses by broker id, by group name. */
export async function clusterBrokers(
  client: RemotingClient,
  nameServer: string,
): Promise<ReadonlyMap<string, ReadonlyMap<number, string>>> {
  const what = `brokers at ${nameServer}`
  const { body } = await client.call(nameServer, { code: RequestCode.GET_BROKER_CLUSTER_INFO, fields: {} }, what)
  const table = objectOf(parseObject(quoteKeys(body.toString('utf8')), what).get('brokerAddrTable') ?? {}, what)
  return new Map(
    [...table].map(([name, value]) => {
      const addresses = objectOf(objectOf(value, what).get('brokerAddrs') ?? {}, what)
      return [name, new Map([...addresses.keys()].map(id => [Number(id), textOf(addresses, id, what)]))]
    }),
  )
}

/**
 * Name servers write numeric keys without quotes. No name or address contains a brace or comma followed by a number and
 * a colon.
 */
const quoteKeys = (text: string) => text.replace(/([{,])(\d+):/g, '$1"$2":')
