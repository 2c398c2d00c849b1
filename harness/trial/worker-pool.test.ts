import { expect, test } from 'vitest'
import type { ClusterRequest } from './cluster-slot.ts'
import { runOnSlots } from './worker-pool.ts'

const trial = (id: string, site = 'same'): ClusterRequest => ({
  id,
  system: 'any',
  cluster: { version: '1', site },
  needs: [],
})

/** Runs trials that take a cluster each and leave it intact; `during` is called while a trial runs. */
async function run(
  trials: ClusterRequest[],
  options: { parallel: number; boots?: number; fresh?: boolean; signal?: AbortSignal },
  during: (id: string) => Promise<void> | void = () => {},
  more: (id: string) => ClusterRequest[] = () => [],
) {
  const clusters = { started: 0, running: 0, mostRunning: 0 }
  const booting = { now: 0, most: 0 }
  const order: string[] = []
  let busy = 0
  let mostBusy = 0
  const start = async () => {
    booting.now += 1
    booting.most = Math.max(booting.most, booting.now)
    await new Promise(resolve => setImmediate(resolve))
    booting.now -= 1
    clusters.started += 1
    clusters.running += 1
    clusters.mostRunning = Math.max(clusters.mostRunning, clusters.running)
    return {
      cluster: {
        async [Symbol.asyncDispose]() {
          clusters.running -= 1
        },
      },
    }
  }
  const defaults = { boots: 2, fresh: false, signal: new AbortController().signal }
  const done = runOnSlots(trials, { ...defaults, ...options }, async ({ id }, slot) => {
    busy += 1
    mostBusy = Math.max(mostBusy, busy)
    order.push(id)
    try {
      await slot.take(trials.find(known => known.id === id) ?? trial(id), start)
      await new Promise(resolve => setImmediate(resolve))
      await during(id)
      await slot.leave(true)
      return more(id)
    } finally {
      busy -= 1
    }
  })
  const [outcome] = await Promise.allSettled([done])
  const result = outcome.status === 'fulfilled' ? outcome.value : []
  const error: unknown = outcome.status === 'rejected' ? outcome.reason : undefined
  return { order, clusters, mostBooting: booting.most, mostBusy, result, error }
}

test('trials that fit the same cluster follow each other on it, and no cluster is left at the end', async () => {
  const { order, clusters } = await run([trial('a'), trial('b', 'other'), trial('c'), trial('d')], { parallel: 1 })
  expect(order).toEqual(['a', 'c', 'd', 'b'])
  expect(clusters).toEqual({ started: 2, running: 0, mostRunning: 1 })
})

test('with fresh clusters each trial starts its own', async () => {
  const { clusters } = await run([trial('a'), trial('b'), trial('c')], { parallel: 1, fresh: true })
  expect(clusters).toEqual({ started: 3, running: 0, mostRunning: 1 })
})

test('at most the given number of trials run at once, and at least one', async () => {
  const trials = ['a', 'b', 'c', 'd', 'e'].map(id => trial(id))
  expect((await run(trials, { parallel: 2 })).mostBusy).toBe(2)
  const single = await run(trials, { parallel: 0 })
  expect([single.mostBusy, single.order.length]).toEqual([1, 5])
})

test('at most the given number of clusters boot at once, while other trials run', async () => {
  const trials = ['a', 'b', 'c', 'd', 'e'].map(id => trial(id))
  const { mostBooting, mostBusy } = await run(trials, { parallel: 3, boots: 1, fresh: true })
  expect({ mostBooting, mostBusy }).toEqual({ mostBooting: 1, mostBusy: 3 })
  expect((await run(trials, { parallel: 3, boots: 3, fresh: true })).mostBooting).toBe(3)
})

test('trials that follow from others run as well, before those that wait', async () => {
  const following = (id: string) => (id.length < 3 ? [trial(`${id}+`)] : [])
  const { order, clusters } = await run([trial('a'), trial('b')], { parallel: 1 }, () => {}, following)
  expect(order).toEqual(['a', 'a+', 'a++', 'b', 'b+', 'b++'])
  expect(clusters.running).toBe(0)
})

test('the error of one trial ends its cluster and is returned, and the other trials run', async () => {
  const { order, clusters, result } = await run(
    ['a', 'b', 'c'].map(id => trial(id)),
    { parallel: 1 },
    id => {
      if (id === 'a') throw new TypeError('a bug')
    },
  )
  expect(order).toEqual(['a', 'b', 'c'])
  expect(clusters).toEqual({ started: 2, running: 0, mostRunning: 1 })
  expect(result).toEqual([{ trial: 'a', error: new TypeError('a bug') }])
})

test('after an interruption no trial begins, those under way finish, every cluster ends, and its reason is thrown', async () => {
  const abort = new AbortController()
  const finished: string[] = []
  const { order, clusters, error } = await run(
    ['a', 'b', 'c', 'd'].map(id => trial(id)),
    { parallel: 2, signal: abort.signal },
    async id => {
      if (id === 'a') abort.abort(new Error('interrupted'))
      await new Promise(resolve => setTimeout(resolve, 20))
      finished.push(id)
    },
  )
  expect(order).toEqual(['a', 'b'])
  expect(finished.toSorted()).toEqual(['a', 'b'])
  expect(clusters.running).toBe(0)
  expect(error).toMatchObject({ message: 'interrupted' })
})
