import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest'
import type { Injected } from '../../faults/fault.ts'
import { KafkaSystem } from '../../systems/kafka/trial-system.ts'
import { leadersPinned } from '../../systems/kafka/topics.ts'
import { waitFor } from '../../model/wait.ts'
import { startLive } from '../support/live.ts'
import type { Live } from '../support/live.ts'

/** Answers of the observer during which a count that stands still must not change; load sends 50 messages a second. */
const stillRounds = 5
const mostLooks = 20

const scenario = `
name: live
system: kafka
cluster: { brokers: 3, broker: { replica.lag.time.max.ms: 60000 } }
lanes:
  defaults:
    topic: { replication.factor: 3, min.insync.replicas: 1 }
    client: platformatic
    consumer: { enable.auto.commit: false, session.timeout.ms: 6000, heartbeat.interval.ms: 1000 }
  matrix: { producer.acks: [1, all] }
workload: { rate: 50/s }
schedule:
  - after: { acked: 1 }
    inject: [{ fault: crash-client, target: producer }, { fault: crash-client, target: consumer }]
`

let live: Live
let injected: Injected | undefined

beforeAll(async () => {
  live = await startLive(scenario)
})
afterAll(async () => live?.[Symbol.asyncDispose]())
/** The next test starts on a healthy cluster. The second heal must do no harm. */
afterEach(async () => {
  await injected?.heal()
  await injected?.heal()
  injected = undefined
  await live.healthy()
})

const status = () => live.context.producers.status('acks-1')
const consumed = () => live.context.consumers?.status('acks-1').processed ?? 0
const isrHas = (id: number) => live.context.observer.partitions()[0]?.view.isr?.includes(id) ?? false
const nodeOf = (seen: Record<string, unknown>) => Number(Object.keys(seen)[0]?.replace('broker-', ''))
const leader = () => live.context.observer.partitions()[0]?.view.leader ?? -1
const acked = (lane: string) => live.context.producers.status(lane).acked
const until = async (what: string, reached: () => boolean) =>
  expect.poll(reached, { timeout: 60_000, interval: 20, message: what }).toBe(true)

/** Resolves when every broker that answers at all has answered the observer `rounds` times from now on: time passed, by an event. */
async function observed(rounds: number): Promise<void> {
  const { observer, log } = live.context
  for (let round = 0; round < rounds; round++) {
    const since = log.now()
    await until('a broker answers the observer', () => observer.answering(since).length > 0)
  }
}

/** Shows that `count` does not change while the observer goes on asking the brokers. */
async function standsStill(count: () => number): Promise<void> {
  const before = count()
  await observed(stillRounds)
  expect(count()).toBe(before)
}

/** Waits until answers that were on their way have arrived: the count no longer changes while the observer goes on. */
async function settledAt(count: () => number): Promise<number> {
  for (let looks = 0; looks < mostLooks; looks++) {
    const before = count()
    await observed(stillRounds)
    if (count() === before) return before
  }
  throw new Error(`the count still changed after ${mostLooks} looks: ${count()}`)
}

