import { afterAll, beforeAll, expect, test } from 'vitest'
import { startLive } from '../support/live.ts'
import type { Live } from '../support/live.ts'

const scenario = `
name: ring
system: kafka
cluster: { brokers: 4 }
lanes:
  defaults:
    topic: { replication.factor: 3, min.insync.replicas: 1 }
    producer: { acks: all }
    client: platformatic
workload: { rate: 50/s }
`

let live: Live

beforeAll(async () => {
  live = await startLive(scenario)
})
afterAll(async () => live?.[Symbol.asyncDispose]())

/** A broker across the ring from the leader lags; one across from the active controller is fenced. */
async function someBrokerIsCutOff(): Promise<boolean> {
  const [partition] = await live.context.observer.replicaEnds()
  const ends = Object.values(partition?.ends ?? {})
  const lag = Math.max(...ends) - Math.min(...ends)
  return lag >= 20 || !live.context.system.recovery(live.context.log.now() - 1000).recovered
}

test('partition-ring: each node drops packets from the node across, and all replicas are in sync again after the heal', async () => {
  const { evidence, heal } = await live.inject('partition-ring', 'all')
  try {
    const found = await evidence()
    expect(found).toMatchObject({ complete: true })
    expect(Object.keys(found.seen['dropping'] ?? {})).toHaveLength(4)
    await expect.poll(someBrokerIsCutOff, { timeout: 60_000 }).toBe(true)
  } finally {
    await heal()
    await heal()
  }
  await live.healthy()
})

test('a ring that was not injected leaves no evidence', async () => {
  const { evidence, heal } = await live.inject('partition-ring', 'all', {}, { doesNothing: true })
  expect(await evidence()).toMatchObject({ complete: false })
  await heal()
})
