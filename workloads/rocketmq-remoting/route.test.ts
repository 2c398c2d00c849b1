import { afterEach, describe, expect, test } from 'vitest'
import { RemotingClient } from './client.ts'
import { masterOf, parseRoute, brokerToReadFrom, readQueues, Routes, writeQueues } from './route.ts'
import { FakeServer } from './testing/fake-server.ts'
import type { Script } from './testing/fake-server.ts'

const routeBody = Buffer.from(
  JSON.stringify({
    queueDatas: [
      { brokerName: 'broker-b', perm: 6, readQueueNums: 1, writeQueueNums: 2, topicSysFlag: 0 },
      { brokerName: 'broker-a', perm: 4, readQueueNums: 2, writeQueueNums: 2, topicSysFlag: 0 },
    ],
    brokerDatas: [
      {
        brokerName: 'broker-a',
        cluster: 'c',
        brokerAddrs: { '1': 'broker-1:10911', '2': 'broker-2:10911' },
        enableActingMaster: false,
      },
      { brokerName: 'broker-b', cluster: 'c', brokerAddrs: { '0': 'broker-3:10911' } },
    ],
    filterServerTable: {},
  }),
)

const servers: FakeServer[] = []
const clients: RemotingClient[] = []
afterEach(async () => {
  for (const client of clients.splice(0)) client.close()
  for (const server of servers.splice(0)) await server[Symbol.asyncDispose]()
})

async function nameServers(...scripts: Script[]) {
  const started = await Promise.all(scripts.map(async script => FakeServer.start(script)))
  servers.push(...started)
  const client = new RemotingClient({ clientId: 'c', requestTimeoutMs: 500, connectTimeoutMs: 5000 })
  clients.push(client)
  return {
    routes: new Routes(
      client,
      started.map(server => server.address),
    ),
    started,
  }
}

describe('a route', () => {
  test('lists queues in the order of all members, masters, and brokers to read from', () => {
    const route = parseRoute('t', routeBody)
    expect(readQueues(route).map(queue => `${queue.brokerName}-${queue.queueId}`)).toEqual([
      'broker-a-0',
      'broker-a-1',
      'broker-b-0',
    ])
    expect(writeQueues(route).map(queue => `${queue.brokerName}-${queue.queueId}`)).toEqual([
      'broker-b-0',
      'broker-b-1',
    ])
    expect(masterOf(route, 'broker-a')).toBeUndefined()
    expect(masterOf(route, 'broker-b')).toBe('broker-3:10911')
    expect(brokerToReadFrom(route, 'broker-a', 2)).toEqual({ address: 'broker-2:10911', id: 2 })
    expect(brokerToReadFrom(route, 'broker-a')).toEqual({ address: 'broker-1:10911', id: 1 })
    expect(brokerToReadFrom(route, 'broker-x')).toBeUndefined()
  })

  test.each([
    ['invalid JSON', '{0:"x"}'],
    ['queues that are not a list', '{"queueDatas":{}}'],
    ['a queue without a broker', '{"queueDatas":[{}]}'],
  ])('are refused: %s', (_, body) => {
    expect(() => parseRoute('t', Buffer.from(body))).toThrow(expect.objectContaining({ code: 'malformed' }))
  })
})

describe('routes', () => {
  test('are kept while every name server is gone, and looked up again when one is back', async () => {
    const { routes, started } = await nameServers(() => ({ code: 0, body: routeBody }))
    await routes.get('t')
    const [server] = servers.splice(0)
    await server?.[Symbol.asyncDispose]()
    expect(readQueues(await routes.get('t', 0))).toHaveLength(3)
    expect(readQueues(await routes.latest('t'))).toHaveLength(3)
    await expect(routes.refresh('t')).rejects.toMatchObject({ code: 'no-route' })
    servers.push(
      await FakeServer.start(
        () => ({ code: 0, body: Buffer.from('{"queueDatas":[],"brokerDatas":[]}') }),
        started[0]?.port,
      ),
    )
    expect(readQueues(await routes.latest('t'))).toHaveLength(0)
  })

  test('are returned at once when known, while a silent name server is asked in the background', async () => {
    let isSilent = false
    const { routes, started } = await nameServers(() => (isSilent ? undefined : { code: 0, body: routeBody }))
    await routes.get('t')
    isSilent = true
    // What is known is returned before anything else of this process has a turn.
    let hadTurn = false
    setImmediate(() => (hadTurn = true))
    for (let times = 0; times < 50; times++) await routes.get('t', 0)
    expect(hadTurn).toBe(false)
    await expect.poll(() => started[0]?.heard.length, { timeout: 5000 }).toBe(2)
  })

  test('are asked from the name server that answered last', async () => {
    const { routes, started } = await nameServers(
      () => undefined,
      () => ({ code: 0, body: routeBody }),
    )
    await routes.refresh('t')
    await routes.refresh('t')
    expect(started.map(server => server.heard.length)).toEqual([1, 2])
  })

  test('report the error of each name server for an unknown topic', async () => {
    const { routes } = await nameServers(() => ({ code: 17, remark: 'No topic route info' }))
    await expect(routes.get('t')).rejects.toMatchObject({
      code: 'no-route',
      sent: false,
      message: expect.stringMatching(/TOPIC_NOT_EXIST \(17\): No topic route info/),
    })
  })

  test('are kept when a name server no longer knows the topic', async () => {
    let isKnown = true
    const { routes } = await nameServers(() => (isKnown ? { code: 0, body: routeBody } : { code: 17 }))
    await routes.get('t')
    isKnown = false
    expect(readQueues(await routes.latest('t'))).toHaveLength(3)
  })

  test('share one look-up between concurrent callers', async () => {
    const { routes, started } = await nameServers(() => ({ code: 0, body: routeBody }))
    await Promise.all([routes.get('t'), routes.get('t'), routes.get('t')])
    expect(started[0]?.heard).toHaveLength(1)
    expect(started[0]?.heard[0]?.fields.get('acceptStandardJsonOnly')).toBe('true')
  })
})
