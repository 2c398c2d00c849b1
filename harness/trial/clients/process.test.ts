import { expect, test } from 'vitest'
import { FakeClient, processOf } from '../testing/fake-client.ts'

test('it is started when it reports that it is connected', async () => {
  const client = new FakeClient('p', ['a'])
  await processOf(client).start()
  expect(client.commands).toEqual(['start'])
})

test('a process that ends before it is connected fails at once, with its last words', async () => {
  const client = new FakeClient('p', ['a'], ['start'])
  const started = processOf(client).start()
  client.errors = 'Warning: x\nError: no such module'
  client.ended = 'exit code 1'
  await expect(started).rejects.toThrow('client process p ended: exit code 1: Error: no such module')
})

test('each pause waits for the report that counts it', async () => {
  const client = new FakeClient('p', ['a'])
  const process = processOf(client)
  await process.start()
  await process.pause()
  await process.pause()
  expect(client.commands).toEqual(['start', 'pause', 'pause'])
})

test('it is finished, not dead, when it has reported that everything is written', async () => {
  const client = new FakeClient('p', ['a'])
  const process = processOf(client)
  await process.start()
  await process.stop(1000)
  client.ended = 'exit code 0'
  expect([process.finished, process.died]).toEqual([true, undefined])
})

test('a fatal error counts although the process still runs', async () => {
  const client = new FakeClient('p', ['a'])
  const process = processOf(client)
  await process.start()
  client.fatal('disk full')
  expect(process.died).toBe('disk full')
  await expect(process.done(60_000)).rejects.toThrow('disk full')
})

test('it ends by the signal that was sent, and a second end does nothing', async () => {
  const client = new FakeClient('p', ['a'])
  const process = processOf(client)
  await process.start()
  await process.end('SIGTERM')
  await process.end('SIGKILL')
  expect([process.ended, client.signals]).toEqual(['exit code 0', ['SIGTERM']])
})

test('a process that was never started is not signalled', async () => {
  const client = new FakeClient('p', ['a'])
  await processOf(client).kill()
  expect(client.signals).toEqual([])
})
