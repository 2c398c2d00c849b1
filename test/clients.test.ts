/** Every client as producer and consumer on a real broker, ended and frozen in the middle of its work. */
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { execIn } from '../docker/exec.ts'
import { checkLaneFolder } from '../harness/cli/check-folder.ts'
import { laneFolder, trialPaths } from '../harness/history/folder.ts'
import { readEvents } from '../harness/history/reader.ts'
import { readBack } from '../harness/trial/read-back.ts'
import { writeFences } from '../harness/trial/recovery.ts'
import { missingClient } from '../workloads/clients/index.ts'
import names from '../workloads/clients/java/config-names.json' with { type: 'json' }
import { beforeAppend } from '../workloads/clients/before-append.ts'
import { encode } from '../workloads/payload.ts'
import { startLive } from './support/live.ts'
import type { Live } from './support/live.ts'

const optional = (await missingClient('librdkafka')) === undefined ? ['librdkafka'] : []
const clients = ['kafkajs', 'platformatic', 'java', ...optional]
const scenario = `
name: clients
system: kafka
cluster: { brokers: 1 }
lanes:
  defaults:
    topic: { replication.factor: 1, partitions: 2 }
    consumer: { session.timeout.ms: 6000, heartbeat.interval.ms: 500, auto.offset.reset: earliest }
  matrix:
    client: [${clients.join(', ')}]
workload: { rate: 100/s, commit: after, poisonEvery: 20, onPoison: park, handlerAttempts: 2 }
schedule:
  - after: { acked: 1 }
    inject: { fault: crash-client, target: producer }
  - after: { acked: 1 }
    inject: { fault: crash-client, target: consumer }
  - after: { acked: 2 }
    heal: all
`
const lanes = clients.map(client => `client-${client}`)
const limitMs = 30_000

let live: Live

beforeAll(async () => {
  live = await startLive(scenario, { disks: false })
})
afterAll(async () => live?.[Symbol.asyncDispose]())

const acked = (lane: string) => live.context.producers.status(lane).acked
const processed = (lane: string) => live.context.consumers?.status(lane).processed ?? 0
const goesOn = async (count: (lane: string) => number) => {
  const before = new Map(lanes.map(lane => [lane, count(lane)]))
  for (const lane of lanes) await expect.poll(() => count(lane), { timeout: limitMs, interval: 20, message: lane }).toBeGreaterThan((before.get(lane) ?? 0) + 20)
}

describe('the Java client in its container', () => {
  test('knows the settings and the refusals that the harness documents, writes the payload of the others, and its clock is theirs', async () => {
    const { docker, image, entrypoint, labels } = live.context.cluster.clientHost
    const container = await docker.createContainer({ Image: image, Labels: labels, Entrypoint: ['sleep'], Cmd: ['60'], HostConfig: { Init: true } })
    await container.start()
    const ask = async (table: string) => JSON.parse(await execIn(container, [entrypoint, table])) as Record<string, unknown>

    expect(await ask('settings')).toEqual(names)
    const refusals = Object.entries(await ask('answers')).flatMap(([code, answer]) => (answer === 'rejected' ? [code] : []))
    expect(new Set([...refusals, 'CLUSTER_AUTHORIZATION_FAILED', 'UNSUPPORTED_VERSION'])).toEqual(beforeAppend)
    const before = process.hrtime.bigint()
    const { value, nanoTime } = await ask('payload')
    expect(value).toBe(encode('lane-a', 42, 100).toString('utf8'))
    expect(Number(nanoTime)).toBeGreaterThan(Number(before))
    expect(Number(nanoTime)).toBeLessThan(Number(process.hrtime.bigint()))
    await container.remove({ force: true })
  })
})

describe('every client', () => {
  test.each([
    ['pause-client', 'producer'], ['crash-client', 'producer'], ['crash-client', 'consumer'], ['stop-client', 'consumer'],
  ])('shows the evidence of %s at the %s, and goes on when it is healed', async (fault, target) => {
    await goesOn(target === 'producer' ? acked : processed)
    const { evidence, heal } = await live.inject(fault, target)
    expect(await evidence()).toMatchObject({ complete: true })
    await heal()
    await goesOn(target === 'producer' ? acked : processed)
  })

  test('left a history in which nothing is lost and everything stored was processed or parked; one that broke by itself is told', async () => {
    const { context, folder } = live
    const { trial, producers, consumers, system } = context
    await producers.stop()
    const broken = consumers?.fleet.processes[0]
    await broken?.end('SIGKILL')
    const fences = await writeFences(context)
    await consumers?.drain({ ends: fences, lanes: trial.lanes, system, folder, trial: trial.id, restart: true })
    await readBack(context, folder, fences)
    const died = readEvents(trialPaths(folder, trial.id).events).filter(event => event.kind === 'client-died')
    expect(died).toMatchObject([{ lane: lanes[0], process: broken?.name, how: expect.stringContaining('SIGKILL') }])
    for (const lane of lanes) {
      const { counts } = checkLaneFolder(laneFolder(folder, trial.id, lane))
      expect(counts, lane).toMatchObject({ lost: 0, clientLost: 0, unaccounted: 0, unexpected: 0, corrupt: 0, resurrected: 0, skipped: 0, stalled: 0 })
      expect(counts.acked, lane).toBeGreaterThan(100)
      expect(counts.parked, lane).toBeGreaterThan(5)
      expect(counts.processed + counts.parked, lane).toBe(counts.stored)
    }
  })
})
