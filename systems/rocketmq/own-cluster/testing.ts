/** For tests: a name server and a broker of somebody else, on loopback, with topics and groups that can be removed. */
import { RequestCode, ResponseCode } from '../../../workloads/rocketmq-remoting/index.ts'
import type { Command } from '../../../workloads/rocketmq-remoting/wire/header.ts'
import { FakeServer } from '../../../workloads/rocketmq-remoting/testing/fake-server.ts'
import type { Reply } from '../../../workloads/rocketmq-remoting/testing/fake-server.ts'

const unknown: Reply = { code: ResponseCode.REQUEST_CODE_NOT_SUPPORTED }
const json = (value: unknown): Reply => ({ code: ResponseCode.SUCCESS, body: Buffer.from(JSON.stringify(value)) })

export const field = (request: Command, name: string): string => request.fields.get(name) ?? ''

export class TheirBroker {
  readonly topics = new Set<string>()
  readonly groups = new Set<string>()
  settings: Record<string, string> = { autoCreateSubscriptionGroup: 'false' }
  version = 'V5_5_0'
  /** Request codes that are refused. */
  readonly refused = new Set<number>()

  async start(): Promise<FakeServer> {
    return FakeServer.start(request => this.#answer(request))
  }

  #answer(request: Command): Reply {
    if (this.refused.has(request.code)) return { code: ResponseCode.NO_PERMISSION, remark: 'who are you' }
    switch (request.code) {
      case RequestCode.GET_BROKER_RUNTIME_INFO:
        return json({ table: { brokerVersionDesc: this.version, bootTimestamp: '1' } })
      case RequestCode.GET_BROKER_CONFIG: {
        const lines = Object.entries(this.settings).map(([name, value]) => `${name}=${value}`)
        return { code: ResponseCode.SUCCESS, body: Buffer.from(lines.join('\n')) }
      }
      case RequestCode.GET_BROKER_HA_STATUS:
        return this.version.startsWith('V4_')
          ? unknown
          : json({ master: true, masterCommitLogMaxOffset: 1, inSyncSlaveNums: 0, haConnectionInfo: [] })
      case RequestCode.GET_ALL_TOPIC_CONFIG:
        return json({
          topicConfigTable: Object.fromEntries([...this.topics].map(name => [name, { writeQueueNums: 1 }])),
        })
      case RequestCode.GET_ALL_SUBSCRIPTIONGROUP_CONFIG:
        return json({ subscriptionGroupTable: Object.fromEntries([...this.groups].map(name => [name, {}])) })
      case RequestCode.DELETE_TOPIC_IN_BROKER:
        this.topics.delete(field(request, 'topic'))
        return { code: ResponseCode.SUCCESS }
      case RequestCode.DELETE_SUBSCRIPTIONGROUP:
        this.groups.delete(field(request, 'groupName'))
        return { code: ResponseCode.SUCCESS }
      default:
        return unknown
    }
  }
}

export class TheirNameServer {
  readonly topics = new Set<string>()
  /** Addresses by id, by group. */
  readonly brokers: Record<string, Record<number, string>>
  listsTopics = true

  constructor(brokers: Record<string, Record<number, string>>) {
    this.brokers = brokers
  }

  async start(): Promise<FakeServer> {
    return FakeServer.start(request => this.#answer(request))
  }

  #answer(request: Command): Reply {
    switch (request.code) {
      case RequestCode.GET_BROKER_CLUSTER_INFO:
        return json({
          brokerAddrTable: Object.fromEntries(
            Object.entries(this.brokers).map(([name, brokerAddrs]) => [name, { brokerName: name, brokerAddrs }]),
          ),
        })
      case RequestCode.GET_ALL_TOPIC_LIST_FROM_NAMESERVER:
        return this.listsTopics
          ? json({ topicList: [...this.topics] })
          : { code: ResponseCode.SYSTEM_ERROR, remark: 'disable' }
      case RequestCode.DELETE_TOPIC_IN_NAMESRV:
        this.topics.delete(field(request, 'topic'))
        return { code: ResponseCode.SUCCESS }
      default:
        return unknown
    }
  }
}
