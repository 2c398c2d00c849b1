import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { ConsumerLane } from '../../consumer-lane.ts'
import { encode, encodeFence } from '../../payload.ts'
import { recordedEffects } from '../../earlier-records.ts'
import { readLaneFile } from '../../../history/reader.ts'
import type { LaneRecord } from '../../../history/records.ts'
import type { Handling, Sending } from '../../../model/plan.ts'
import { handling as committed } from '../../../model/testing/handling.ts'
import { brokerAddress, brokerName, FakeBroker } from '../../rocketmq-remoting/testing/fake-broker.ts'
import { FakeServer } from '../../rocketmq-remoting/testing/fake-server.ts'
import { RequestCode } from '../../rocketmq-remoting/index.ts'
import { decodeProperties } from '../../rocketmq-remoting/wire/properties.ts'
import { createConsumer } from './consumer.ts'
import { createProducer } from './producer.ts'
import { readPartition } from './read-partition.ts'

const nameServer = 'namesrv:9876'
let broker: FakeBroker
let folder = ''

beforeEach(async () => {
  broker = await FakeBroker.start({ t: 2 })
  folder = mkdtempSync(join(tmpdir(), 'adapter-'))
})
afterEach(async () => {
  await broker[Symbol.asyncDispose]()
  rmSync(folder, { recursive: true })
})

const reach = () => ({
  bootstrap: [nameServer],
  topic: 't',
  addresses: { [nameServer]: broker.server.address, [brokerAddress]: broker.server.address },
  queues: [
    { brokerName, queueId: 0 },
    { brokerName, queueId: 1 },
  ],
})
const put = (s: number, queueId = 0) => broker.put('t', queueId, encode('a', s, 64).toString())

describe('a lane that consumes with the rocketmq-remoting client', () => {
  const handling: Handling = { ...committed, commit: 'library', poisonEvery: 2 }

  /**
   * Consumes message 0, which is fine, and message 1, which is poison, until `done`; resolves with what was written
   * down.
   */
  async function consume(how: Partial<Handling>, done: () => boolean): Promise<LaneRecord[]> {
    put(0)
    put(1)
    const file = join(folder, 'lane.jsonl')
    const settings = { persistConsumerOffsetInterval: 20 }
    const config = {
      ...reach(),
      lane: 'a',
      file,
      client: 'rocketmq-remoting',
      clientId: 'c',
      group: 'g',
      payload: 'lossproof' as const,
      handling: { ...handling, ...how },
      stores: join(folder, 'stores'),
      folder,
      settings,
      clientSettings: { rebalanceInterval: 50, brokerSuspendMaxTimeMillis: 50 },
    }
    const lane = new ConsumerLane(config, createConsumer(config), 'consumer-1', () => performance.now())
    await lane.run()
    await expect.poll(done, { timeout: 8000, interval: 20 }).toBe(true)
    await expect.poll(() => broker.offsets.get('t-0'), { timeout: 8000, interval: 20 }).toBe(2)
    await lane.close()
    lane.closeFile()
    const records: LaneRecord[] = []
    readLaneFile(
      file,
      () => {},
      record => records.push({ ...record }),
    )
    return records
  }
  const ops = (records: LaneRecord[], s: number) =>
    records.flatMap(record =>
      's' in record && record.s === s
        ? [[record.op, 'p' in record ? record.p : undefined, 'n' in record ? record.n : undefined]]
        : [],
    )
  const dead = () => broker.queue('%DLQ%g', 0).length === 1

  test.each(['throw', 'reconsume-later', 'return-null'] as const)(
    '%s: redelivered from the retry topic, a partition of its own, until it is dead',
    async onPoison => {
      const records = await consume({ onPoison }, dead)
      expect(ops(records, 0)).toEqual([
        ['delivered', 0, undefined],
        ['processed', 0, undefined],
      ])
      expect(ops(records, 1)).toEqual([
        ['delivered', 0, undefined],
        ['failed', 0, 1],
        ['delivered', 2, 2],
        ['failed', 2, 2],
        ['delivered', 2, 3],
        ['failed', 2, 3],
      ])
      expect(recordedEffects(folder)).toEqual(new Set([0]))
    },
  )

  test('park: after three deliveries the message is parked, and not delivered again', async () => {
    let parked = false
    const records = await consume(
      { onPoison: 'park', attempts: 3 },
      () => (parked ||= broker.offsets.get('%RETRY%g-0') === 2),
    )
    expect(ops(records, 1).at(-1)).toEqual(['parked', 2, undefined])
    expect(broker.queue('%DLQ%g', 0)).toEqual([])
  })

  test('swallow: the message is not delivered again', async () => {
    const records = await consume({ onPoison: 'swallow' }, () => true)
    expect(ops(records, 1)).toEqual([
      ['delivered', 0, undefined],
      ['failed', 0, 1],
    ])
    expect(records.filter(record => record.op === 'committed').at(-1)).toMatchObject({ p: 0, o: 2 })
  })
})

