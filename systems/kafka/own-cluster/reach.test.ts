import { createServer } from 'node:net'
import type { Server } from 'node:net'
import { expect, test } from 'vitest'
import { reachBrokers } from './reach.ts'

async function listening(server: Server): Promise<string> {
  await new Promise<void>(resolve => server.listen(0, '127.0.0.1', resolve))
  const at = server.address()
  return typeof at === 'object' && at !== null ? `127.0.0.1:${at.port}` : ''
}

async function closedPort(): Promise<string> {
  const server = createServer()
  const address = await listening(server)
  await new Promise(resolve => server.close(resolve))
  return address
}

test('addresses at which nobody listens are named with what each of them answered', async () => {
  const [one, two] = [await closedPort(), 'no-such-host.invalid:9092']
  const reaching = reachBrokers([one, two], 1000)
  await expect(reaching).rejects.toMatchObject({ exitCode: 3 })
  await expect(reaching).rejects.toThrow(`no broker of your own cluster answered; tried ${one}: `)
  await expect(reaching).rejects.toThrow(`; ${two}: `)
})

test('a server that is no broker ends the search at the limit, and says so', async () => {
  const server = createServer(() => {})
  const address = await listening(server)
  await expect(reachBrokers([address], 300)).rejects.toThrow(`${address} did not answer within 300 ms`)
  server.close()
})
