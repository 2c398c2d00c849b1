import { mkdtempSync, readFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout as delay } from 'node:timers/promises'
import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest'
import { RemotingClient } from '../client.ts'
import { RequestCode } from '../wire/codes.ts'
import type { StoredMessage } from '../wire/message.ts'
import { Routes } from '../route.ts'
import { FakeBroker } from '../testing/fake-broker.ts'
import type { ConsumerEvents, MessageListener, PushConsumerOptions } from './options.ts'
import { PushConsumer } from './push-consumer.ts'

vi.setConfig({ testTimeout: 20_000 })
const eventually = <T>(read: () => T) => expect.poll(read, { timeout: 8000, interval: 10 })

let broker: FakeBroker
const consumers: { consumer: PushConsumer; client: RemotingClient }[] = []
beforeEach(async () => {
  broker = await FakeBroker.start({ t: 4 })
})
afterEach(async () => {
  for (const { consumer, client } of consumers.splice(0)) {
    await consumer.shutdown()
    client.close()
  }
  await broker[Symbol.asyncDispose]()
})

const clustering: Omit<PushConsumerOptions, 'listener'> = {
  group: 'g',
  topic: 't',
  messageModel: 'CLUSTERING',
  consumeFromWhere: 'CONSUME_FROM_FIRST_OFFSET',
  brokerSuspendMaxTimeMillis: 50,
  persistConsumerOffsetInterval: 20,
  pullTimeDelayMillsWhenException: 20,
  consumeAgainMs: 30,
  rebalanceInterval: 200,
}

async function start(clientId: string, listener: MessageListener, more: Partial<PushConsumerOptions> = {}) {
  const client = new RemotingClient({ clientId, mapAddress: () => broker.server.address })
  const consumer = new PushConsumer(client, new Routes(client, ['namesrv:9876']), { ...clustering, listener, ...more })
  const started = { consumer, client }
  consumers.push(started)
  await consumer.start()
  return started
}

const put = (count: number) => {
  for (let at = 0; at < count; at++) broker.put('t', at % 4, `m${at}`)
}
const texts = (messages: readonly StoredMessage[]) => messages.map(message => message.body.toString())
const wanted = (count: number) => Array.from({ length: count }, (_, at) => `m${at}`).toSorted()

/** A listener that writes down what it got. */
function collector(
  result: (text: string, message: StoredMessage) => Awaited<ReturnType<MessageListener>> = () => 'CONSUME_SUCCESS',
) {
  const got: string[] = []
  const listener: MessageListener = async messages => {
    got.push(...texts(messages))
    const [first] = messages
    return first ? result(first.body.toString(), first) : 'CONSUME_SUCCESS'
  }
  return { got, listener }
}