describe('tags', () => {
  const tagOf = ({ fields }: { fields: ReadonlyMap<string, string> }) =>
    decodeProperties(fields.get('i') ?? '').get('TAGS')

  test('a producer sends each message with its tag, and without tags sends none', async () => {
    const route = JSON.stringify({
      queueDatas: [{ brokerName, perm: 6, readQueueNums: 2, writeQueueNums: 2 }],
      brokerDatas: [{ brokerName, cluster: 'c', brokerAddrs: { 0: brokerAddress } }],
    })
    await using server = await FakeServer.start(({ code }) =>
      code === RequestCode.SEND_MESSAGE_V2
        ? { code: 0, fields: { msgId: 'AB', queueId: 0, queueOffset: 0 } }
        : { code: 0, body: Buffer.from(route) },
    )
    const producer = createProducer({
      ...reach(),
      addresses: { [nameServer]: server.address, [brokerAddress]: server.address },
      clientId: 'p',
      sending: { attempts: 1, backoffMs: 0, ackedWhen: ['SEND_OK'], spool: 'none' },
      settings: {},
      clientSettings: {},
    })
    await producer.send(0, [encode('a', 0, 64)], { tags: ['A'] })
    await producer.send(0, [encode('a', 1, 64)])
    await producer.close()
    const sends = server.heard.filter(({ code }) => code === RequestCode.SEND_MESSAGE_V2)
    expect(sends.map(tagOf)).toEqual(['A', undefined])
  })

  test('a consumer asks for its tags, and passes over others that a broker returns, and broken properties', async () => {
    const properties = ['TAGS\u0001A\u0002', 'TAGS\u0001B\u0002', 'TAGS', '\u0001A\u0002', 'TAGS\u0001A']
    properties.forEach((text, s) => broker.put('t', 0, encode('a', s, 64).toString(), { properties: text }))
    const got: number[] = []
    const consumer = createConsumer({
      ...reach(),
      clientId: 'c',
      group: 'g',
      handling: { ...committed, commit: 'library' },
      subscription: 'A||C',
      stores: join(folder, 'stores'),
      settings: { persistConsumerOffsetInterval: 20 },
      clientSettings: { rebalanceInterval: 50, brokerSuspendMaxTimeMillis: 50 },
    })
    await consumer.run({
      receive: async messages => {
        got.push(...messages.map(({ offset }) => offset))
        return 'done'
      },
      committed: () => {},
      stopped: () => {},
    })
    await expect.poll(() => broker.offsets.get('t-0'), { timeout: 8000, interval: 20 }).toBe(properties.length)
    await consumer.close()
    // A last property without its end mark still counts, as in RocketMQ's own decoder.
    expect(got).toEqual([0, 4])
    const pulls = broker.server.heard.filter(({ code }) => code === RequestCode.PULL_MESSAGE)
    expect(
      new Set(pulls.flatMap(({ fields }) => (fields.get('topic') === 't' ? [fields.get('subscription')] : []))),
    ).toEqual(new Set(['A||C']))
  })
})