/** Shows that load goes on. */
async function goesOn(what: string, count: () => number): Promise<void> {
  const before = count()
  await until(`${what} go on`, () => count() > before + 10)
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

  test('restart of the leader: it handed over, ended by its own shutdown and runs again', async () => {
    const before = live.context.observer.partitions()[0]?.view.epoch ?? -1
    const { evidence } = await inject('restart', 'leader')
    expect(await evidence()).toMatchObject({ complete: true })
    await until('a later epoch', () => (live.context.observer.partitions()[0]?.view.epoch ?? -1) > before)
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

describe('client faults: evidence, effect, heal', () => {
  test.each(['crash-client', 'stop-client'])(
    '%s of producers: nothing more is sent, and after the heal numbers go on',
    async fault => {
      const { evidence, heal } = await inject(fault, 'producer')
      expect(await evidence()).toMatchObject({ complete: true })
      await standsStill(() => status().sent)
      await heal()
      await goesOn('sends', () => status().sent)
    },
  )

  test('pause-client of producers: frozen, nothing is sent, and it goes on as if nothing had been', async () => {
    const { evidence, heal } = await inject('pause-client', 'producer')
    expect(await evidence()).toMatchObject({ complete: true })
    await standsStill(() => acked('acks-1'))
    await heal()
    await goesOn('acknowledgements', () => acked('acks-1'))
  })

  test.each(['crash-client', 'stop-client', 'pause-client'])(
    '%s of consumers: nothing more is processed, and after the heal it is',
    async fault => {
      await until('something was processed', () => consumed() > 0)
      const { evidence, heal } = await inject(fault, 'consumer')
      expect(await evidence()).toMatchObject({ complete: true })
      await standsStill(consumed)
      await heal()
      await goesOn('processed messages', consumed)
    },
  )
})

describe('client link faults: evidence, effect, heal', () => {
  test('latency: a round trip through the links takes as long', async () => {
    const { evidence } = await inject('latency', 'producer', { ms: 150 })
    expect(await evidence()).toMatchObject({ complete: true })
    await until('sends wait for their answers', () => status().inFlight >= 10)
  })

  test('bandwidth: an answer through the links takes its time', async () => {
    const { evidence } = await inject('bandwidth', 'producer', { kbps: 1 })
    expect(await evidence()).toMatchObject({ complete: true })
    await until('sends wait for their answers', () => status().inFlight >= 10)
  })

  test.each(['cut', 'cut-responses', 'down', 'reset'])('%s: acknowledgements stop', async fault => {
    const { evidence } = await inject(fault, 'producer')
    const before = await settledAt(() => acked('acks-1'))
    expect(await evidence()).toMatchObject({ complete: true })
    expect(acked('acks-1')).toBe(before)
  })

  test('limit-data: connections end in the middle of answers', async () => {
    const { evidence } = await inject('limit-data', 'producer')
    expect(await evidence()).toMatchObject({ complete: true })
    const before = status().unknown
    await until(
      'sends end without an answer, or wait for one',
      () => status().unknown > before || status().inFlight >= 10,
    )
  })

  test('slow-close: a connection that the broker has closed stays open for a while', async () => {
    const { evidence } = await inject('slow-close', 'producer', { ms: 800 })
    const found = await evidence()
    expect(found).toMatchObject({ complete: true })
    expect(found.seen[`producer-${leader()}`]).toMatchObject({ probe: { outcome: 'closed' } })
  })

  test('cut-responses: what arrives is stored, and never acknowledged', async () => {
    /** Stored and not acknowledged; a client stops sending once its limit of requests in flight is reached. */
    const unanswered = async () => {
      const ends = (await live.context.observer.replicaEnds()).find(found => found.lane === 'acks-1')
      return (ends?.ends[ends.leader] ?? 0) - acked('acks-1')
    }
    const before = await unanswered()
    const { evidence } = await inject('cut-responses', 'producer')
    await expect.poll(unanswered, { timeout: 30_000 }).toBeGreaterThan(before)
    expect(await evidence()).toMatchObject({ complete: true })
    expect(await unanswered()).toBeGreaterThan(before)
  })

  test('consumers are not cut with producers', async () => {
    const { evidence } = await inject('cut', 'consumer')
    expect(await evidence()).toMatchObject({ complete: true })
    await goesOn('acknowledgements', () => acked('acks-all'))
  })
})

describe('network faults: evidence, effect, heal', () => {
  test('partition of the leader from its peers: another leads, and clients still reach the old one', async () => {
    const before = leader()
    const { evidence } = await inject('partition', 'leader')
    await until('another leads', () => leader() !== before && leader() >= 0)
    expect(await evidence()).toMatchObject({ complete: true })
    expect(live.context.observer.answering(live.context.log.now() - 1000)).toContain(before)
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
    expect(live.context.observer.answering(live.context.log.now() - 1000)).not.toContain(before)
  })
})

describe('cluster faults: evidence, effect, heal', () => {
  /** Injects, and shows that another leads while everybody lives. */
  async function transfer(to: string): Promise<void> {
    const before = leader()
    const { evidence } = await inject('leader-transfer', 'leader', { to })
    expect(await evidence()).toMatchObject({ complete: true })
    expect(leader()).not.toBe(before)
    await goesOn('acknowledgements', () => acked('acks-all'))
  }
  const isPreferred = () =>
    live.context.observer.leaders().every(partition => partition.leader === partition.replicas[0])

  test('leader-transfer to a follower: it leads in a later epoch, everybody lives, and acks=all goes on', async () =>
    transfer('follower'))

  /** Whoever leads at the start, afterwards it is not the preferred replica. */
  async function anotherThanPreferredLeads(): Promise<void> {
    if (isPreferred()) await transfer('follower')
    await live.healthy()
    expect(isPreferred()).toBe(false)
  }

  test('leader-transfer to the preferred replica, when another leads', async () => {
    await anotherThanPreferredLeads()
    await transfer('preferred')
    expect(isPreferred()).toBe(true)
  })

  test('first replicas that lost their leadership lead again when a trial is prepared', async () => {
    await anotherThanPreferredLeads()
    const { system, trial, signal } = live.context
    if (!(system instanceof KafkaSystem)) throw new Error('not Kafka')
    const preferred = system.observer.leaders()[0]?.replicas[0] ?? -1
    const topics = trial.lanes.map(lane => lane.topic.name)
    await waitFor({ what: 'preferred leaders', limitMs: 30_000, signal }, async () =>
      leadersPinned(system.observer, preferred, topics),
    )
    await until('the first replicas lead', isPreferred)
  })

  test('controller-crash: another controller is active in a later epoch', async () => {
    const { evidence } = await inject('controller-crash', 'controller')
    expect(await evidence()).toMatchObject({ complete: true })
  })
})

describe('disk faults: evidence, effect, heal', () => {
  test('power-loss of the whole rack at one instant: every disk dead, packets dropped, all back afterwards', async () => {
    const { evidence, heal } = await inject('power-loss', 'all')
    const found = await evidence()
    expect(found).toMatchObject({ complete: true })
    for (const { name } of live.context.cluster.brokers) expect(found.seen['nodes']).toHaveProperty(name)
    expect(live.context.observer.answering(live.context.log.now())).toEqual([])
    await heal()
    await goesOn('acknowledgements', () => acked('acks-1'))
  })

  test('disk-freeze of the leader: it lives and leads, and acknowledges nothing', async () => {
    const before = leader()
    const { evidence, heal } = await inject('disk-freeze', 'leader')
    await settledAt(() => acked('acks-1'))
    expect(await evidence()).toMatchObject({ complete: true, seen: { disk: { [`broker-${before}`]: 'frozen' } } })
    expect(leader()).toBe(before)
    await heal()
    await goesOn('acknowledgements', () => acked('acks-1'))
  })

  test('slow-fsync of the leader: synced writes beside it take long, buffered ones go on', async () => {
    const { evidence } = await inject('slow-fsync', 'leader', { writesPerSec: 5 })
    expect(await evidence()).toMatchObject({ complete: true })
    await goesOn('acknowledgements', () => acked('acks-1'))
  })

  test('wipe-disk of a follower: empty but for its identity, and filled again by the leader', async () => {
    const { evidence } = await inject('wipe-disk', 'follower')
    const found = await evidence()
    expect(found).toMatchObject({ complete: true })
    const follower = nodeOf(found.seen)
    await until('it is out of the ISR', () => !isrHas(follower))
  })

  test('disk-error of the leader: every access fails, the broker halts, and another leads', async () => {
    const before = leader()
    const { evidence } = await inject('disk-error', 'leader')
    await until('another leads', () => leader() !== before && leader() >= 0)
    expect(await evidence()).toMatchObject({
      complete: true,
      seen: { [`broker-${before}`]: { probe: expect.stringContaining('Input/output error') } },
    })
  })

  test('disk-full of a follower: no space left, and well again when it is there', async () => {
    const { evidence } = await inject('disk-full', 'follower')
    const found = await evidence()
    expect(found).toMatchObject({ complete: true })
    const follower = nodeOf(found.seen)
    await until('it halts and is out of the ISR', () => !isrHas(follower))
  })
})

/**
 * Acts are replaced by nothing and looks are real, so the evidence must be incomplete. Faults whose evidence is the exit code of
 * the act itself are covered by faults/evidence.test.ts.
 */
describe('an injection that does nothing leaves no evidence', () => {
  test.each([
    ['pause', 'leader'],
    ['latency', 'producer'],
    ['bandwidth', 'producer'],
    ['cut', 'producer'],
    ['cut-responses', 'producer'],
    ['reset', 'producer'],
    ['limit-data', 'producer'],
    ['down', 'producer'],
    ['slow-close', 'producer'],
    ['cut-replication', 'leader'],
    ['partition', 'leader'],
    ['isolate', 'leader'],
    ['disk-full', 'follower'],
    ['disk-freeze', 'leader'],
    ['slow-fsync', 'leader'],
    ['leader-transfer', 'leader'],
    ['crash-client', 'producer'],
    ['stop-client', 'consumer'],
    ['pause-client', 'producer'],
  ])('%s at %s', async (fault, target) => {
    const { evidence } = await inject(fault, target, {}, { doesNothing: true })
    await goesOn('acknowledgements', () => acked('acks-1'))
    expect(await evidence()).toMatchObject({ complete: false })
  })
})
