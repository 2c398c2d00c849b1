import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest'
import type { Injected } from '../../faults/fault.ts'
import { admin, RemotingClient } from '../../workloads/rocketmq-remoting/index.ts'
import { RocketmqCluster } from '../../systems/rocketmq/cluster.ts'
import { startLive } from '../support/live.ts'
import type { Live } from '../support/live.ts'

const scenario = `
name: live-rocketmq
system: rocketmq
cluster: { slaves: 1, broker: { registerNameServerPeriod: 10000 } }
lanes:
  defaults:
    client: { library: rocketmq-remoting, rebalanceInterval: 1000 }
    consumer: { persistConsumerOffsetInterval: 200 }
workload: { rate: 50/s }
`

let live: Live
let injected: Injected | undefined

beforeAll(async () => {
  live = await startLive(scenario)
})
afterAll(async () => live?.[Symbol.asyncDispose]())
afterEach(async () => {
  await injected?.heal()
  await injected?.heal()
  injected = undefined
  await live.healthy()
})

const view = () => live.context.observer.partitions()[0]?.view
const until = async (what: string, reached: () => boolean) =>
  expect.poll(reached, { timeout: 60_000, interval: 20, message: what }).toBe(true)
const acked = () => live.context.producers.status('lane').acked
const goesOn = async (count = acked) => {
  const before = count()
  await until('it goes on', () => count() > before + 10)
}

async function inject(...call: Parameters<Live['inject']>): Promise<Injected> {
  injected = await live.inject(...call)
  return injected
}

describe('faults at roles of RocketMQ: evidence, effect, heal', () => {
  test.each(['crash', 'stop'])('%s of the master: the process is gone, and its group has no master', async fault => {
    const { evidence } = await inject(fault, 'master')
    expect(await evidence()).toMatchObject({ complete: true })
    await until('no master', () => view()?.leader === -1)
  })

  test('pause of the master: frozen, and no longer master for the observer', async () => {
    const { evidence } = await inject('pause', 'master')
    expect(await evidence()).toMatchObject({ complete: true, seen: { 'broker-1': { paused: true } } })
    await until('no master', () => view()?.leader === -1)
  })

  test('cut-replication: the master goes on alone, and reports that the slave falls behind', async () => {
    const { evidence } = await inject('cut-replication', 'master')
    await goesOn()
    expect(await evidence()).toMatchObject({
      complete: true,
      seen: { 'broker-1': { leaderGrew: true, followersMoved: [] } },
    })
    await until('the slave is out of sync', () => view()?.isr?.join() === '1')
    const { cluster } = live.context
    if (!(cluster instanceof RocketmqCluster)) throw new Error('the cluster is not RocketMQ')
    const addresses = cluster.addresses('observer')
    const client = new RemotingClient({
      clientId: 'test',
      mapAddress: advertised => addresses[advertised] ?? advertised,
    })
    const { slaves } = await admin.haStatus(client, 'broker-1:10911')
    client.close()
    expect(slaves.every(slave => slave.diff > 0)).toBe(true)
  })

  test('slow-replication: the slave is behind while load goes on', async () => {
    const { evidence } = await inject('slow-replication', 'master', { ms: 300 })
    await goesOn()
    expect(await evidence()).toMatchObject({
      complete: true,
      seen: { ms: 300, 'broker-1': { toxics: ['slow-replication'] } },
    })
  })

  test.each(['power-loss', 'wipe-disk'])(
    '%s of the slave: the slave leaves the ISR, and copies again what it lost',
    async fault => {
      const { evidence } = await inject(fault, 'slave')
      expect(await evidence()).toMatchObject({ complete: true })
      await until('the slave is gone', () => view()?.isr?.join() === '1')
      await goesOn()
    },
  )

  test('isolate name-server: sends go on with the routes that clients know', async () => {
    const { evidence } = await inject('isolate', 'name-server')
    expect(await evidence()).toMatchObject({
      complete: true,
      seen: { droppedPackets: { 'namesrv-1': expect.any(Number) } },
    })
    await goesOn()
  })

  test.each(['cut', 'slow-close', 'limit-data', 'reset'])(
    '%s of the producer has evidence on every link',
    async fault => {
      const { evidence } = await inject(fault, 'producer')
      expect(await evidence()).toMatchObject({ complete: true })
    },
  )
})

test('the default delays of sixteen retries are levels 3 to 18, the last of two hours', async () => {
  const { cluster } = live.context
  if (!(cluster instanceof RocketmqCluster)) throw new Error('the cluster is not RocketMQ')
  const addresses = cluster.addresses('observer')
  const client = new RemotingClient({ clientId: 'test', mapAddress: advertised => addresses[advertised] ?? advertised })
  const levels = (await admin.brokerConfig(client, 'broker-1:10911')).get('messageDelayLevel')?.split(' ') ?? []
  client.close()
  expect(levels.slice(2)).toEqual([
    '10s',
    '30s',
    '1m',
    '2m',
    '3m',
    '4m',
    '5m',
    '6m',
    '7m',
    '8m',
    '9m',
    '10m',
    '20m',
    '30m',
    '1h',
    '2h',
  ])
})

/** Acts are replaced by nothing and looks are real, so the evidence must be incomplete. */
test.each([
  ['pause', 'master'],
  ['cut-replication', 'master'],
  ['slow-replication', 'master'],
  ['isolate', 'name-server'],
  ['latency', 'producer'],
  ['slow-close', 'producer'],
])('an injection of %s at the %s that does nothing leaves no evidence', async (fault, target) => {
  const { evidence } = await inject(fault, target, {}, { doesNothing: true })
  await goesOn()
  expect(await evidence()).toMatchObject({ complete: false })
})