describe('clustering', () => {
  test('delivers every message of every queue once, and commits the offsets after them', async () => {
    put(20)
    const { got, listener } = collector()
    await start('c1', listener)
    await eventually(() => got.toSorted()).toEqual(wanted(20))
    await eventually(() => [0, 1, 2, 3].map(queue => broker.offsets.get(`t-${queue}`))).toEqual([5, 5, 5, 5])
  })

  test('starts at the last offset: delivers only messages that come later', async () => {
    put(8)
    const { got, listener } = collector()
    const assigned: number[] = []
    await start('c1', listener, {
      consumeFromWhere: 'CONSUME_FROM_LAST_OFFSET',
      events: { onAssigned: queues => assigned.push(queues.length) },
    })
    await eventually(() => assigned.some(count => count >= 4)).toBe(true)
    broker.put('t', 0, 'new')
    await eventually(() => got).toEqual(['new'])
    // Told to the broker although no message said so: a restart must not skip what comes in between.
    await eventually(() => broker.offsets.get('t-3')).toBe(2)
  })

  test('does not read a queue until the broker returns its offset', async () => {
    put(4)
    broker.offsets.set('t-0', 1).set('t-1', 1).set('t-2', 1).set('t-3', 1)
    broker.broken.add(RequestCode.QUERY_CONSUMER_OFFSET)
    const errors: string[] = []
    const { got, listener } = collector()
    await start('c1', listener, {
      consumeFromWhere: 'CONSUME_FROM_LAST_OFFSET',
      events: { onError: what => errors.push(what) },
    })
    await eventually(() => errors).toContain('begin t@broker-a@0')
    for (let queue = 0; queue < 4; queue++) broker.put('t', queue, `new${queue}`)
    broker.broken.clear()
    await eventually(() => got.toSorted()).toEqual(['new0', 'new1', 'new2', 'new3'])
  })

  test('does not commit beyond a message in progress', async () => {
    for (let at = 0; at < 6; at++) broker.put('t', 0, `m${at}`)
    let release = () => {}
    const held = new Promise<void>(resolve => {
      release = resolve
    })
    const got: string[] = []
    await start('c1', async messages => {
      if (texts(messages)[0] === 'm2') await held
      got.push(...texts(messages))
      return 'CONSUME_SUCCESS'
    })
    await eventually(() => got).toHaveLength(5)
    await eventually(() => broker.offsets.get('t-0')).toBe(2)
    await delay(80)
    expect(broker.offsets.get('t-0')).toBe(2)
    release()
    await eventually(() => broker.offsets.get('t-0')).toBe(6)
  })

  test('shares the queues between two members; when one dies, the other continues from the committed offsets', async () => {
    const first = collector()
    const second = collector()
    const shares = new Map<string, number>()
    const share = (id: string): { events: ConsumerEvents } => ({
      events: { onAssigned: queues => shares.set(id, queues.filter(queue => queue.topic === 't').length) },
    })
    await start('c1', first.listener, share('c1'))
    const { client } = await start('c2', second.listener, share('c2'))
    await eventually(() => [shares.get('c1'), shares.get('c2')]).toEqual([2, 2])
    put(16)
    await eventually(() => [...first.got, ...second.got].toSorted()).toEqual(wanted(16))
    expect(second.got.length).toBe(8)
    await eventually(() => broker.offsets.get('t-3')).toBe(4)
    // Like a kill: no offset is stored, and the member does not leave the group.
    client.close()
    broker.forget('c2')
    await eventually(() => shares.get('c1')).toBe(4)
    put(4)
    await eventually(() => first.got.length).toBe(8 + 4)
  })

  test('ignores late results of a queue that went to another member', async () => {
    broker.put('t', 3, 'slow')
    let release = () => {}
    const held = new Promise<void>(resolve => {
      release = resolve
    })
    const first: string[] = []
    await start('c1', async messages => {
      first.push(...texts(messages))
      await held
      return 'RECONSUME_LATER'
    })
    await eventually(() => first).toEqual(['slow'])
    const second = collector()
    await start('c2', second.listener)
    await eventually(() => second.got).toEqual(['slow'])
    await eventually(() => broker.offsets.get('t-3')).toBe(1)
    release()
    await delay(100)
    expect(broker.queue('%RETRY%g', 0)).toHaveLength(0)
    expect(broker.offsets.get('t-3')).toBe(1)
  })

  test.each([
    ['RECONSUME_LATER', () => 'RECONSUME_LATER' as const],
    ['null', () => null],
    ['undefined', () => undefined],
    [
      'an exception',
      () => {
        throw new Error('poison')
      },
    ],
  ])(
    'sends back and redelivers after %s, under the same topic, until the message is dead-lettered',
    async (_, result) => {
      broker.put('t', 0, 'good')
      broker.put('t', 0, 'bad')
      const seen: string[] = []
      const back: string[] = []
      await start(
        'c1',
        async messages => {
          const [message] = messages
          seen.push(`${message?.body.toString()} ${message?.topic} ${message?.reconsumeTimes}`)
          return message?.body.toString() === 'good' ? 'CONSUME_SUCCESS' : result()
        },
        { events: { onSentBack: message => back.push(message.topic) } },
      )
      await eventually(() => broker.queue('%DLQ%g', 0).map(message => message.body.toString())).toEqual(['bad'])
      expect(seen).toEqual(['good t 0', 'bad t 0', 'bad t 1', 'bad t 2'])
      await eventually(() => back).toEqual(['t', '%RETRY%g', '%RETRY%g'])
      await eventually(() => [broker.offsets.get('t-0'), broker.offsets.get('%RETRY%g-0')]).toEqual([2, 2])
    },
  )

  test('sends a message straight to the dead-letter topic with a delay level below 0', async () => {
    broker.put('t', 0, 'bad')
    await start('c1', async (_, context) => {
      context.delayLevelWhenNextConsume = -1
      return 'RECONSUME_LATER'
    })
    await eventually(() => broker.queue('%DLQ%g', 0)).toHaveLength(1)
    expect(broker.queue('%RETRY%g', 0)).toHaveLength(0)
  })

  test('consumes a message again when it cannot be sent back, and does not commit beyond it', async () => {
    broker.put('t', 0, 'bad')
    broker.broken.add(RequestCode.CONSUMER_SEND_MSG_BACK)
    const { got, listener } = collector((_, message) =>
      message.reconsumeTimes >= 2 ? 'CONSUME_SUCCESS' : 'RECONSUME_LATER',
    )
    await start('c1', listener)
    await eventually(() => got).toHaveLength(2)
    expect(broker.offsets.get('t-0') ?? 0).toBe(0)
    await eventually(() => broker.offsets.get('t-0')).toBe(1)
    expect(got).toHaveLength(3)
  })

  test('waits for the listener at shutdown within its limit, stores the offset and leaves the group', async () => {
    broker.put('t', 0, 'slow')
    const got: string[] = []
    const { consumer } = await start(
      'c1',
      async messages => {
        await delay(100)
        got.push(...texts(messages))
        return 'CONSUME_SUCCESS'
      },
      { persistConsumerOffsetInterval: 60_000, awaitTerminationMillisWhenShutdown: 2000 },
    )
    await delay(60)
    await consumer.shutdown()
    expect(got).toEqual(['slow'])
    expect(broker.offsets.get('t-0')).toBe(1)
    expect(broker.membersOf('g')).toEqual([])
  })

  test('moves to the offset that the broker returns when its own no longer exists', async () => {
    put(8)
    broker.minOffset = 1
    const moved: string[] = []
    const { got, listener } = collector()
    await start('c1', listener, {
      events: { onOffsetMoved: (queue, from, to) => moved.push(`${queue.topic} ${from} ${to}`) },
    })
    await eventually(() => got.toSorted()).toEqual(['m4', 'm5', 'm6', 'm7'])
    expect(moved.filter(text => text.startsWith('t '))).toEqual(['t 0 1', 't 0 1', 't 0 1', 't 0 1'])
  })

  test('moves back to the end when its offset is beyond the end, as after a truncated log', async () => {
    put(4)
    for (let queue = 0; queue < 4; queue++) broker.offsets.set(`t-${queue}`, 9)
    const { got, listener } = collector()
    await start('c1', listener)
    await eventually(() => [0, 1, 2, 3].map(queue => broker.offsets.get(`t-${queue}`))).toEqual([1, 1, 1, 1])
    broker.put('t', 2, 'after')
    await eventually(() => got).toEqual(['after'])
  })

  test('pulls again after the broker came back, and rejoins when the broker has forgotten it', async () => {
    const { got, listener } = collector()
    await start('c1', listener)
    await eventually(() => broker.membersOf('g')).toEqual(['c1'])
    broker.server.dropAll()
    broker.forget('c1')
    put(8)
    await eventually(() => got.toSorted()).toEqual(wanted(8))
    await eventually(() => broker.membersOf('g')).toEqual(['c1'])
  })

  test('makes no more concurrent listener calls than consumeThreadMax', async () => {
    put(40)
    let running = 0
    let most = 0
    const got: string[] = []
    await start(
      'c1',
      async messages => {
        running += 1
        most = Math.max(most, running)
        await delay(3)
        running -= 1
        got.push(...texts(messages))
        return 'CONSUME_SUCCESS'
      },
      { consumeThreadMax: 3 },
    )
    await eventually(() => got).toHaveLength(40)
    expect(most).toBe(3)
  })

  test('delivers only the subscribed tags, and commits beyond the others', async () => {
    broker.put('t', 0, 'a', { properties: 'TAGS\u0001A\u0002' })
    broker.put('t', 0, 'b', { properties: 'TAGS\u0001B\u0002' })
    const { got, listener } = collector()
    await start('c1', listener, { subscription: 'B || C' })
    await eventually(() => broker.offsets.get('t-0')).toBe(2)
    expect(got).toEqual(['b'])
  })
})

