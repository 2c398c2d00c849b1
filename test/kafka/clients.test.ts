/** Every client as producer and consumer on a real broker, ended and frozen in the middle of its work. */
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { trialPaths } from '../../history/folder.ts'
import { readEvents } from '../../history/reader.ts'
import { missingClient } from '../../workloads/clients/index.ts'
import names from '../../workloads/clients/java/config-names.json' with { type: 'json' }
import { beforeAppend } from '../../workloads/clients/kafka-common/before-append.ts'
import { askDriver, expectAllHandled, finish, testInterruptions } from '../support/clients.ts'
import { startLive } from '../support/live.ts'
import type { Live } from '../support/live.ts'

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

let live: Live

beforeAll(async () => {
  live = await startLive(scenario, { disks: false })
})
afterAll(async () => live?.[Symbol.asyncDispose]())

test('the Java client in its container knows the settings and the refusals that the harness documents', async () => {
  await askDriver(live, async ask => {
    expect(await ask('settings')).toEqual(names)
    const refusals = Object.entries(await ask('answers')).flatMap(([code, answer]) =>
      answer === 'rejected' ? [code] : [],
    )
    expect(new Set([...refusals, 'CLUSTER_AUTHORIZATION_FAILED', 'UNSUPPORTED_VERSION'])).toEqual(beforeAppend)
  })
})

describe('every client', () => {
  testInterruptions(() => live, lanes)

  test('leaves a history without loss, all stored messages processed or parked; an unplanned end is reported', async () => {
    const { context, folder } = live
    const broken = context.consumers?.fleet.processes[0]
    await finish(live, async () => broken?.end('SIGKILL'))
    const died = readEvents(trialPaths(folder, context.trial.id).events).filter(event => event.kind === 'client-died')
    expect(died).toMatchObject([{ lane: lanes[0], process: broken?.name, how: expect.stringContaining('SIGKILL') }])
    for (const lane of lanes) expectAllHandled(live, lane)
  })
})
