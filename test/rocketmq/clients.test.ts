/**
 * Every client of RocketMQ on a real broker, as producer and as consumer, killed and frozen in the middle of its work;
 * and what the Java client does by itself.
 */
import { globSync, mkdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import type { RocketmqCluster } from '../../systems/rocketmq/cluster.ts'
import type { LaneRecord } from '../../history/records.ts'
import { LaneHeader, LaneRecord as LaneRecordSchema } from '../../history/records.ts'
import type { Handling, Sending, Settings, Workload } from '../../model/plan.ts'
import { clientProcess } from '../../harness/trial/clients/process.ts'
import type { ClientProcess } from '../../harness/trial/clients/process.ts'
import { loadLibrary, missingClient } from '../../workloads/clients/index.ts'
import names from '../../workloads/clients/rocketmq-java/config-names.json' with { type: 'json' }
import { decode, encode } from '../../workloads/payload.ts'
import {
  admin,
  deadLetterTopicOf,
  maxOffset,
  outcomeOf,
  pull,
  readQueues,
  RemotingClient,
  Routes,
} from '../../workloads/rocketmq-remoting/index.ts'
import type { MessageQueue } from '../../workloads/rocketmq-remoting/index.ts'
import { askDriver, expectAllHandled, finish, testInterruptions } from '../support/clients.ts'
import { startLive } from '../support/live.ts'
import type { Live } from '../support/live.ts'

const hasGrpc = (await missingClient('rocketmq-grpc')) === undefined
const scenario = `
name: rocketmq-clients
system: rocketmq
cluster:
  slaves: 0
  proxies: ${hasGrpc ? 1 : 0}
  broker:
    brokerRole: SYNC_MASTER
    inSyncReplicas: 1
    slaveTimeout: 200
    messageDelayLevel: ${Array.from({ length: 18 }, () => '1s').join(' ')}
lanes:
  defaults:
    topic: { queues: 2 }
    client: { library: rocketmq-remoting, rebalanceInterval: 1000 }
    consumer: { persistConsumerOffsetInterval: 200, pollNameServerInterval: 1000 }
  matrix:
    client.library: [rocketmq-remoting, rocketmq-java]
workload: { rate: 100/s, poisonEvery: 20, onPoison: park, handlerAttempts: 2 }
schedule:
  - after: { acked: 1 }
    inject: { fault: crash-client, target: producer }
  - after: { acked: 1 }
    inject: { fault: crash-client, target: consumer }
  - after: { acked: 2 }
    heal: all
`
const lanes = ['library-rocketmq-remoting', 'library-rocketmq-java']
const retryPartition = 2
const master = 'broker-1:10911'
const limitMs = 30_000

let live: Live
let client: RemotingClient
let routes: Routes

beforeAll(async () => {
  live = await startLive(scenario, { disks: false })
  const cluster = live.context.cluster as RocketmqCluster
  const addresses = cluster.addresses('observer')
  client = new RemotingClient({ clientId: 'test', mapAddress: advertised => addresses[advertised] ?? advertised })
  routes = new Routes(client, cluster.advertisedNameServers)
})
afterAll(async () => {
  client?.close()
  await live?.[Symbol.asyncDispose]()
})

const eventually = <T>(read: () => T, message = '') => expect.poll(read, { timeout: limitMs, interval: 50, message })
/** The records of a lane file, whole but for the last line of a process that was killed. */
function recordsOf(path: string): LaneRecord[] {
  const [header, ...lines] = readFileSync(path, 'utf8').split('\n')
  LaneHeader.parse(JSON.parse(header ?? ''))
  lines.pop()
  return lines.map(line => LaneRecordSchema.parse(JSON.parse(line)))
}

const of = <Op extends LaneRecord['op']>(records: readonly LaneRecord[], op: Op) =>
  records.filter((record): record is Extract<LaneRecord, { op: Op }> => record.op === op)

test('the Java client in its container knows the settings and the refusals that the harness documents', async () => {
  await askDriver(live, async ask => {
    expect(await ask('settings')).toEqual(names)
    for (const [known, meaning] of Object.entries(await ask('answers'))) {
      const [code, ...words] = known.split(' ')
      if (['0', '10', '11', '12'].includes(known)) expect(meaning, known).toMatch(/SEND_OK|TIMEOUT|NOT_AVAILABLE/)
      else
        expect(
          outcomeOf({ kind: 'refused', code: Number(code), name: '', remark: words.join(' ') }).answer,
          known,
        ).toBe(meaning)
    }
  })
})

describe('every client', () => {
  testInterruptions(() => live, lanes)

  test('left a history in which nothing is lost and everything stored was processed or parked, by way of the retry topic', async () => {
    await finish(live)
    for (const lane of lanes) {
      const path = expectAllHandled(live, lane)
      const delivered = of(globSync(join(path, 'consumer-*.jsonl')).flatMap(recordsOf), 'delivered')
      expect(delivered.filter(({ n, p }) => n === 2 && p === retryPartition).length, lane).toBeGreaterThan(0)
      const answered = of(globSync(join(path, 'producer-*.jsonl')).flatMap(recordsOf), 'acked')
      expect(new Set(answered.map(({ p }) => p)), lane).toEqual(new Set([0, 1]))
      expect(
        answered.every(({ o }) => o !== undefined),
        lane,
      ).toBe(true)
    }
  })
})

/** A topic of two queues, and lanes on it that are none of the trial's. */
async function makeTopic(topic: string, queues = 2): Promise<MessageQueue[]> {
  await admin.createTopic(client, master, { topic, queues })
  await eventually(async () => readQueues(await routes.refresh(topic)).length).toBe(queues)
  return Array.from({ length: queues }, (_, queueId) => ({ topic, brokerName: 'broker-a', queueId }))
}

async function numbersIn(queues: readonly MessageQueue[], lane: string): Promise<number[]> {
  const numbers: number[] = []
  for (const queue of queues) {
    for (let offset = 0, end = await maxOffset(client, master, queue); offset < end;) {
      const { messages, nextBeginOffset } = await pull(client, master, { group: 'lossproof-reader', queue, offset })
      for (const { body } of messages) {
        const decoded = decode(body, lane)
        if (decoded.kind === 'message') numbers.push(decoded.s)
      }
      offset = nextBeginOffset
    }
  }
  return numbers.toSorted((a, b) => a - b)
}

function laneOf(
  lane: string,
  process: string,
  topic: string,
  queues: readonly MessageQueue[],
  role: 'producer' | 'consumer',
) {
  const { folder, context } = live
  const cluster = context.cluster as RocketmqCluster
  return {
    lane,
    file: join(folder, 'alone', lane, `${process}.jsonl`),
    client: 'rocketmq-java',
    bootstrap: cluster.advertisedNameServers,
    addresses: cluster.addresses(role),
    queues: queues.map(({ brokerName, queueId }) => ({ brokerName, queueId })),
    clientId: `${lane}-${process}`,
    topic,
    stores: join(folder, 'alone/stores', lane, role),
  }
}

const place = () => ({
  janitor: live.context.janitor,
  host: live.context.cluster.clientHost,
  folder: live.folder,
  signal: live.context.signal,
})

/** Sends messages with the Java client and returns what it recorded. */
async function send(
  lane: string,
  queues: readonly MessageQueue[],
  how: { settings?: Settings; clientSettings?: Settings; sending?: Partial<Sending>; workload?: Partial<Workload> },
  messages = 10,
): Promise<LaneRecord[]> {
  const name = `producer-${lane}`
  const config = {
    ...laneOf(lane, name, queues[0]?.topic ?? '', queues, 'producer'),
    partitions: queues.length,
    settings: how.settings ?? {},
    clientSettings: how.clientSettings ?? {},
    firstNumber: 0,
    sending: { attempts: 1, backoffMs: 10, spool: 'none' as const, ackedWhen: ['SEND_OK' as const], ...how.sending },
    workload: { ratePerSec: 200, sizeBytes: 100, batch: 1, spread: false, maxInFlight: 100, messages, ...how.workload },
  }
  const started = clientProcess({ role: 'producer', process: name, t0: live.context.log.t0, lanes: [config] }, place())
  await run(started, async () => {
    started.resume()
    await eventually(() => started.lane(lane)).toMatchObject({ sent: messages, inFlight: 0 })
    await started.stop(limitMs)
  })
  return recordsOf(config.file)
}

async function run(process: ClientProcess, body: () => Promise<void>): Promise<void> {
  try {
    await process.start()
    await body()
  } finally {
    await process.kill()
  }
}

const ways: [string, Parameters<typeof send>[2]][] = [
  ['chosen', {}],
  ['given', { clientSettings: { queue: 'given' } }],
  ['async', { clientSettings: { send: 'async' } }],
  ['batch', { workload: { batch: 5 } }],
]

describe('the Java client by itself', () => {
  test.each(ways)('sends: %s, each message acknowledged at its place', async (lane, how) => {
    const queues = await makeTopic(`way-${lane}`)
    const records = await send(lane, queues, how)
    expect(
      of(records, 'sent')
        .map(({ s }) => s)
        .toSorted((a, b) => a - b),
    ).toEqual(Array.from({ length: 10 }, (_, s) => s))
    const places = new Map<string, number>()
    for (const queue of queues) {
      const { messages } = await pull(client, master, { group: 'lossproof-reader', queue, offset: 0 })
      for (const { body, queueOffset } of messages) {
        const decoded = decode(body, lane)
        if (decoded.kind === 'message') places.set(`${queue.queueId} ${queueOffset}`, decoded.s)
      }
    }
    const answers = of(records, 'acked')
    expect(answers).toHaveLength(10)
    for (const { p, o, s, c } of answers) expect([places.get(`${p} ${o}`), c]).toEqual([s, 'SEND_OK'])
  })

  test('sends one-way: acknowledged without a place', async () => {
    const queues = await makeTopic('way-oneway')
    const records = await send('oneway', queues, { clientSettings: { send: 'oneway' } })
    expect(of(records, 'acked').map(({ o, c }) => [o, c])).toEqual(
      Array.from({ length: 10 }, () => [undefined, 'ONE_WAY']),
    )
    await eventually(async () => numbersIn(queues, 'oneway')).toEqual(Array.from({ length: 10 }, (_, s) => s))
  })

  test('retries a status other than SEND_OK when configured to; each attempt is recorded and stored', async () => {
    await admin.updateBrokerConfig(client, master, { inSyncReplicas: 2 })
    try {
      const statuses = (records: readonly LaneRecord[], s: number) =>
        of(records, 'unknown')
          .filter(record => record.s === s)
          .map(({ n, c }) => [n ?? 1, c])
      const queues = await makeTopic('status')
      const told = await send('told', queues, { settings: { retryAnotherBrokerWhenNotStoreOK: true } }, 3)
      for (const s of [0, 1, 2]) expect(statuses(told, s)).toEqual([1, 2, 3].map(n => [n, 'FLUSH_SLAVE_TIMEOUT']))
      expect(of(told, 'gave-up').map(({ c }) => c)).toEqual(Array.from({ length: 3 }, () => 'FLUSH_SLAVE_TIMEOUT'))
      expect(await numbersIn(queues, 'told')).toEqual([0, 0, 0, 1, 1, 1, 2, 2, 2])

      for (const [lane, clientSettings] of [
        ['untold', {}],
        ['untold-async', { send: 'async' }],
      ] as const) {
        const records = await send(
          lane,
          queues,
          {
            clientSettings,
            settings: clientSettings === undefined ? {} : { retryAnotherBrokerWhenNotStoreOK: lane === 'untold-async' },
          },
          3,
        )
        for (const s of [0, 1, 2]) expect(statuses(records, s), lane).toEqual([[1, 'FLUSH_SLAVE_TIMEOUT']])
      }
      const application = await send('application', queues, { sending: { attempts: 3 } }, 1)
      expect(statuses(application, 0)).toEqual([1, 2, 3].map(n => [n, 'FLUSH_SLAVE_TIMEOUT']))
      const taken = await send('taken', queues, { sending: { ackedWhen: ['SEND_OK', 'FLUSH_SLAVE_TIMEOUT'] } }, 1)
      expect(of(taken, 'acked')).toMatchObject([{ s: 0, c: 'FLUSH_SLAVE_TIMEOUT' }])
    } finally {
      await admin.updateBrokerConfig(client, master, { inSyncReplicas: 1 })
    }
  })

  test('RECONSUME_LATER, null and an exception lead to retry and dead-letter topics; not in broadcasting', async () => {
    const queues = await makeTopic('handled')
    const handlings: [string, Handling['onPoison'], Settings][] = [
      ['later', 'reconsume-later', {}],
      ['null', 'return-null', {}],
      ['throws', 'throw', {}],
      ['broadcast', 'reconsume-later', { messageModel: 'BROADCASTING' }],
    ]
    await send('handled', queues, {})
    for (const [group] of handlings) await admin.createSubscriptionGroup(client, master, { group })
    const process = 'consumer-1'
    const configs = handlings.map(([group, onPoison, settings]) => ({
      ...laneOf('handled', process, 'handled', queues, 'consumer'),
      file: join(live.folder, 'alone', group, `${process}.jsonl`),
      clientId: group,
      group,
      folder: '',
      payload: 'lossproof' as const,
      stores: join(live.folder, 'alone/stores', group, 'consumer'),
      settings: { maxReconsumeTimes: 1, persistConsumerOffsetInterval: 200, pollNameServerInterval: 1000, ...settings },
      clientSettings: { rebalanceInterval: 1000 },
      handling: {
        commit: 'library',
        commitCall: 'sync',
        unit: 'message',
        processing: 'inline',
        processMs: 0,
        poisonEvery: 5,
        onPoison,
        attempts: 1,
        idempotent: false,
      } as const,
    }))
    for (const { stores } of configs) mkdirSync(stores, { recursive: true })
    const started = clientProcess({ role: 'consumer', process, t0: live.context.log.t0, lanes: configs }, place())
    await run(started, async () => {
      for (const { group } of configs.slice(0, 3)) {
        await eventually(async () => deadLetters(group), group).toEqual([4, 9])
      }
      const committed = (file: string) => new Map(of(recordsOf(file), 'committed').map(({ p, o }) => [p, o]))
      const ends = await Promise.all(queues.map(async queue => maxOffset(client, master, queue)))
      for (const { file, group } of configs)
        await eventually(() => [committed(file).get(0), committed(file).get(1)], group).toEqual(ends)
      await started.stop(limitMs)
    })
    for (const { file, group } of configs) {
      const records = recordsOf(file)
      const times = group === 'broadcast' ? [1] : [1, 2]
      for (const s of [4, 9])
        expect(
          of(records, 'failed')
            .filter(record => record.s === s)
            .map(({ n }) => n),
          group,
        ).toEqual(times)
      expect(
        of(records, 'processed')
          .map(({ s }) => s)
          .toSorted((a, b) => a - b),
        group,
      ).toEqual([0, 1, 2, 3, 5, 6, 7, 8])
    }
  })
})

async function deadLetters(group: string): Promise<number[]> {
  const queue: MessageQueue = { topic: deadLetterTopicOf(group), brokerName: 'broker-a', queueId: 0 }
  return (await admin.topicConfig(client, master, queue.topic)) === undefined ? [] : numbersIn([queue], 'handled')
}

describe.skipIf(!hasGrpc)('the gRPC client through a proxy', () => {
  test('sends: acknowledged at its place where the topic has one queue, and each request is seen where it is not', async () => {
    const { createProducer } = await loadLibrary('rocketmq-grpc')
    const queues = await makeTopic('grpc', 1)
    const producer = createProducer?.({
      ...laneOf('grpc', 'producer-1', 'grpc', queues, 'producer'),
      settings: { retryTimesWhenSendFailed: 1 },
      clientSettings: {},
      sending: { attempts: 1, backoffMs: 10, spool: 'none', ackedWhen: ['SEND_OK'] },
    })
    await producer?.connect()
    try {
      for (let s = 0; s < 5; s++)
        expect(await producer?.send(0, [encode('grpc', s, 100)])).toMatchObject({
          answer: 'acked',
          offset: s,
          code: 'SEND_OK',
        })
      expect(await numbersIn(queues, 'grpc')).toEqual([0, 1, 2, 3, 4])
      await admin.updateBrokerConfig(client, master, { inSyncReplicas: 2 })
      expect(await producer?.send(0, [encode('grpc', 5, 100)])).toMatchObject({
        answer: 'unknown',
        code: 'FLUSH_SLAVE_TIMEOUT',
      })
      // It tries again after any status but OK.
      expect(await numbersIn(queues, 'grpc')).toEqual([0, 1, 2, 3, 4, 5, 5])
      await admin.updateBrokerConfig(client, master, { inSyncReplicas: 1 })
      expect(await producer?.send(0, [Buffer.alloc(5_000_000)])).toMatchObject({ answer: 'rejected' })
    } finally {
      await producer?.close()
    }
  })
})
