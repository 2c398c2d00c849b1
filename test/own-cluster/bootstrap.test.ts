/** A cluster that is known by its address alone: faults of clients, and nothing of a run remains in it. */
import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { OwnBroker } from '../../workloads/clients/platformatic/own-cluster.ts'
import { folder, leftOf, lossproof, startHealthy } from '../support/cli.ts'
import { startProject } from '../support/official/project.ts'
import type { Project } from '../support/official/project.ts'
import { verdictIn } from '../support/verdict.ts'

const name = `own-${process.pid}`
const removedLimitMs = 90_000
let project: Project

beforeAll(async () => {
  project = await startProject(`${name}-project`, 1)
})
afterAll(async () => project?.[Symbol.asyncDispose]())

function scenario(schedule: string): string {
  const file = join(folder(), `${name}.yaml`)
  writeFileSync(
    file,
    `name: ${name}
system: kafka
cluster: { bootstrap: ${JSON.stringify(project.bootstrap)} }
lanes:
  defaults:
    topic: { replication.factor: 1, partitions: 2 }
    consumer: { session.timeout.ms: 6000, heartbeat.interval.ms: 1000 }
  matrix:
    producer.acks: [1, all]
workload: { rate: 100/s, commit: after }
schedule:
${schedule}
`,
  )
  return file
}

const killed = `  - after: { processed: 50 }
    inject: { fault: crash-client, target: producer }
  - after: { client-gone: true }
    heal: all`

async function topics(): Promise<string[]> {
  await using broker = new OwnBroker(project.bootstrap[0] ?? '', 5000)
  const found = await broker.topicsWith('lossproof-')
  return found
}

test('both cells hold, the fault has evidence, and no topic remains', async () => {
  const results = folder()
  const before = await project.state()
  const run = await lossproof(['run', scenario(killed), '--i-own-this-cluster', '--results', results])
  const { cells } = verdictIn(results)
  expect(
    cells.map(({ verdict, counts }) => [verdict, counts.lost]),
    run.stderr,
  ).toEqual([
    ['held', 0],
    ['held', 0],
  ])
  for (const { faults, counts } of cells) {
    expect(faults.map(({ fault }) => fault)).toEqual(['crash-client'])
    expect(counts.stored).toBeGreaterThan(50)
  }
  expect(run.code).toBe(0)
  expect({ topics: await topics(), left: await leftOf(name) }).toEqual({ topics: [], left: [] })
  expect(await project.state()).toEqual(before)
})

test('after kill -9 of the harness its topics are removed', async () => {
  const waiting = scenario('  - after: { acked: 1000000, limit: 120s }\n    window: never')
  const { child, finished } = await startHealthy(['run', waiting, '--i-own-this-cluster', '--results', folder()])
  expect(await topics()).toHaveLength(3)
  child.kill('SIGKILL')
  await finished
  await expect
    .poll(async () => [...(await topics()), ...(await leftOf(name))], { timeout: removedLimitMs, interval: 500 })
    .toEqual([])
})

test('an address at which nobody answers ends the run before anything starts: exit code 3', async () => {
  const args = ['--set', 'cluster.bootstrap=127.0.0.1:1', '--i-own-this-cluster', '--results', folder()]
  const { code, stderr } = await lossproof(['run', scenario(killed), ...args])
  expect({ code, stderr }).toMatchObject({ code: 3, stderr: expect.stringContaining('tried 127.0.0.1:1: ') })
})
