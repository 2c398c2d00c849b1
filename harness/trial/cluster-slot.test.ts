import { expect, test } from 'vitest'
import { ClusterSlot } from './cluster-slot.ts'
import type { Asking } from './cluster-slot.ts'

const asking = (id: string, broker: Record<string, number> = {}, needs: string[] = []): Asking => ({
  id,
  system: 'kafka',
  cluster: { brokers: 3, controllers: 0, version: '4.3.1', broker },
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

test('a trial goes on with the cluster of one that asked for the same and went well, and is told of it', async () => {
  const { start, running } = clusters()
  const slot = new ClusterSlot<Awaited<ReturnType<typeof start>>>()
  expect(await slot.take(asking('a'), start)).toMatchObject({ started: { number: 1 }, before: [] })
  await slot.leave(true)
  expect(await slot.take(asking('b'), start)).toMatchObject({ started: { number: 1 }, before: ['a'] })
  await slot.leave(true)
  await slot.end()
  expect([...running]).toEqual([])
})

test.each([
  ['other broker settings', asking('b', { 'log.flush.scheduler.interval.ms': 1000 })],
  ['disks of their own', asking('b', {}, ['loop-devices'])],
])('one that asks for %s gets a new one, and the old one is gone first', async (_what, next) => {
  const { start, running } = clusters()
  const slot = new ClusterSlot<Awaited<ReturnType<typeof start>>>()
  await slot.take(asking('a'), start)
  await slot.leave(true)
  expect((await slot.take(next, start)).started.number).toBe(2)
  expect([...running]).toEqual([2])
})

test.each([
  ['did not go well', asking('a'), false],
  ['had disks of its own', asking('a', {}, ['loop-devices']), true],
])('the cluster of a trial that %s is ended', async (_what, trial, well) => {
  const { start, running } = clusters()
  const slot = new ClusterSlot<Awaited<ReturnType<typeof start>>>()
  await slot.take(trial, start)
  await slot.leave(well)
  expect([...running]).toEqual([])
  expect((await slot.take({ ...trial, id: 'b' }, start)).before).toEqual([])
})

test('of the waiting trials it takes the first that its cluster serves, else the first', async () => {
  const { start } = clusters()
  const slot = new ClusterSlot<Awaited<ReturnType<typeof start>>>()
  const waiting = [asking('other', { a: 1 }), asking('same')]
  expect(slot.choose(waiting)?.id).toBe('other')
  await slot.take(asking('first'), start)
  await slot.leave(true)
  expect(slot.choose(waiting)?.id).toBe('same')
  expect(slot.choose([])).toBeUndefined()
})

test('a cluster that is kept is neither ended nor used again', async () => {
  const { start, running } = clusters()
  const slot = new ClusterSlot<Awaited<ReturnType<typeof start>>>()
  await slot.take(asking('a'), start)
  slot.keep()
  await slot.end()
  expect((await slot.take(asking('b'), start)).started.number).toBe(2)
  expect([...running]).toEqual([1, 2])
})
