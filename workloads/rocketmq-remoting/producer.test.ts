import { afterEach, describe, expect, test } from 'vitest'
import { outcomeOf } from './answers.ts'
import type { SendAnswer } from './answers.ts'
import { RemotingClient } from './client.ts'
import { RequestCode } from './wire/codes.ts'
import { Producer } from './producer.ts'
import { decodeProperties } from './wire/properties.ts'
import { Routes } from './route.ts'
import { FakeServer } from './testing/fake-server.ts'
import type { Peer, Reply } from './testing/fake-server.ts'
import type { Command } from './wire/header.ts'

const queue = { topic: 't', brokerName: 'broker-a', queueId: 3 }
const route = (master: boolean) => ({
  code: 0,
  body: Buffer.from(
    JSON.stringify({
      queueDatas: [{ brokerName: 'broker-a', perm: 6, readQueueNums: 4, writeQueueNums: 4 }],
      brokerDatas: [{ brokerName: 'broker-a', cluster: 'c', brokerAddrs: { [master ? '0' : '1']: 'broker-0:10911' } }],
    }),
  ),
})
const stored = (code: number): Reply => ({ code, fields: { msgId: 'AB', queueId: 3, queueOffset: 42 } })
const message = { body: Buffer.from('hello') }

const open: (RemotingClient | FakeServer)[] = []
afterEach(async () => {
  for (const one of open.splice(0)) await (one instanceof FakeServer ? one[Symbol.asyncDispose]() : one.close())
})

/** A broker, which is also the name server, that answers sends with the given script. */
async function start(onSend: (request: Command, peer: Peer) => Reply | undefined, hasMaster = () => true) {
  const server = await FakeServer.start((request, peer) =>
    request.code === RequestCode.GET_ROUTEINFO_BY_TOPIC ? route(hasMaster()) : onSend(request, peer),
  )
  const client = new RemotingClient({ clientId: 'c', mapAddress: () => server.address, connectTimeoutMs: 300 })
  open.push(client, server)
  const producer = new Producer(client, new Routes(client, ['namesrv:9876']), { group: 'pg', sendMsgTimeoutMs: 300 })
  return {
    producer,
    server,
    client,
    sends: () => server.heard.filter(command => command.code === RequestCode.SEND_MESSAGE_V2),
  }
}

