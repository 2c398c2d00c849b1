import { setTimeout as delay } from 'node:timers/promises'
import { afterAll, beforeAll, describe, expect, test, vi } from 'vitest'
import {
  admin,
  consumerOffset,
  deadLetterTopicOf,
  maxOffset,
  outcomeOf,
  Producer,
  pull,
  PushConsumer,
  readQueues,
  retryTopicOf,
  updateConsumerOffset,
} from '../../workloads/rocketmq-remoting/index.ts'
import type {
  MessageQueue,
  PushConsumerOptions,
  RemotingClient,
  Routes,
  SendAnswer,
  StoredMessage,
} from '../../workloads/rocketmq-remoting/index.ts'
import { startRocketmq } from '../support/rocketmq.ts'
import type { LiveRocketmq } from '../support/rocketmq.ts'

const master = 'broker-1:10911'
const slave = 'broker-2:10911'
const group = 'readers'

let live: LiveRocketmq
let client: RemotingClient
let routes: Routes
let producer: Producer

beforeAll(async () => {
  live = await startRocketmq({
    shape: { mode: 'classic', nameServers: 1, groups: [{ brokerName: 'broker-a', replicas: 2, settings: {} }] },
    broker: {
      brokerRole: 'SYNC_MASTER',
      flushDiskType: 'SYNC_FLUSH',
      inSyncReplicas: 2,
      slaveTimeout: 500,
      slaveReadEnable: true,
      messageDelayLevel: '1s 1s 1s 1s 1s 1s 1s 1s 1s 1s 1s 1s 1s 1s 1s 1s 1s 1s',
    },
  })
  ;({ client, routes } = live.client('observer'))
  producer = new Producer(client, routes, { group: 'producers' })
  // A broker's first answers can take longer than a request waits: it loads its classes.
  for (const address of [master, slave])
    await vi.waitFor(async () => admin.createSubscriptionGroup(client, address, { group, retryMaxTimes: 2 }), {
      timeout: 60_000,
      interval: 50,
    })
})
afterAll(async () => live?.[Symbol.asyncDispose]())

const eventually = <T>(read: () => T, timeout = 60_000) => expect.poll(read, { timeout, interval: 50 })
const queueOf = (topic: string, queueId: number): MessageQueue => ({ topic, brokerName: 'broker-a', queueId })
const text = (value: string) => ({ body: Buffer.from(value) })
const texts = (messages: readonly StoredMessage[]) => messages.map(message => message.body.toString())

/** A topic on master and slave that the name server knows. */
async function makeTopic(name: string, queues: number): Promise<string> {
  for (const address of [master, slave]) await admin.createTopic(client, address, { topic: name, queues })
  await eventually(async () => readQueues(await routes.refresh(name)).length).toBe(queues)
  return name
}

/** What the broker has of a queue from an offset on. What was just acknowledged may not be in the queue yet. */
async function readFrom(queue: MessageQueue, from: number, address = master): Promise<StoredMessage[]> {
  const found: StoredMessage[] = []
  for (let offset = from; ;) {
    const result = await pull(client, address, { group, queue, offset })
    found.push(...result.messages)
    if (result.status === 'NO_NEW_MSG' && result.nextBeginOffset === offset) return found
    offset = result.nextBeginOffset
  }
}

/** Sends until the slave is in step, as after a start and a cut it is not; resolves with the offset of the next message. */
async function inStep(queue: MessageQueue): Promise<number> {
  let next = -1
  const probe = async () => {
    const answer = await producer.send(queue, text('probe'))
    if (answer.kind === 'stored') next = answer.queueOffset + 1
    return outcomeOf(answer).code
  }
  await eventually(probe).toBe('SEND_OK')
  return next
}

