/** A RocketMQ cluster that is known by its name server alone: faults of clients, and nothing of a run remains in it. */
import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { folder, leftOf, lossproof, startHealthy } from '../support/cli.ts'
import { startPlainRocketmq } from '../support/official/rocketmq.ts'
import type { PlainRocketmq } from '../support/official/rocketmq.ts'
import { verdictIn } from '../support/verdict.ts'

const name = `own-rocketmq-${process.pid}`
const removedLimitMs = 90_000
let cluster: PlainRocketmq

beforeAll(async () => {
  cluster = await startPlainRocketmq(`${name}-plain`)
})
afterAll(async () => cluster?.[Symbol.asyncDispose]())

function scenario(schedule: string): string {
  const file = join(folder(), `${name}.yaml`)
  writeFileSync(
    file,
    `name: ${name}
system: rocketmq
cluster: { bootstrap: "${cluster.nameServer}" }
lanes:
  defaults:
    topic: { queues: 2 }
    consumer: { persistConsumerOffsetInterval: 500 }
  matrix:
    producer.retryTimesWhenSendFailed: [0, 2]
workload: { rate: 100/s }
schedule:
${schedule}
`,
  )
  return file
}

const killed = `  - after: { processed: 50 }
    inject: { fault: crash-client, target: producer }
  - after: { client-gone: true }
    heal: all
  - after: { processed: 100 }
    inject: { fault: crash-client, target: consumer }
  - after: { client-gone: true }
    heal: all`

const ours = async (): Promise<string[]> => (await cluster.contents()).filter(text => text.includes('lossproof-'))

test('both cells hold, the faults have evidence, and no topic and no group remains', async () => {
  const results = folder()
  const before = { state: await cluster.state(), contents: await cluster.contents() }
  const run = await lossproof(['run', scenario(killed), '--i-own-this-cluster', '--results', results])
  const { cells } = verdictIn(results)
  expect(
    cells.map(({ verdict, counts }) => [verdict, counts.lost]),
    run.stderr + run.stdout,
  ).toEqual([
    ['held', 0],
    ['held', 0],
  ])
  for (const { faults, counts } of cells) {
    expect(faults.map(({ fault }) => fault)).toEqual(['crash-client', 'crash-client'])
    expect(counts.stored).toBeGreaterThan(100)
  }
  expect(run.code).toBe(0)
  expect({ ours: await ours(), left: await leftOf(name) }).toEqual({ ours: [], left: [] })
  expect({ state: await cluster.state(), contents: await cluster.contents() }).toEqual(before)
})

test('after kill -9 of the harness its topics and groups are removed', async () => {
  const waiting = scenario('  - after: { acked: 1000000, limit: 120s }\n    window: never')
  const { child, finished } = await startHealthy(['run', waiting, '--i-own-this-cluster', '--results', folder()])
  expect((await ours()).map(text => text.replace(/lossproof-[0-9a-f]{8}-.*/, ''))).toEqual(
    expect.arrayContaining(['broker topic ', 'broker topic %RETRY%', 'broker group ', 'name server topic ']),
  )
  child.kill('SIGKILL')
  await finished
  await expect
    .poll(async () => [...(await ours()), ...(await leftOf(name))], { timeout: removedLimitMs, interval: 500 })
    .toEqual([])
})

test('an address at which nobody answers ends the run before anything starts: exit code 3', async () => {
  const args = ['--set', 'cluster.bootstrap=127.0.0.1:1', '--i-own-this-cluster', '--results', folder()]
  const { code, stderr } = await lossproof(['run', scenario(killed), ...args])
  expect({ code, stderr }).toMatchObject({ code: 3, stderr: expect.stringContaining('tried 127.0.0.1:1: ') })
  // Pulls that the broker held when a consumer was killed create no group again.
  expect(await ours()).toEqual([])
})
