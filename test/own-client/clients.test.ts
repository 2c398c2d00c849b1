/**
 * Clients that are programs of their own, side by side on one real broker: confluent-kafka in Python, Kafka's own
 * verifiable tools in a container, franz-go, and one that lies. They run where LOSSPROOF_TEST_ALL_CLIENTS is set.
 */
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { tagOf } from '../../docker/images/recipe.ts'
import { checkLaneFolder } from '../../harness/cli/judging/lane-folder.ts'
import { flag } from '../../harness/check/table/table.ts'
import { laneFolder } from '../../history/folder.ts'
import { kafka } from '../../systems/kafka/facts.ts'
import { finish, testInterruptions } from '../support/clients.ts'
import { startLive } from '../support/live.ts'
import type { Live } from '../support/live.ts'
import {
  goClient,
  lyingProducer,
  missingPython,
  prepareGo,
  preparePython,
  pythonCommand,
  wantsAllClients,
} from './programs.ts'

const withoutPython = await missingPython()
const image = tagOf(kafka.images.imageFor(kafka.images.defaultVersion))
const java = ['java', '-XX:TieredStopAtLevel=1', '-XX:+UseSerialGC', '-Xshare:auto', '-cp', '/opt/kafka/libs/*']
const verifiable = (name: string) => ({
  command: `org.apache.kafka.tools.${name}`,
  format: 'verifiable',
  image,
  entrypoint: JSON.stringify(java),
})
const underRole = (role: string, settings: Record<string, string>) =>
  Object.entries(settings).map(([name, value]) => [`client.${role}.${name}`, value])
const both = (producer: Record<string, string>, consumer: Record<string, string>) =>
  Object.fromEntries([...underRole('producer', producer), ...underRole('consumer', consumer)])
const command = (words: string[]) => ({ command: JSON.stringify(words) })

const honest: Record<string, object> = {
  verifiable: both(verifiable('VerifiableProducer'), verifiable('VerifiableConsumer')),
  ...(withoutPython === undefined
    ? { python: both(command(pythonCommand('producer')), command(pythonCommand('consumer'))) }
    : {}),
  ...(wantsAllClients ? { go: { 'client.command': goClient } } : {}),
}
const scenario = `
name: own
system: kafka
cluster: { brokers: 1, broker: { group.min.session.timeout.ms: 1000 } }
lanes:
  defaults:
    topic: { replication.factor: 1, partitions: 2 }
    consumer: { session.timeout.ms: 3000, heartbeat.interval.ms: 1000 }
  cells: ${JSON.stringify([...Object.values(honest), both(command(lyingProducer), { library: 'kafkajs' })])}
workload: { rate: 100/s, commit: after }
`

describe.runIf(wantsAllClients)('clients of the user side by side', () => {
  let live: Live
  /** Lanes of the clients that do not lie. */
  const lanes: string[] = []
  let lying = ''
  const folderOf = (lane: string) => laneFolder(live.folder, live.context.trial.id, lane)

  beforeAll(async () => {
    if (withoutPython === undefined) await preparePython()
    if (wantsAllClients) await prepareGo()
    live = await startLive(scenario, { disks: false })
    const ids = live.context.trial.lanes.map(({ id }) => id)
    lanes.push(...ids.slice(0, -1))
    lying = ids.at(-1) ?? ''
  })
  afterAll(async () => live?.[Symbol.asyncDispose]())

  test.runIf(withoutPython !== undefined)('the client in Python takes part', ({ skip }) => skip(withoutPython))

  testInterruptions(() => live, lanes)

  test('a program that is killed, frozen and stopped loses nothing, and its history says what the log says', async () => {
    await finish(live)
    expect(lanes).toHaveLength(Object.keys(honest).length)
    for (const lane of lanes) {
      const { counts, table, logs } = checkLaneFolder(folderOf(lane), [], 2)
      expect(counts, lane).toMatchObject({
        lost: 0,
        clientLost: 0,
        unaccounted: 0,
        unexpected: 0,
        corrupt: 0,
        phantom: 0,
        skipped: 0,
        stalled: 0,
      })
      expect(counts.processed, lane).toBe(counts.stored)
      let named = 0
      for (let row = 0; row < table.rows; row++) {
        const offset = table.ackOffset.get(row)
        if (offset < 0) continue
        named += 1
        const stored = logs.get(table.partition(row))?.at(offset)
        expect(stored?.s, `${lane}: message ${table.numberOf(row)}`).toBe(table.numberOf(row))
      }
      expect(named, lane).toBe(counts.acked)
    }
  })

  test('a program that lies is caught: the judge names each message that it claims to have sent', () => {
    const result = checkLaneFolder(folderOf(lying), [], 2)
    const { counts, table } = result
    expect(counts).toMatchObject({ clientLost: 0, unaccounted: 0, unexpected: 0 })
    expect(counts.lost).toBeGreaterThan(20)
    for (let row = 0; row < table.rows; row++) {
      if (!table.has(row, flag.acked)) continue
      const isDropped = table.numberOf(row) % 10 === 9
      expect(table.copies.get(row) === 0, `message ${table.numberOf(row)}`).toBe(isDropped)
    }
  })
})
