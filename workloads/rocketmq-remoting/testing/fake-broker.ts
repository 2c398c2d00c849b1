/**
 * For tests: a name server and a broker in one, in memory. It has what a consumer relies on: queues, pulls that wait,
 * offsets, membership with change notifications, and send-back to retry and dead-letter topics, without delay.
 */
import { RequestCode, ResponseCode } from '../wire/codes.ts'
import type { Command } from '../wire/header.ts'
import { objectOf, listOf, parseObject, textOf } from '../wire/json.ts'
import { FakeServer } from './fake-server.ts'
import type { Peer, Reply } from './fake-server.ts'
import { encodeStored } from './stored.ts'
import type { StoredFixture } from './stored.ts'

export const brokerName = 'broker-a'
export const brokerAddress = 'broker-0:10911'

interface Member {
  clientId: string
  peer: Peer
}

export class FakeBroker implements AsyncDisposable {
  readonly #queues = new Map<string, StoredFixture[]>()
  readonly #topics = new Map<string, number>()
  readonly offsets = new Map<string, number>()
  readonly #members = new Map<string, Member[]>()
  #server: FakeServer | undefined
  #position = 0
  /** First offset that still exists, in every queue. */
  minOffset = 0
  retryMaxTimes = 2
  /** Request codes that are answered with SYSTEM_ERROR. */
  readonly broken = new Set<number>()
  /** Topics whose pulls are refused as unknown, as by a slave that has not copied the topic yet. */
  readonly uncopied = new Set<string>()

  static async start(topics: Record<string, number>): Promise<FakeBroker> {
    const broker = new FakeBroker()
    for (const [topic, queues] of Object.entries(topics)) broker.#topics.set(topic, queues)
    broker.#server = await FakeServer.start((request, peer) => broker.#answer(request, peer))
    return broker
  }

