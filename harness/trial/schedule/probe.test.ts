import { createServer } from 'node:net'
import type { AddressInfo, Socket } from 'node:net'
import { expect, test } from 'vitest'
import { probe } from './probe.ts'

const request = Buffer.from('ping')

/** A server on a free port that does `serve` with each connection. */
async function serving(serve: (socket: Socket) => void) {
  const sockets: Socket[] = []
  const server = createServer(socket => {
    sockets.push(socket)
    socket.on('error', () => {})
    serve(socket)
  })
  await new Promise<void>(resolve => server.listen(0, '127.0.0.1', resolve))
  const { port } = server.address() as AddressInfo
  return {
    address: `127.0.0.1:${port}`,
    async [Symbol.asyncDispose]() {
      for (const socket of sockets) socket.destroy()
      await new Promise<void>(resolve => server.close(() => resolve()))
    },
  }
}

test('an answer counts when all the bytes that its length announces have come', async () => {
  await using server = await serving(socket => socket.on('data', () => socket.write(Buffer.from([0, 0, 0, 2, 7, 7]))))
  expect(await probe(server, 2000, request)).toMatchObject({ outcome: 'answered' })
})

test('half an answer is silence, and takes the limit', async () => {
  await using server = await serving(socket => socket.on('data', () => socket.write(Buffer.from([0, 0, 0, 2, 7]))))
  const { outcome, ms } = await probe(server, 100, request)
  expect(outcome).toBe('silent')
  expect(ms).toBeGreaterThanOrEqual(95)
})

test('a connection that the other side ends is closed', async () => {
  await using server = await serving(socket => socket.on('data', () => socket.end()))
  expect(await probe(server, 2000, request)).toMatchObject({ outcome: 'closed' })
})

test('a port without a listener is refused', async () => {
  const server = await serving(() => {})
  await server[Symbol.asyncDispose]()
  expect(await probe(server, 2000, request)).toMatchObject({ outcome: 'refused' })
})
