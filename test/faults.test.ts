import { setTimeout as delay } from 'node:timers/promises'
import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest'
import type { Injected } from '../faults/fault.ts'
import { startLive } from './support/live.ts'
import type { Live } from './support/live.ts'

const scenario = `
name: live
system: kafka
cluster: { brokers: 3, broker: { replica.lag.time.max.ms: 60000 } }
lanes:
  defaults:
    topic: { replication.factor: 3, min.insync.replicas: 1 }
    client: platformatic
  matrix: { producer.acks: [1, all] }
workload: { rate: 50/s }
`

let live: Live
let injected: Injected | undefined

beforeAll(async () => {
  live = await startLive(scenario)
})
afterAll(async () => live?.[Symbol.asyncDispose]())
/** Whatever a test saw, the next one starts healthy; healing twice must do no harm. */
afterEach(async () => {
  await injected?.heal()
  await injected?.heal()
  injected = undefined
  await live.healthy()
})

const leader = () => live.context.observer.partitions()[0]?.view.leader ?? -1
const acked = (lane: string) => live.context.producers.status(lane).acked
const until = async (what: string, reached: () => boolean) => expect.poll(reached, { timeout: 20_000, interval: 20, message: what }).toBe(true)

/** What had left before still arrives: waits until nothing more is acknowledged, and returns how many were. */
async function standsStill(): Promise<number> {
  for (let looks = 0; looks < 20; looks++) {
    const before = acked('acks-1')
    await delay(400)
    if (acked('acks-1') === before) return before
  }
  throw new Error('acknowledgements did not stop within 8 s')
}

async function inject(...call: Parameters<Live['inject']>): Promise<Injected> {
  injected = await live.inject(...call)
  return injected
}

describe('process faults: evidence, effect, heal', () => {
  test.each(['crash', 'stop'])('%s of the leader: the process is gone and another leads', async fault => {
    const before = leader()
    const { evidence } = await inject(fault, 'leader')
    expect(await evidence()).toMatchObject({ complete: true })
    await until('another leads', () => leader() !== before && leader() >= 0)
  })

  test('pause of the leader: frozen, fenced after its session, and another leads', async () => {
    const before = leader()
    const { evidence } = await inject('pause', 'leader')
    await until('another leads', () => leader() !== before && leader() >= 0)
    expect(await evidence()).toMatchObject({ complete: true, seen: { [`broker-${before}`]: { paused: true } } })
  })

  test('restart of a follower: it ended by its own shutdown and runs again', async () => {
    const { evidence } = await inject('restart', 'follower')
    expect(await evidence()).toMatchObject({ complete: true })
  })

  test('rolling-restart: each node restarted, acks=all goes on', async () => {
    const before = acked('acks-all')
    const { evidence } = await inject('rolling-restart', 'all')
    const found = await evidence()
    expect(found).toMatchObject({ complete: true })
    expect(Object.keys(found.seen)).toHaveLength(3)
    expect(acked('acks-all')).toBeGreaterThan(before)
  })

  test('crash of the majority: two of three are gone, the leader among them', async () => {
    const before = leader()
    const { evidence } = await inject('crash', 'majority')
    const found = await evidence()
    expect(found.complete).toBe(true)
    expect(Object.keys(found.seen)).toContain(`broker-${before}`)
    expect(Object.keys(found.seen)).toHaveLength(2)
  })
})