describe('broadcasting', () => {
  test('delivers every message to every instance, drops failures, and stores the progress in a file', async () => {
    put(8)
    const folder = mkdtempSync(join(tmpdir(), 'lossproof-offsets-'))
    const dropped: string[] = []
    const both = [collector(text => (text === 'm3' ? 'RECONSUME_LATER' : 'CONSUME_SUCCESS')), collector()]
    for (const [at, { listener }] of both.entries()) {
      await start(`c${at}`, listener, {
        messageModel: 'BROADCASTING',
        offsetFile: join(folder, `${at}.json`),
        events: { onDropped: message => dropped.push(message.body.toString()) },
      })
    }
    for (const { got } of both) await eventually(() => got.toSorted()).toEqual(wanted(8))
    expect(dropped).toEqual(['m3'])
    const kept = (at: number) => JSON.parse(readFileSync(join(folder, `${at}.json`), 'utf8'))
    await eventually(() => kept(0)).toEqual({
      't@broker-a@0': 2,
      't@broker-a@1': 2,
      't@broker-a@2': 2,
      't@broker-a@3': 2,
    })
    expect(broker.queue('%RETRY%g', 0)).toHaveLength(0)
    expect(broker.offsets.size).toBe(0)
  })

  test('continues from its file after a restart', async () => {
    put(4)
    const offsetFile = join(mkdtempSync(join(tmpdir(), 'lossproof-offsets-')), 'offsets.json')
    const first = collector()
    const { consumer } = await start('c1', first.listener, { messageModel: 'BROADCASTING', offsetFile })
    await eventually(() => first.got).toHaveLength(4)
    await consumer.shutdown()
    broker.put('t', 1, 'new')
    const second = collector()
    await start('c1', second.listener, { messageModel: 'BROADCASTING', offsetFile })
    await eventually(() => second.got).toEqual(['new'])
  })
})
