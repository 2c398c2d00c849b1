import { expect, test } from 'vitest'
import { fakeFleet } from '../testing/fake-client.ts'

test('counters of a lane are the sums over its processes, also over those that were replaced', async () => {
  const { fleet, client } = await fakeFleet({ 'producer-1': ['a', 'b'], 'producer-2': ['a'] })
  client('producer-1').count('a', { acked: 10, inFlight: 2, committed: 8 })
  client('producer-2').count('a', { acked: 5, inFlight: 1, committed: 4 })
  expect(fleet.status('a')).toMatchObject({ acked: 15, inFlight: 3, committed: 12 })
  expect(fleet.status('b')).toMatchObject({ acked: 0 })

  await fleet.end({ name: 'producer-1' }, 'SIGKILL')
  await fleet.restart({ name: 'producer-1' })
  client('producer-1.2').count('a', { acked: 3, inFlight: 4, committed: 9 })
  expect(fleet.status('a')).toMatchObject({ acked: 18, inFlight: 5, committed: 13 })
})

test('what an ended process left unfinished does not count', async () => {
  const { fleet, client } = await fakeFleet({ 'consumer-1': ['a'] })
  client('consumer-1').count('a', { processed: 7, uncommitted: 3, backlog: 2, committed: 4 })
  await fleet.end({ name: 'consumer-1' }, 'SIGKILL')
  expect(fleet.status('a')).toMatchObject({ processed: 7, uncommitted: 0, backlog: 0, committed: 0 })
})

test('a process is replaced only after it has ended, under the number of its start', async () => {
  const { fleet, client } = await fakeFleet({ 'producer-1': ['a'] })
  expect(await fleet.restart({ name: 'producer-1' })).toBe(false)
  await fleet.end({ name: 'producer-1' }, 'SIGTERM')
  expect(await fleet.restart({ name: 'producer-1' })).toBe(true)
  await fleet.end({ name: 'producer-1' }, 'SIGTERM')
  await fleet.restart({ name: 'producer-1' })
  expect(client('producer-1.3').commands).toEqual(['start'])
  expect(fleet.names).toEqual(['producer-1'])
})

test('a death by itself is a failure, one by a step is not', async () => {
  const { fleet, client } = await fakeFleet({ one: ['a'], two: ['a'], three: ['b'] })
  await fleet.end({ name: 'one' }, 'SIGKILL')
  expect(() => fleet.assertAlive()).not.toThrow()
  expect(fleet.diedIn('a')).toEqual([])
  expect(fleet.endedIn('a')).toEqual(['one'])

  client('two').ended = 'signal SIGSEGV'
  client('three').ended = 'exit code 1'
  expect(fleet.diedIn('a')).toEqual([{ process: 'two', how: 'signal SIGSEGV' }])
  expect(() => fleet.assertAlive()).toThrow('client process two ended: signal SIGSEGV')
})

test('a frozen process is not among those that can be asked', async () => {
  const { fleet } = await fakeFleet({ one: ['a'], two: ['a'], three: ['b'] })
  await fleet.freeze({ name: 'one' })
  await fleet.end({ name: 'two' }, 'SIGKILL')
  expect(fleet.awake.map(({ name }) => name)).toEqual(['three'])
  expect(fleet.state({ name: 'one' })).toMatchObject({ running: true, frozen: true })
  await fleet.wake({ name: 'one' })
  expect(fleet.awake.map(({ name }) => name)).toEqual(['one', 'three'])
})

test('the first member of each lane is named once', async () => {
  const { fleet } = await fakeFleet({ one: ['a', 'b'], two: ['b'], three: ['c'] })
  expect(fleet.firsts).toEqual(['one', 'three'])
})

test('a client that nobody has is a bug', async () => {
  const { fleet } = await fakeFleet({ one: ['a'] })
  expect(() => fleet.state({ name: 'two' })).toThrow('unknown client process two')
})