describe('client link faults: evidence, effect, heal', () => {
  test('latency: a round trip through the links takes as long', async () => {
    const { evidence } = await inject('latency', 'producer', { ms: 150 })
    expect(await evidence()).toMatchObject({ complete: true })
  })

  test('bandwidth: an answer through the links takes its time', async () => {
    const { evidence } = await inject('bandwidth', 'producer', { kbps: 1 })
    expect(await evidence()).toMatchObject({ complete: true })
  })

  test.each(['cut', 'cut-responses', 'down', 'reset'])('%s: acknowledgements stop', async fault => {
    const { evidence } = await inject(fault, 'producer')
    const before = await standsStill()
    expect(await evidence()).toMatchObject({ complete: true })
    expect(acked('acks-1')).toBe(before)
  })

  test('limit-data: connections end in the middle of answers', async () => {
    const { evidence } = await inject('limit-data', 'producer')
    expect(await evidence()).toMatchObject({ complete: true })
  })

  test('cut-responses: what arrives is stored, and never acknowledged', async () => {
    /** Stored and not acknowledged; a client stops sending once its limit of requests in flight is reached. */
    const unanswered = async () => {
      const ends = (await live.context.observer.replicaEnds()).find(found => found.lane === 'acks-1')
      return (ends?.ends[ends.leader] ?? 0) - acked('acks-1')
    }
    const before = await unanswered()
    const { evidence } = await inject('cut-responses', 'producer')
    await expect.poll(unanswered, { timeout: 10_000 }).toBeGreaterThan(before)
    expect(await evidence()).toMatchObject({ complete: true })
    expect(await unanswered()).toBeGreaterThan(before)
  })

  test('consumers are not cut with producers', async () => {
    const { evidence } = await inject('cut', 'consumer')
    const before = acked('acks-all')
    expect(await evidence()).toMatchObject({ complete: true })
    await until('producers go on', () => acked('acks-all') > before + 10)
  })
})

describe('network faults: evidence, effect, heal', () => {
  test('partition of the leader from its peers: another leads, and clients still reach the old one', async () => {
    const before = leader()
    const { evidence } = await inject('partition', 'leader')
    await until('another leads', () => leader() !== before && leader() >= 0)
    expect(await evidence()).toMatchObject({ complete: true })
    expect(live.context.observer.answers(live.context.log.now() - 1000).map(report => report.broker)).toContain(before)
  })

  test('one-way partition of a follower: what it sends is dropped', async () => {
    const { evidence } = await inject('partition', 'follower', { direction: 'out' })
    expect(await evidence()).toMatchObject({ complete: true })
  })

  test('isolate the leader: nobody reaches it', async () => {
    const before = leader()
    const { evidence } = await inject('isolate', 'leader')
    await until('another leads', () => leader() !== before && leader() >= 0)
    expect(await evidence()).toMatchObject({ complete: true })
    expect(live.context.observer.answers(live.context.log.now() - 1000).map(report => report.broker)).not.toContain(before)
  })
})

describe('disk faults: evidence, effect, heal', () => {
  test('power-loss of the whole rack at one instant: every disk dead, all back afterwards', async () => {
    const { evidence } = await inject('power-loss', 'all')
    const found = await evidence()
    expect(found).toMatchObject({ complete: true })
    expect(found.seen['spreadMs']).toBeLessThan(50)
  })

  test('wipe-disk of a follower: empty but for its identity, and filled again by the leader', async () => {
    const { evidence } = await inject('wipe-disk', 'follower')
    expect(await evidence()).toMatchObject({ complete: true })
  })

  test('disk-full of a follower: no space left, and well again when it is there', async () => {
    const { evidence } = await inject('disk-full', 'follower')
    expect(await evidence()).toMatchObject({ complete: true })
  })
})

describe('a sabotaged injection leaves no evidence', () => {
  test.each([
    ['crash', 'leader'], ['stop', 'leader'], ['pause', 'leader'], ['restart', 'follower'], ['rolling-restart', 'all'],
    ['latency', 'producer'], ['bandwidth', 'producer'], ['cut', 'producer'], ['cut-responses', 'producer'], ['reset', 'producer'], ['limit-data', 'producer'], ['down', 'producer'],
    ['cut-replication', 'leader'], ['partition', 'leader'], ['isolate', 'leader'], ['power-loss', 'all'], ['wipe-disk', 'follower'], ['disk-full', 'follower'],
  ])('%s', async (fault, target) => {
    const { evidence } = await inject(fault, target, {}, true)
    await until('load goes on', () => acked('acks-1') > 0)
    expect(await evidence()).toMatchObject({ complete: false })
  })
})