describe('our client and a broker of 5.5.0', () => {
  test('master and slave each tell their role', async () => {
    // Brokers have booted; that the name server knows of them, and each of its role, comes a little later.
    await eventually(async () => (await admin.clusterBrokers(client, 'namesrv-1:9876')).get('broker-a')?.get(0)).toBe(
      master,
    )
    await eventually(async () => (await admin.haStatus(client, master)).slaves.length).toBe(1)
    await eventually(async () => admin.haStatus(client, master)).toMatchObject({ isMaster: true })
    await eventually(async () => admin.haStatus(client, slave)).toMatchObject({ isMaster: false })
    expect((await admin.runtimeInfo(client, master)).get('brokerVersionDesc')).toMatch(/^V5_5_0/)
    expect((await admin.brokerConfig(client, slave)).get('brokerRole')).toBe('SLAVE')
  })

  test('a topic is known to every broker and to the name server, with its queues', async () => {
    const name = await makeTopic('created', 4)
    expect(await admin.topicConfig(client, master, name)).toEqual({ readQueueNums: 4, writeQueueNums: 4, perm: 6 })
    expect(await admin.topicConfig(client, slave, name)).toEqual({ readQueueNums: 4, writeQueueNums: 4, perm: 6 })
    expect(await admin.topicConfig(client, master, 'nobody')).toBeUndefined()
  })

  test('every way to send: what was answered is what is stored, in order and intact, on master and slave', async () => {
    const queue = queueOf(await makeTopic('ways', 1), 0)
    const from = await inStep(queue)
    const sync = await producer.send(queue, { ...text('sync'), tags: 'A', keys: 'k1', properties: { mine: 'höhe' } })
    const async = await new Promise<SendAnswer>(resolve => producer.sendAsync(queue, text('async'), resolve))
    expect(outcomeOf(await producer.sendOneWay(queue, text('one-way')))).toEqual({ answer: 'acked', code: 'ONE_WAY' })
    await eventually(async () => maxOffset(client, master, queue)).toBe(from + 3)
    const batch = await producer.sendBatch(queue, [text('batch 1'), text('batch 2'), text('')])
    expect([sync, async, batch]).toMatchObject(
      [0, 1, 3].map(at => ({ status: 'SEND_OK', queueId: 0, queueOffset: from + at })),
    )
    await eventually(async () => texts(await readFrom(queue, from))).toEqual([
      'sync',
      'async',
      'one-way',
      'batch 1',
      'batch 2',
      '',
    ])
    const stored = await readFrom(queue, from)
    expect(stored.every((message, at) => message.isIntact && message.queueOffset === from + at)).toBe(true)
    expect(stored[0]?.messageId).toBe(sync.kind === 'stored' ? sync.messageId : '')
    expect(Object.fromEntries(stored[0]?.properties ?? [])).toMatchObject({
      TAGS: 'A',
      KEYS: 'k1',
      mine: 'höhe',
      WAIT: 'true',
    })
    await eventually(async () => texts(await readFrom(queue, from, slave))).toEqual(texts(stored))
  })

  test('FLUSH_SLAVE_TIMEOUT while the HA link is cut, and the message is stored', async () => {
    const queue = queueOf(await makeTopic('slave-timeout', 1), 0)
    const before = await inStep(queue)
    const link = live.cluster.replicationLink(1)
    for (const stream of ['upstream', 'downstream'] as const)
      await link.addToxic({ name: `cut-${stream}`, type: 'timeout', stream, attributes: { timeout: 0 } })
    const answer = await producer.send(queue, text('alone'))
    for (const stream of ['upstream', 'downstream'] as const) await link.removeToxic(`cut-${stream}`)
    expect(answer).toMatchObject({ kind: 'stored', status: 'FLUSH_SLAVE_TIMEOUT', code: 12, queueOffset: before })
    await eventually(async () => texts(await readFrom(queue, before))).toEqual(['alone'])
    await inStep(queue)
    await eventually(async () => texts(await readFrom(queue, before, slave))).toContain('alone')
  })

  test('FLUSH_DISK_TIMEOUT when the flush may take no time at all, and the messages are stored', async () => {
    const queue = queueOf(await makeTopic('disk-timeout', 1), 0)
    const before = await inStep(queue)
    await admin.updateBrokerConfig(client, master, { syncFlushTimeout: 1, inSyncReplicas: 1 })
    const answers = await Promise.all(Array.from({ length: 50 }, async (_, at) => producer.send(queue, text(`m${at}`))))
    await admin.updateBrokerConfig(client, master, { syncFlushTimeout: 5000, inSyncReplicas: 2 })
    expect(answers.map(answer => outcomeOf(answer).code)).toContain('FLUSH_DISK_TIMEOUT')
    expect(answers.every(answer => answer.kind === 'stored')).toBe(true)
    await eventually(async () => texts(await readFrom(queue, before)).toSorted()).toEqual(
      answers.map((_, at) => `m${at}`).toSorted(),
    )
  })

  test('what is refused before the store is not stored', async () => {
    const queue = queueOf(await makeTopic('refused', 1), 0)
    const before = await inStep(queue)
    const outcome = async (to: MessageQueue, body: Buffer) => outcomeOf(await producer.send(to, { body }))
    expect(await outcome(queueOf('refused', 7), Buffer.from('x'))).toEqual({
      answer: 'rejected',
      code: 'INVALID_PARAMETER',
    })
    expect(await outcome(queue, Buffer.alloc(5_000_000))).toEqual({ answer: 'rejected', code: 'MESSAGE_ILLEGAL' })
    expect(await outcome(queueOf('nobody', 0), Buffer.from('x'))).toEqual({ answer: 'rejected', code: 'no-route' })
    // The next one that is stored gets the place that they would have had.
    expect(await producer.send(queue, text('next'))).toMatchObject({ status: 'SEND_OK', queueOffset: before })
  })

  test("a group's offset: none, then what was committed; a group that nobody made is refused", async () => {
    const queue = queueOf(await makeTopic('offsets', 1), 0)
    await inStep(queue)
    await updateConsumerOffset(client, master, group, queue, 1)
    expect(await consumerOffset(client, master, group, queue)).toBe(1)
    await expect(pull(client, master, { group: 'nobody', queue, offset: 0 })).rejects.toMatchObject({
      code: 'refused',
      responseCode: 26,
    })
  })

  test('a pull waits for what comes, and answers at its limit when nothing does', async () => {
    const queue = queueOf(await makeTopic('waits', 1), 0)
    const offset = await inStep(queue)
    await eventually(async () => maxOffset(client, master, queue)).toBe(offset)
    const waiting = pull(client, master, { group, queue, offset, suspendMs: 5000 })
    await delay(200)
    await producer.send(queue, text('awaited'))
    expect(texts((await waiting).messages)).toEqual(['awaited'])
    expect(await pull(client, master, { group, queue, offset: offset + 1, suspendMs: 300 })).toMatchObject({
      status: 'NO_NEW_MSG',
      nextBeginOffset: offset + 1,
    })
    expect(await pull(client, master, { group, queue, offset: offset + 50 })).toMatchObject({
      status: 'OFFSET_ILLEGAL',
      nextBeginOffset: offset + 1,
    })
  })
})

