/** A compose project that runs already: its brokers are broken and healed, and nothing of it is ever removed. */
import { readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { findEngine } from '../../docker/engine/engine.ts'
import { ensureImages } from '../../docker/images/ensure.ts'
import { helperImage } from '../../docker/images/tools.ts'
import { countDropped } from '../../docker/network/netfilter.ts'
import { runInNamespace } from '../../docker/network/rules.ts'
import { folder, leftOf, lossproof, processesWith, start } from '../support/cli.ts'
import { startProject } from '../support/official/project.ts'
import type { Project } from '../support/official/project.ts'
import { verdictIn } from '../support/verdict.ts'

const name = `composed-${process.pid}`
let project: Project

beforeAll(async () => {
  project = await startProject(`${name}-project`, 3)
})
afterAll(async () => project?.[Symbol.asyncDispose]())

function scenario(schedule: string, services = project.services): string {
  const file = join(folder(), `${name}.yaml`)
  writeFileSync(
    file,
    `name: ${name}
system: kafka
cluster: { compose: ${project.file}, brokers: ${JSON.stringify(services)}, attach: true }
lanes:
  defaults:
    topic: { replication.factor: 3, min.insync.replicas: 2 }
    producer: { acks: all }
  cells: [{}]
workload: { rate: 50/s }
schedule:
${schedule}
`,
  )
  return file
}

const step = (after: string, fault: string, target: string, until: string) => `  - after: { ${after} }
    inject: { fault: ${fault}, target: ${target} }
  - after: { ${until}, limit: 90s }
    heal: all
`

test('brokers are killed, frozen and stopped with evidence, nothing is lost, and the project is as before', async () => {
  const before = await project.state()
  const results = folder()
  const schedule =
    step('acked: 50', 'crash', 'leader', 'leader-changed: true') +
    step('recovered: true, limit: 90s', 'pause', 'follower', 'acked: 50, since: last-step') +
    step('recovered: true, limit: 90s', 'stop', 'leader', 'leader-changed: true')
  const run = await lossproof(['run', scenario(schedule), '--results', results])
  const [cell] = verdictIn(results).cells
  expect(cell?.reasons, run.stderr).toEqual([])
  expect({ verdict: cell?.verdict, lost: cell?.counts.lost }).toEqual({ verdict: 'held', lost: 0 })
  expect(cell?.faults.map(({ fault }) => fault)).toEqual(['crash', 'pause', 'stop'])
  expect(run.code).toBe(0)
  expect(await project.state()).toEqual(before)
  expect(await leftOf(name)).toEqual([])
})

test('after kill -9 of harness and janitor, clean finds the project, heals it and removes nothing of it', async () => {
  const before = await project.state()
  const faults = `  - after: { acked: 50 }
    inject:
      - { fault: partition, target: follower }
      - { fault: crash, target: leader }
      - { fault: pause, target: follower }
    quiesce: false
  - after: { acked: 1000000, limit: 120s }
    heal: all
`
  const { child, finished, stderr, hasEnded } = start(['run', scenario(faults), '--results', folder()])
  const broken = async () => JSON.stringify(await project.state())
  await expect
    .poll(async () => /"exited"/.test(await broken()) && /"paused"/.test(await broken()), {
      timeout: 90_000,
      interval: 200,
    })
    .toBe(true)
  expect(hasEnded(), stderr()).toBe(false)
  expect(await dropRules()).toBeGreaterThan(0)
  for (const pid of processesWith(`janitor-process`)) if (isOfRun(pid)) process.kill(pid, 'SIGKILL')
  child.kill('SIGKILL')
  await finished
  for (const pid of processesWith(name)) process.kill(pid, 'SIGKILL')
  expect(await project.state()).not.toEqual(before)
  const cleaned = await lossproof(['clean'])
  expect(cleaned.stdout).toContain('healed ')
  expect(await project.state()).toEqual(before)
  expect(await dropRules()).toBe(0)
  expect(await leftOf(name)).toEqual([])
  expect((await lossproof(['clean'])).stdout).not.toContain('healed')
})

/** How many rules drop packets in the network namespaces of the project, where its containers run. */
async function dropRules(): Promise<number> {
  const engine = await findEngine()
  const images = await ensureImages(engine, [helperImage], { onProgress: () => {} })
  const site = { docker: engine.docker, image: images[helperImage.name] ?? '', labels: {} }
  const counts = await Promise.all(
    project.containers.map(async container => {
      const { State: state } = await container.inspect()
      return state.Running ? countDropped(await runInNamespace(site, container.id, 'iptables -nvxL')).rules : 0
    }),
  )
  return counts.reduce((sum, count) => sum + count, 0)
}

/** Whether a janitor is the one of this test's run: its arguments name the run. */
function isOfRun(pid: number): boolean {
  return readFileSync(`/proc/${pid}/cmdline`, 'utf8').includes(name)
}

test('a service that the compose file does not have is refused: exit code 2', async () => {
  const file = scenario(step('acked: 50', 'crash', 'leader', 'leader-changed: true'), ['kafka1', 'kafka2', 'kafka-3'])
  const { code, stderr } = await lossproof(['run', file, '--results', folder()])
  expect({ code, stderr }).toMatchObject({ code: 2, stderr: expect.stringContaining('no service "kafka-3"') })
})