  get server(): FakeServer {
    if (!this.#server) throw new Error('not started')
    return this.#server
  }

  put(topic: string, queueId: number, text: string, more: Partial<StoredFixture> = {}): void {
    const queue = this.queue(topic, queueId)
    this.#position += 100
    queue.push({
      topic,
      queueId,
      queueOffset: queue.length,
      physicalOffset: this.#position,
      body: Buffer.from(text),
      ...more,
    })
  }

  queue(topic: string, queueId: number): StoredFixture[] {
    const key = `${topic}-${queueId}`
    const queue = this.#queues.get(key) ?? []
    this.#queues.set(key, queue)
    return queue
  }

  membersOf(group: string): string[] {
    return (this.#members.get(group) ?? []).map(member => member.clientId)
  }

  /** Removes a client from its groups, as a broker does when the client's connection ends. */
  forget(clientId: string): void {
    for (const [group, members] of this.#members) {
      this.#members.set(
        group,
        members.filter(member => member.clientId !== clientId),
      )
      this.#notify(group)
    }
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.server[Symbol.asyncDispose]()
  }

  async #answer(request: Command, peer: Peer): Promise<Reply | undefined> {
    if (this.broken.has(request.code)) return { code: ResponseCode.SYSTEM_ERROR, remark: 'broken on purpose' }
    const field = (name: string) => request.fields.get(name) ?? ''
    switch (request.code) {
      case RequestCode.GET_ROUTEINFO_BY_TOPIC:
        return this.#route(field('topic'))
      case RequestCode.PULL_MESSAGE:
        return this.#pull(
          field('topic'),
          Number(field('queueId')),
          Number(field('queueOffset')),
          Number(field('suspendTimeoutMillis')),
        )
      case RequestCode.GET_MAX_OFFSET:
        return { code: 0, fields: { offset: this.queue(field('topic'), Number(field('queueId'))).length } }
      case RequestCode.GET_MIN_OFFSET:
        return { code: 0, fields: { offset: this.minOffset } }
      case RequestCode.QUERY_CONSUMER_OFFSET: {
        const offset = this.offsets.get(`${field('topic')}-${field('queueId')}`)
        return offset === undefined ? { code: ResponseCode.QUERY_NOT_FOUND } : { code: 0, fields: { offset } }
      }
      case RequestCode.UPDATE_CONSUMER_OFFSET:
        this.offsets.set(`${field('topic')}-${field('queueId')}`, Number(field('commitOffset')))
        return { code: 0 }
      case RequestCode.HEART_BEAT:
        return this.#heartbeat(request, peer)
      case RequestCode.GET_CONSUMER_LIST_BY_GROUP:
        return {
          code: 0,
          body: Buffer.from(JSON.stringify({ consumerIdList: this.membersOf(field('consumerGroup')) })),
        }
      case RequestCode.UNREGISTER_CLIENT:
        this.forget(field('clientID'))
        return { code: 0 }
      case RequestCode.CONSUMER_SEND_MSG_BACK:
        return this.#sendBack(Number(field('offset')), field('group'), Number(field('delayLevel')))
      default:
        return { code: ResponseCode.REQUEST_CODE_NOT_SUPPORTED }
    }
  }

  #route(topic: string): Reply {
    const queues = this.#topics.get(topic)
    if (queues === undefined)
      return {
        code: ResponseCode.TOPIC_NOT_EXIST,
        remark: `No topic route info in name server for the topic: ${topic}`,
      }
    const route = {
      queueDatas: [{ brokerName, perm: 6, readQueueNums: queues, writeQueueNums: queues, topicSysFlag: 0 }],
      brokerDatas: [{ brokerName, cluster: 'c', brokerAddrs: { 0: brokerAddress } }],
    }
    return { code: 0, body: Buffer.from(JSON.stringify(route)) }
  }

  async #pull(topic: string, queueId: number, offset: number, suspendMs: number): Promise<Reply> {
    if (this.uncopied.has(topic)) return { code: ResponseCode.TOPIC_NOT_EXIST, remark: `topic[${topic}] not exist` }
    const queue = this.queue(topic, queueId)
    const until = performance.now() + suspendMs
    while (offset === queue.length && performance.now() < until) await new Promise(resolve => setTimeout(resolve, 5))
    const fields = { minOffset: this.minOffset, maxOffset: queue.length, suggestWhichBrokerId: 0 }
    if (offset < this.minOffset)
      return { code: ResponseCode.PULL_OFFSET_MOVED, fields: { ...fields, nextBeginOffset: this.minOffset } }
    if (offset > queue.length)
      return { code: ResponseCode.PULL_OFFSET_MOVED, fields: { ...fields, nextBeginOffset: queue.length } }
    if (offset === queue.length)
      return { code: ResponseCode.PULL_NOT_FOUND, fields: { ...fields, nextBeginOffset: offset } }
    const found = queue.slice(offset, offset + 4)
    return {
      code: 0,
      fields: { ...fields, nextBeginOffset: offset + found.length },
      body: Buffer.concat(found.map(encodeStored)),
    }
  }

  #heartbeat(request: Command, peer: Peer): Reply {
    const beat = parseObject(request.body, 'a heartbeat')
    const clientId = textOf(beat, 'clientID', 'a heartbeat')
    for (const item of listOf(beat, 'consumerDataSet', 'a heartbeat')) {
      const group = textOf(objectOf(item, 'a consumer'), 'groupName', 'a consumer')
      this.#topics.set(`%RETRY%${group}`, 1)
      const members = this.#members.get(group) ?? []
      if (members.some(member => member.clientId === clientId)) continue
      this.#members.set(group, [...members, { clientId, peer }])
      this.#notify(group)
    }
    return { code: 0 }
  }

  #notify(group: string): void {
    for (const member of this.#members.get(group) ?? [])
      member.peer.ask(RequestCode.NOTIFY_CONSUMER_IDS_CHANGED, { consumerGroup: group }, true)
  }

  #sendBack(position: number, group: string, delayLevel: number): Reply {
    const found = [...this.#queues.values()].flat().find(message => message.physicalOffset === position)
    if (!found) return { code: ResponseCode.SYSTEM_ERROR, remark: `look message by offset failed, ${position}` }
    const times = found.reconsumeTimes ?? 0
    const isDead = times >= this.retryMaxTimes || delayLevel < 0
    const properties = found.properties?.includes('RETRY_TOPIC')
      ? found.properties
      : `${found.properties ?? ''}RETRY_TOPIC\u0001${found.topic}\u0002`
    this.put(`${isDead ? '%DLQ%' : '%RETRY%'}${group}`, 0, found.body.toString(), {
      reconsumeTimes: times + 1,
      properties,
    })
    return { code: 0 }
  }
}
