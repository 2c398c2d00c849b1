import { setTimeout as delay } from 'node:timers/promises'
import { afterEach, describe, expect, test, vi } from 'vitest'
import { RemotingClient } from './client.ts'
import { FakeServer, replyFrame } from './testing/fake-server.ts'
import type { Script } from './testing/fake-server.ts'

vi.setConfig({ testTimeout: 20_000 })
const eventually = <T>(read: () => T) => expect.poll(read, { timeout: 8000, interval: 10 })

const stack = new Set<AsyncDisposable | { close(): void }>()
afterEach(async () => {
  for (const one of stack) await (Symbol.asyncDispose in one ? one[Symbol.asyncDispose]() : one.close())
  stack.clear()
})

async function serve(script: Script): Promise<{ server: FakeServer; client: RemotingClient }> {
  const server = await FakeServer.start(script)
  const client = new RemotingClient({
    clientId: 'c',
    mapAddress: () => server.address,
    requestTimeoutMs: 2000,
    connectTimeoutMs: 500,
  })
  stack.add(client).add(server)
  return { server, client }
}

const ask = (code: number) => ({ code, fields: { n: code } })

describe('a connection', () => {
  test('matches answers to requests in any order', async () => {
    const { client, server } = await serve(async request => {
      await delay(request.code === 1 ? 60 : 1)
      return { code: 0, fields: { echo: request.fields.get('n') ?? '' } }
    })
    const answers = await Promise.all([1, 2, 3].map(async code => client.request('b:1', ask(code))))
    expect(answers.map(answer => answer.fields.get('echo'))).toEqual(['1', '2', '3'])
    expect(server.connections).toBe(1)
  })

  test("times out after the request's own limit when the server never answers", async () => {
    const { client } = await serve(() => undefined)
    await expect(client.request('b:1', ask(10), 120)).rejects.toMatchObject({
      code: 'timeout',
      sent: true,
      message: expect.stringMatching(/request 10 within 120 ms/),
    })
  })

  test('is not used again when it was silent, but accepts an answer that still arrives', async () => {
    let late: (() => void) | undefined
    const { client, server } = await serve((request, peer) => {
      if (request.code === 1) return undefined
      if (request.code === 2) late = () => peer.reply(request, { code: 0 })
      return request.code === 3 ? { code: 0 } : undefined
    })
    const slow = client.request('b:1', ask(2), 5000)
    await expect(client.request('b:1', ask(1), 80)).rejects.toMatchObject({ code: 'timeout' })
    await client.request('b:1', ask(3))
    expect(server.connections).toBe(2)
    late?.()
    await expect(slow).resolves.toMatchObject({ code: 0 })
    await eventually(() => server.connections).toBe(1)
  })

  test('drops an answer that comes too late', async () => {
    const { client } = await serve(async request => {
      if (request.code === 1) await delay(100)
      return { code: request.code }
    })
    // The other answer shows that the connection lives, so it is kept.
    const [first] = await Promise.allSettled([client.request('b:1', ask(1), 50), client.request('b:1', ask(2))])
    expect(first).toMatchObject({ status: 'rejected', reason: { code: 'timeout' } })
    await delay(100)
    await expect(client.request('b:1', ask(3))).resolves.toMatchObject({ code: 3 })
  })

  test('reports a server that closes in the middle of a frame', async () => {
    const { client } = await serve((request, peer) => {
      peer.write(replyFrame(request, { code: 0, body: Buffer.alloc(100) }).subarray(0, 50))
      setTimeout(() => peer.end(), 20)
      return undefined
    })
    await expect(client.request('b:1', ask(1))).rejects.toMatchObject({
      code: 'disconnected',
      sent: true,
      message: expect.stringMatching(/in the middle of a frame/),
    })
  })

  test('times out each request after half a frame', async () => {
    const { client } = await serve((request, peer) => {
      peer.write(replyFrame(request, { code: 0 }).subarray(0, 10))
      return undefined
    })
    await expect(client.request('b:1', ask(1), 100)).rejects.toMatchObject({ code: 'timeout' })
  })

  test.each([
    ['a giant length', Buffer.from('7fffffff00000000', 'hex'), /a frame of 2147483647 bytes/],
    ['a page of HTML', Buffer.from('HTTP/1.1 400 Bad Request\r\n'), /a frame of 1213486160 bytes/],
    ['invalid JSON', Buffer.from('00000007000000037b7b7b', 'hex'), /is not valid JSON/],
  ])('ends for all waiting requests after %s, with an error that says what was received', async (_, bytes, message) => {
    let asked = 0
    const { client, server } = await serve((request, peer) => {
      asked += 1
      if (asked === 2) peer.write(bytes)
      return asked > 2 ? { code: request.code } : undefined
    })
    const results = await Promise.allSettled([client.request('b:1', ask(1)), client.request('b:1', ask(2))])
    for (const result of results)
      expect(result).toMatchObject({
        status: 'rejected',
        reason: { code: 'malformed', sent: true, message: expect.stringMatching(message) },
      })
    await expect(client.request('b:1', ask(3))).resolves.toMatchObject({ code: 3 })
    await eventually(() => server.connections).toBe(1)
  })

  test('is replaced by the next request after it broke, once for concurrent requests', async () => {
    const { client, server } = await serve(request => ({ code: request.code }))
    await client.request('b:1', ask(1))
    server.dropAll()
    await eventually(async () => (await client.request('b:1', ask(5)).catch(() => ({ code: -1 }))).code).toBe(5)
    await Promise.all([client.request('b:1', ask(2)), client.request('b:1', ask(3))])
    expect(server.connections).toBe(1)
  })

  test('reports that nothing was sent when nobody listens', async () => {
    const { client, server } = await serve(() => undefined)
    await server[Symbol.asyncDispose]()
    stack.delete(server)
    await expect(client.request('b:1', ask(1))).rejects.toMatchObject({ code: 'connect', sent: false })
  })

  test.each(['nonsense', 'host:', ':1', 'host:70000'])('refuses the address "%s"', async address => {
    const client = new RemotingClient({ clientId: 'c' })
    await expect(client.request(address, ask(1))).rejects.toMatchObject({ code: 'connect', sent: false })
  })

  test('resolves a one-way request without an answer, and ignores an unexpected one', async () => {
    const { client, server } = await serve((request, peer) => {
      if (request.isOneWay) peer.reply(request, { code: 0 })
      return { code: 0 }
    })
    await client.oneWay('b:1', ask(10))
    await client.request('b:1', ask(2))
    expect(server.heard.map(({ code, isOneWay }) => ({ code, isOneWay }))).toEqual([
      { code: 10, isOneWay: true },
      { code: 2, isOneWay: false },
    ])
  })

  test(`passes a server's request to the listener, and answers "not supported" without a result`, async () => {
    const asked: number[] = []
    const { client, server } = await serve((request, peer) => {
      if (request.code === 1) {
        peer.ask(40, { consumerGroup: 'g' }, true)
        peer.ask(307, {}, false)
        peer.ask(220, {}, false)
      }
      return request.isResponse ? undefined : { code: 0 }
    })
    client.onRequest(command => {
      asked.push(command.code)
      return command.code === 220 ? { code: 0, remark: undefined, fields: new Map(), body: Buffer.alloc(0) } : undefined
    })
    await client.request('b:1', ask(1))
    await eventually(() =>
      server.heard.filter(command => command.isResponse).map(({ code, opaque }) => ({ code, opaque })),
    ).toEqual([
      { code: 3, opaque: 77 },
      { code: 0, opaque: 77 },
    ])
    expect(asked).toEqual([40, 307, 220])
  })

  test('fails waiting requests when it is closed, and refuses later ones', async () => {
    const { client } = await serve(() => undefined)
    const waits = client.request('b:1', ask(1))
    await delay(30)
    client.close()
    await expect(waits).rejects.toMatchObject({ code: 'closed' })
    await expect(client.request('b:1', ask(1))).rejects.toMatchObject({ code: 'closed', sent: false })
  })
})