describe('reading a queue to its end', () => {
  const read = async (fenceOffset: number, limitMs = 3000, more: { topicUnknown?: true } = {}) => {
    const found: [number, string][] = []
    const starts: number[] = []
    const end = await readPartition({
      ...reach(),
      group: 'r',
      p: 1,
      fenceOffset,
      limitMs,
      ...more,
      onStart: offset => starts.push(offset),
      onRecords: records =>
        found.push(...records.map(({ offset, value }): [number, string] => [offset, value.toString()])),
    })
    return { end, found, starts }
  }

  test('returns every message once, and the end offset after the fence', async () => {
    for (let s = 0; s < 9; s++) put(s, 1)
    broker.put('t', 1, encodeFence('a', 'f').toString())
    const { end, found, starts } = await read(9)
    expect(end).toBe(10)
    expect(starts).toEqual([0])
    expect(found.map(([offset]) => offset)).toEqual([0, 1, 2, 3, 4, 5, 6, 7, 8, 9])
    expect(found[3]?.[1]).toContain('a 3')
  })

  test('an end before the fence is an error that says how far it read', async () => {
    put(0, 1)
    await expect(read(5, 500)).rejects.toThrow(/read up to 1; end 1 before and 1 after; fence at 5/)
  })

  test('an unknown topic ends at 0 with topicUnknown, and is an error without it', async () => {
    put(0, 1)
    broker.uncopied.add('t')
    expect(await read(-1, 3000, { topicUnknown: true })).toMatchObject({ end: 0, found: [] })
    await expect(read(0, 500)).rejects.toThrow(/TOPIC_NOT_EXIST/)
  })

  test('with topicUnknown other refusals are still errors, and a topic that exists is read', async () => {
    put(0, 1)
    expect(await read(-1, 3000, { topicUnknown: true })).toMatchObject({ end: 1, found: [[0, expect.any(String)]] })
    broker.broken.add(RequestCode.PULL_MESSAGE)
    await expect(read(-1, 500, { topicUnknown: true })).rejects.toThrow(/SYSTEM_ERROR/)
  })
})

describe('a lane that produces with the rocketmq-remoting client', () => {
  const sending: Sending = { attempts: 1, backoffMs: 0, ackedWhen: ['SEND_OK'], spool: 'none' }
  const route = JSON.stringify({
    queueDatas: [{ brokerName, perm: 6, readQueueNums: 2, writeQueueNums: 2 }],
    brokerDatas: [{ brokerName, cluster: 'c', brokerAddrs: { 0: brokerAddress } }],
  })

  test.each([
    ['sync', {}, 1],
    ['sync', { retryTimesWhenSendFailed: 2 }, 3],
    ['sync', { retryTimesWhenSendAsyncFailed: 2 }, 1],
    ['async', { retryTimesWhenSendFailed: 2 }, 3],
    ['async', { retryTimesWhenSendFailed: 2, retryTimesWhenSendAsyncFailed: 0 }, 1],
    ['async', { retryTimesWhenSendAsyncFailed: 1 }, 2],
  ])('send=%s with %o makes %i attempts', async (send, settings, attempts) => {
    await using server = await FakeServer.start(({ code }) =>
      code === RequestCode.SEND_MESSAGE_V2
        ? { code: 12, fields: { msgId: 'AB', queueId: 0, queueOffset: 0 } }
        : { code: 0, body: Buffer.from(route) },
    )
    const addresses = { [nameServer]: server.address, [brokerAddress]: server.address }
    const producer = createProducer({
      ...reach(),
      addresses,
      clientId: 'p',
      sending,
      settings: { retryAnotherBrokerWhenNotStoreOK: true, ...settings },
      clientSettings: { send },
    })
    await producer.send(0, [encode('a', 0, 64)])
    await producer.close()
    expect(server.heard.filter(({ code }) => code === RequestCode.SEND_MESSAGE_V2)).toHaveLength(attempts)
  })
})