describe('a send', () => {
  test('contains every field that the broker needs', async () => {
    const { producer, sends } = await start(() => stored(0))
    await producer.send(queue, { ...message, tags: 'A', keys: 'k', delayLevel: 3, properties: { mine: 'x' }, flag: 5 })
    const [request] = sends()
    expect(Object.fromEntries(request?.fields ?? [])).toMatchObject({
      a: 'pg',
      b: 't',
      c: 'TBW102',
      d: '4',
      e: '3',
      f: '0',
      h: '5',
      j: '0',
      k: 'false',
      m: 'false',
      n: 'broker-a',
    })
    const properties = decodeProperties(request?.fields.get('i') ?? '')
    expect(Object.fromEntries(properties)).toMatchObject({
      mine: 'x',
      TAGS: 'A',
      KEYS: 'k',
      DELAY: '3',
      WAIT: 'true',
      UNIQ_KEY: expect.stringMatching(/^[0-9A-F]{32}$/),
    })
    expect(request?.body).toEqual(message.body)
  })

  test.each([
    [0, 'SEND_OK', 'acked'],
    [10, 'FLUSH_DISK_TIMEOUT', 'unknown'],
    [12, 'FLUSH_SLAVE_TIMEOUT', 'unknown'],
    [11, 'SLAVE_NOT_AVAILABLE', 'unknown'],
  ])('returns code %i as status %s with queue and offset, and classifies it as %s', async (code, status, answer) => {
    const { producer } = await start(() => stored(code))
    const got = await producer.send(queue, message)
    expect(got).toEqual({ kind: 'stored', status, code, messageId: 'AB', queueId: 3, queueOffset: 42 })
    expect(outcomeOf(got)).toEqual({ answer, code: status })
  })

  test('counts as acked what the caller lists in ackedWhen', async () => {
    const { producer } = await start(() => stored(10))
    expect(outcomeOf(await producer.send(queue, message), ['SEND_OK', 'FLUSH_DISK_TIMEOUT'])).toEqual({
      answer: 'acked',
      code: 'FLUSH_DISK_TIMEOUT',
    })
  })

  test.each([
    [13, 'the message is illegal', 'rejected', 'MESSAGE_ILLEGAL'],
    [14, 'service not available now.', 'rejected', 'SERVICE_NOT_AVAILABLE'],
    [16, 'forbidden', 'rejected', 'NO_PERMISSION'],
    [17, 'topic[t] not exist, apply first please!', 'rejected', 'TOPIC_NOT_EXIST'],
    [26, '', 'rejected', 'SUBSCRIPTION_GROUP_NOT_EXIST'],
    [29, 'request queueId[9] is illegal', 'rejected', 'INVALID_PARAMETER'],
    [1500, 'please go away', 'rejected', 'GO_AWAY'],
    [2, '[REJECTREQUEST]system busy, start flow control for a while', 'rejected', 'SYSTEM_BUSY'],
    [2, '[OVERLOAD]system busy, start flow control for a while', 'rejected', 'SYSTEM_BUSY'],
    [2, '[TIMEOUT_CLEAN_QUEUE]broker busy, period in queue: 201ms', 'rejected', 'SYSTEM_BUSY'],
    [2, '[PCBUSY_CLEAN_QUEUE]broker busy', 'rejected', 'SYSTEM_BUSY'],
    [2, '[PC_SYNCHRONIZED]broker busy', 'rejected', 'SYSTEM_BUSY'],
    [2, 'busy', 'unknown', 'SYSTEM_BUSY'],
    [1, 'in-sync replicas not enough', 'rejected', 'SYSTEM_ERROR'],
    [1, 'create mapped file failed, server is busy or broken.', 'rejected', 'SYSTEM_ERROR'],
    [1, 'broker unable to service, until 2026', 'rejected', 'SYSTEM_ERROR'],
    [1, 'request queueId[9] is illegal', 'rejected', 'SYSTEM_ERROR'],
    [1, 'UNKNOWN_ERROR', 'unknown', 'SYSTEM_ERROR'],
    [1, 'UNKNOWN_ERROR DEFAULT', 'unknown', 'SYSTEM_ERROR'],
    [1, 'java.lang.NullPointerException, in-sync replicas not enough', 'unknown', 'SYSTEM_ERROR'],
    [1, '', 'unknown', 'SYSTEM_ERROR'],
    [501, 'not leader', 'unknown', 'NOT_LEADER_FOR_QUEUE'],
    [4711, '', 'unknown', 'CODE_4711'],
  ])('classifies code %i "%s" as %s', async (code, remark, answer, name) => {
    const { producer } = await start(() => ({ code, remark }))
    const got = await producer.send(queue, message)
    expect(got).toEqual({ kind: 'refused', code, name, remark })
    expect(outcomeOf(got)).toEqual({ answer, code: name })
  })

  test('is unknown without an answer in time', async () => {
    const { producer } = await start(() => undefined)
    const got = await producer.send(queue, message)
    expect(got).toMatchObject({ kind: 'failed', error: 'timeout', sent: true })
    expect(outcomeOf(got)).toEqual({ answer: 'unknown', code: 'timeout' })
  })

  test('is unknown when the broker dies during it, and rejected when the broker was gone before', async () => {
    const { producer, server } = await start((_, peer) => {
      peer.end()
      return undefined
    })
    expect(outcomeOf(await producer.send(queue, message))).toEqual({ answer: 'unknown', code: 'disconnected' })
    await server[Symbol.asyncDispose]()
    expect(outcomeOf(await producer.send(queue, message))).toEqual({ answer: 'rejected', code: 'connect' })
  })

  test('is unknown when a stored answer has no offset', async () => {
    const { producer } = await start(() => ({ code: 0, fields: { msgId: 'AB' } }))
    expect(outcomeOf(await producer.send(queue, message))).toEqual({ answer: 'unknown', code: 'malformed' })
  })

  test('sends nothing when the route has no master', async () => {
    const { producer, sends } = await start(
      () => stored(0),
      () => false,
    )
    expect(outcomeOf(await producer.send(queue, message))).toEqual({ answer: 'rejected', code: 'no-route' })
    expect(sends()).toHaveLength(0)
  })

  test('finds a new master long before the next regular route look-up', async () => {
    let hasMaster = false
    const { producer } = await start(
      () => stored(0),
      () => hasMaster,
    )
    expect(await producer.send(queue, message)).toMatchObject({ error: 'no-route' })
    hasMaster = true
    await expect
      .poll(async () => outcomeOf(await producer.send(queue, message)).code, { timeout: 5000 })
      .toBe('SEND_OK')
  })

  test('sends nothing when its properties cannot be encoded', async () => {
    const { producer, sends } = await start(() => stored(0))
    expect(outcomeOf(await producer.send(queue, { ...message, keys: '\u0001' }))).toEqual({
      answer: 'rejected',
      code: 'limit',
    })
    expect(sends()).toHaveLength(0)
  })

  test('returns before it calls the callback, when asynchronous', async () => {
    const { producer } = await start(() => stored(12))
    const order: string[] = []
    const answer = new Promise<SendAnswer>(resolve => {
      producer.sendAsync(queue, message, got => {
        order.push('callback')
        resolve(got)
      })
    })
    order.push('returned')
    expect(await answer).toMatchObject({ status: 'FLUSH_SLAVE_TIMEOUT' })
    expect(order).toEqual(['returned', 'callback'])
  })

  test('is acked when the bytes have left, when one-way', async () => {
    const { producer, sends } = await start(() => undefined)
    const got = await producer.sendOneWay(queue, message)
    expect(outcomeOf(got)).toEqual({ answer: 'acked', code: 'ONE_WAY' })
    await expect.poll(() => sends().map(request => request.isOneWay)).toEqual([true])
  })

  test('puts all messages of a batch into one request', async () => {
    const { producer, server } = await start(() => ({ code: 0, fields: { msgId: 'A,B', queueId: 3, queueOffset: 7 } }))
    expect(
      await producer.sendBatch(queue, [{ ...message, properties: { UNIQ_KEY: 'K' } }, { body: Buffer.from('') }]),
    ).toMatchObject({ status: 'SEND_OK', messageId: 'A,B', queueOffset: 7 })
    const request = server.heard.find(command => command.code === RequestCode.SEND_BATCH_MESSAGE)
    expect(request?.fields.get('m')).toBe('true')
    const properties = Buffer.from('UNIQ_KEY\u0001K\u0002WAIT\u0001true\u0002')
    const first = Buffer.concat([
      Buffer.from('00000030000000000000000000000000', 'hex'),
      Buffer.from('00000005', 'hex'),
      message.body,
      Buffer.from([0, properties.length]),
      properties,
    ])
    expect(request?.body.subarray(0, 0x30).toString('hex')).toBe(first.toString('hex'))
    expect(request?.body.readInt32BE(0x30)).toBe((request?.body.length ?? 0) - 0x30)
    expect(outcomeOf(await producer.sendBatch(queue, []))).toEqual({ answer: 'rejected', code: 'limit' })
  })
})
