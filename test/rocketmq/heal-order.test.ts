/** Heals come in reverse order: a broker that was killed starts before its full disk has space again. */
import { afterAll, beforeAll, expect, test } from 'vitest'
import { startLive } from '../support/live.ts'
import type { Live } from '../support/live.ts'

const scenario = `
name: heal-order
system: rocketmq
cluster: { slaves: 0 }
lanes:
  matrix: { broker.flushDiskType: [SYNC_FLUSH] }
workload: { rate: 50/s, size: 16KiB }
schedule:
  - after: { acked: 1 }
    inject: { fault: crash, target: master }
`

let live: Live
beforeAll(async () => {
  live = await startLive(scenario)
})
afterAll(async () => live?.[Symbol.asyncDispose]())

test('a broker that ends on its full disk is started again until the disk has space', async () => {
  const { nodes } = live.context.cluster
  const full = await live.inject('disk-full', 'master')
  expect(await full.evidence()).toMatchObject({ complete: true })
  const crash = await live.inject('crash', 'master')
  await crash.heal()
  await expect
    .poll(() => nodes.failedStarts().join(), { timeout: 60_000 })
    .toMatch(/^broker-1 ended with exit code \d+ after start/)
  await full.heal()
  await live.healthy()
  expect(nodes.failedStarts()).toEqual([])
})
