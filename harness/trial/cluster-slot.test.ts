import { expect, test } from 'vitest'
import { ClusterSlot } from './cluster-slot.ts'
import type { ClusterRequest } from './cluster-slot.ts'

const request = (id: string, broker: Record<string, number> = {}, needs: string[] = []): ClusterRequest => ({
  id,
  system: 'any',
  cluster: { brokers: 3, version: '1', broker },
  needs,
})

function clusters() {
  const running = new Set<number>()
  let made = 0
  const start = async () => {
    const number = ++made
    running.add(number)
    return {
      number,
      cluster: {
        async [Symbol.asyncDispose]() {
          running.delete(number)
        },
      },
    }
  }
  return { start, running }
}

test('a trial uses the cluster of an intact trial that asked for the same one, and learns which trials ran on it', async () => {
  const { start, running } = clusters()
  const slot = new ClusterSlot<Awaited<ReturnType<typeof start>>>()
  expect(await slot.take(request('a'), start)).toMatchObject({ started: { number: 1 }, before: [] })
  await slot.leave(true)
  expect(await slot.take(request('b'), start)).toMatchObject({ started: { number: 1 }, before: ['a'] })
  await slot.leave(true)
  await slot.end()
  expect([...running]).toEqual([])
})

test.each([
  ['other broker settings', request('b', { 'flush.interval': 1000 })],
  ['disks of their own', request('b', {}, ['loop-devices'])],
])('a trial that asks for %s gets a new cluster, after the old one has ended', async (_what, next) => {
  const { start, running } = clusters()
  const slot = new ClusterSlot<Awaited<ReturnType<typeof start>>>()
  await slot.take(request('a'), start)
  await slot.leave(true)
  expect((await slot.take(next, start)).started.number).toBe(2)
  expect([...running]).toEqual([2])
})

test.each([
  ['is not intact', request('a'), false],
  ['had disks of its own', request('a', {}, ['loop-devices']), true],
])('the cluster of a trial that %s is ended', async (_what, trial, intact) => {
  const { start, running } = clusters()
  const slot = new ClusterSlot<Awaited<ReturnType<typeof start>>>()
  await slot.take(trial, start)
  await slot.leave(intact)
  expect([...running]).toEqual([])
  expect((await slot.take({ ...trial, id: 'b' }, start)).before).toEqual([])
})

test('it chooses the first waiting trial that can use its cluster, else the first one', async () => {
  const { start } = clusters()
  const slot = new ClusterSlot<Awaited<ReturnType<typeof start>>>()
  const waiting = [request('other', { a: 1 }), request('same')]
  expect(slot.choose(waiting)?.id).toBe('other')
  await slot.take(request('first'), start)
  await slot.leave(true)
  expect(slot.choose(waiting)?.id).toBe('same')
  expect(slot.choose([])).toBeUndefined()
})

test('a kept cluster is neither ended nor used again', async () => {
  const { start, running } = clusters()
  const slot = new ClusterSlot<Awaited<ReturnType<typeof start>>>()
  await slot.take(request('a'), start)
  slot.keep()
  await slot.end()
  expect((await slot.take(request('b'), start)).started.number).toBe(2)
  expect([...running]).toEqual([1, 2])
})
