/** A compose project that Lossproof starts: links, network and volumes of its brokers are broken, and nothing of it remains. */
import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { findEngine } from '../../docker/engine/engine.ts'
import { folder, leftOf, lossproof } from '../support/cli.ts'
import { officialKafka } from '../support/official/images.ts'
import { writeProject } from '../support/official/project.ts'
import { verdictIn } from '../support/verdict.ts'

const name = `started-${process.pid}`

test('links are cut, a broker is cut off and its volume emptied, each with evidence, and nothing is lost', async () => {
  const engine = await findEngine()
  const { file, services } = await writeProject(await officialKafka(engine), 3)
  const scenario = join(folder(), `${name}.yaml`)
  writeFileSync(
    scenario,
    `name: ${name}
system: kafka
cluster: { compose: ${file}, brokers: ${JSON.stringify(services)}, volumes: ${JSON.stringify(services)} }
lanes:
  defaults:
    topic: { replication.factor: 3, min.insync.replicas: 2 }
    producer: { acks: all }
    consumer: {}
  cells: [{}]
workload: { rate: 50/s, maxInFlight: 10000, commit: after }
schedule:
  - after: { acked: 50 }
    inject: { fault: cut, target: producer, window: cut }
  - after: { sent: 20, in: cut, limit: 90s }
    heal: all
  - after: { recovered: true, limit: 90s }
    inject: { fault: partition, target: follower }
  - after: { acked: 50, since: last-step, limit: 90s }
    heal: all
  - after: { recovered: true, limit: 90s }
    inject: { fault: wipe-disk, target: follower }
  - after: { acked: 50, since: last-step, limit: 90s }
    heal: all
`,
  )
  const results = folder()
  const run = await lossproof(['run', scenario, '--results', results])
  const [cell] = verdictIn(results).cells
  expect(cell?.reasons, run.stderr).toEqual([])
  expect({ verdict: cell?.verdict, lost: cell?.counts.lost }).toEqual({ verdict: 'held', lost: 0 })
  expect(cell?.faults.map(({ fault }) => fault)).toEqual(['cut', 'partition', 'wipe-disk'])
  expect(run.code).toBe(0)
  expect(await leftOf(name)).toEqual([])
  // By name as well: what compose created without our labels would stay.
  const { Volumes: volumes } = await engine.docker.listVolumes()
  const names = [
    ...(await engine.docker.listContainers({ all: true })).map(({ Names: found }) => found.join()),
    ...(await engine.docker.listNetworks()).map(({ Name: found }) => found),
    ...(volumes ?? []).map(({ Name: found }) => found),
  ]
  expect(names.filter(text => text.includes(name))).toEqual([])
})