describe('our push consumer and a broker of 5.5.0', () => {
  const options: Omit<PushConsumerOptions, 'listener' | 'topic'> = {
    group,
    messageModel: 'CLUSTERING',
    consumeFromWhere: 'CONSUME_FROM_FIRST_OFFSET',
    persistConsumerOffsetInterval: 200,
    rebalanceInterval: 2000,
    brokerSuspendMaxTimeMillis: 3000,
  }

  test('RECONSUME_LATER: as many retries as the group allows, then the dead-letter topic, which can be read', async () => {
    const name = await makeTopic('retried', 1)
    await inStep(queueOf(name, 0))
    const { client: mine, routes: own } = live.client('retrier')
    const seen: string[] = []
    const consumer = new PushConsumer(mine, own, {
      ...options,
      topic: name,
      listener: async ([message]) => {
        if (message?.body.toString() !== 'poison') return 'CONSUME_SUCCESS'
        seen.push(`${message.topic} ${message.reconsumeTimes}`)
        return 'RECONSUME_LATER'
      },
    })
    await consumer.start()
    await producer.send(queueOf(name, 0), text('poison'))
    await eventually(async () => texts(await readFrom(queueOf(deadLetterTopicOf(group), 0), 0))).toEqual(['poison'])
    expect(seen).toEqual([`${name} 0`, `${name} 1`, `${name} 2`])
    const [dead] = await readFrom(queueOf(deadLetterTopicOf(group), 0), 0)
    expect(dead).toMatchObject({ reconsumeTimes: 3 })
    expect(Object.fromEntries(dead?.properties ?? [])).toMatchObject({ RETRY_TOPIC: name, WAIT: 'false' })
    await eventually(async () => consumerOffset(client, master, group, queueOf(retryTopicOf(group), 0))).toBe(2)
    await consumer.shutdown()
    mine.close()
  })

  test('two members share the queues; when one dies, the other processes everything that was not committed', async () => {
    const name = await makeTopic('shared', 4)
    await inStep(queueOf(name, 0))
    const processed = new Map<string, Set<string>>([
      ['m1', new Set()],
      ['m2', new Set()],
    ])
    const shares = new Map<string, number>()
    const join = async (id: string) => {
      const own = live.client(id)
      const consumer = new PushConsumer(own.client, own.routes, {
        ...options,
        topic: name,
        listener: async messages => {
          for (const one of texts(messages)) processed.get(id)?.add(one)
          return 'CONSUME_SUCCESS'
        },
        events: { onAssigned: queues => shares.set(id, queues.filter(queue => queue.topic === name).length) },
      })
      await consumer.start()
      return { consumer, client: own.client }
    }
    const first = await join('m1')
    const second = await join('m2')
    await eventually(() => [shares.get('m1'), shares.get('m2')]).toEqual([2, 2])
    const send = async (from: number, to: number) => {
      for (let at = from; at < to; at++)
        expect(await producer.send(queueOf(name, at % 4), text(`s${at}`))).toMatchObject({ status: 'SEND_OK' })
    }
    await send(0, 20)
    await eventually(() => processed.get('m1')?.size ?? 0).toBeGreaterThanOrEqual(10)
    await eventually(() => processed.get('m2')?.size ?? 0).toBeGreaterThanOrEqual(10)
    // A dead process commits nothing and leaves nobody; its connection ends.
    second.client.close()
    await send(20, 40)
    await eventually(() => shares.get('m1')).toBe(4)
    const all = Array.from({ length: 40 }, (_, at) => `s${at}`)
    await eventually(() => all.filter(one => !processed.get('m1')?.has(one) && !processed.get('m2')?.has(one))).toEqual(
      [],
    )
    for (let queueId = 0; queueId < 4; queueId++) {
      const queue = queueOf(name, queueId)
      await eventually(async () => consumerOffset(client, master, group, queue)).toBe(
        await maxOffset(client, master, queue),
      )
    }
    await first.consumer.shutdown()
  })
})

describe('our client and a broker of 4.9.7', () => {
  test('SLAVE_NOT_AVAILABLE from a SYNC_MASTER without a slave, and the message is stored', async () => {
    await using old = await startRocketmq({
      image: 'rocketmq4',
      shape: { mode: 'classic', nameServers: 1, groups: [{ brokerName: 'broker-a', replicas: 1, settings: {} }] },
      broker: { brokerRole: 'SYNC_MASTER' },
    })
    const { client: mine, routes: own } = old.client('observer')
    await admin.createTopic(mine, master, { topic: 't', queues: 1 })
    await admin.createSubscriptionGroup(mine, master, { group })
    const queue = queueOf('t', 0)
    const sender = new Producer(mine, own, { group: 'producers' })
    await eventually(async () => outcomeOf(await sender.send(queue, text('alone'))).code).toBe('SLAVE_NOT_AVAILABLE')
    await eventually(async () => texts((await pull(mine, master, { group, queue, offset: 0 })).messages)).toContain(
      'alone',
    )
  })
})
