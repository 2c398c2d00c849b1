/** Small literal histories of one lane for tests that know the answer. */
import type { TrialEvent } from '../../history/events.ts'
import { Line } from '../../history/line.ts'
import type { LaneHeader, LaneRecord } from '../../history/records.ts'
import type { ReplicaExtract } from '../../history/replicas.ts'
import { parseExpectation } from '../plan/expectations/parse.ts'
import type { Application, Handling, Cell, Plan, Settings, Trial } from '../../model/plan.ts'
import { handling } from '../../model/testing/handling.ts'
import { checkCell, laneCheckOf } from '../verdict/judge-trial.ts'
import type { OnDemandInputs } from '../verdict/judge-trial.ts'
import { observerProcess } from '../check/lane.ts'
import type { CellVerdict } from '../../model/verdict.ts'

export const lane = 'a'

export const sent = (s: number, t: number, p = 0): LaneRecord => ({ op: 'sent', s, p, t })
export const acked = (s: number, t: number, o?: number, p = 0): LaneRecord => ({
  op: 'acked',
  s,
  p,
  t,
  ...(o === undefined ? {} : { o }),
})
export const rejected = (s: number, t: number): LaneRecord => ({ op: 'rejected', s, t, c: 'NOT_ENOUGH_REPLICAS' })
export const unknown = (s: number, t: number): LaneRecord => ({ op: 'unknown', s, t, c: 'REQUEST_TIMED_OUT' })
export const stored = (s: number, o: number, e = 0, p = 0): LaneRecord => ({ op: 'stored', s, p, o, e, t: 9000 })
export const processed = (s: number, o = s, p = 0): LaneRecord => ({ op: 'processed', s, p, o, t: 5000 })
export const suppressed = (s: number, o = s, p = 0): LaneRecord => ({
  op: 'processed',
  s,
  p,
  o,
  t: 5001,
  c: 'suppressed',
})
export const groupOffset = (o: number, p = 0): LaneRecord => ({ op: 'group-offset', p, o, t: 9000 })
/** Fence and end of a partition, under the leader that `failover` ends with. */
export const closed = (o: number, p = 0): LaneRecord[] => [
  { op: 'fence', p, o, e: 1, t: 9500 },
  { op: 'end', p, o: o + 1, t: 9600 },
]

/** Broker 1 leads in epoch 0, replication is cut at 1000 ms, the leader killed at 2000, broker 2 elected at 5000. */
export const failover: TrialEvent[] = [
  { kind: 'leader', t: 0, lane, p: 0, leader: 1, epoch: 0 },
  { kind: 'step', t: 980, step: 0, seen: 'acked' },
  {
    kind: 'fault',
    t: 990,
    id: 'cut-replication-1',
    fault: 'cut-replication',
    target: 'leader',
    nodes: ['broker-1'],
    window: 'cut',
  },
  { kind: 'window-open', t: 1000, window: 'cut', quiesced: true },
  { kind: 'step', t: 1890, step: 1, seen: 'acked' },
  { kind: 'window-close', t: 1900, window: 'cut', quiesced: true },
  { kind: 'evidence', t: 1950, id: 'cut-replication-1', complete: true, evidence: { toxic: 'cut-replication' } },
  { kind: 'fault', t: 2000, id: 'crash-1', fault: 'crash', target: 'leader', nodes: ['broker-1'] },
  { kind: 'leader', t: 5000, lane, p: 0, leader: 2, epoch: 1 },
  { kind: 'evidence', t: 5100, id: 'crash-1', complete: true, evidence: { exitCode: 137 } },
  { kind: 'step', t: 5150, step: 2, seen: 'leader changed' },
  { kind: 'healed', t: 5200, id: 'crash-1' },
  { kind: 'recovered', t: 7000, seen: 'all' },
  { kind: 'observer', t: 9900, intervalMs: 100, longestGapMs: 100 },
]

export const fence = (o: number, p = 0): TrialEvent => ({ kind: 'fence', t: 8000, lane, p, o })

type Expected = Record<string, string | number | string[]>

export interface Literal {
  /** One array a client process. */
  files: LaneRecord[][]
  /** The same files in the order that names their processes; absent: the order of `files`. */
  named?: LaneRecord[][]
  events?: TrialEvent[]
  expect?: Expected
  settings?: Settings
  partitions?: number
  /** The records of `observer-1`, whose file has the role of a consumer. */
  observer?: LaneRecord[]
  poisonEvery?: number
  /** Message s has the key s modulo this. */
  keys?: number
  /** The producing application looks at no answer. */
  awaits?: false
  /** Tags of the messages, and what each member of the group subscribes to. */
  tags?: string[]
  subscriptions?: string[]
  /** The plan has a consumer in the lane. */
  consumer?: boolean
  /** The lane has this application, and its schedule no fault of brokers. */
  app?: Application
  system?: 'kafka' | 'rocketmq'
  /** RocketMQ: `classic` when absent. */
  mode?: 'classic' | 'controller'
  /** Extracts of replica logs. */
  replicas?: ReplicaExtract[]
  replicationFactor?: number
  topicSettings?: Settings
  /** Settings of the Kafka brokers. */
  brokerSettings?: Settings
  /** Settings that only the producer's client has. */
  producerSettings?: Settings
  /** Settings of the consumer beyond its group. */
  consumerSettings?: Settings
  handling?: Partial<Handling>
  /** The producers' files have answers and no sends. */
  sendsUnrecorded?: true
  /** By status: messages with an attempt that was answered with it. */
  answeredWith?: Record<string, number[]>
}

const readers: ReadonlySet<string> = new Set(['start', 'stored', 'fence', 'end'])
const consumers: ReadonlySet<string> = new Set([
  'delivered',
  'processed',
  'parked',
  'failed',
  'committed',
  'group-offset',
])
const outputs: ReadonlySet<string> = new Set(['seen-out', 'came-out', 'output-end'])

function roleOf(record: LaneRecord | undefined): LaneHeader['role'] {
  if (record === undefined || readers.has(record.op)) return 'reader'
  if (outputs.has(record.op)) return 'output'
  return consumers.has(record.op) ? 'consumer' : 'producer'
}

export function check(literal: Literal): CellVerdict {
  const { files, named = files, events = failover, expect = {}, settings = {}, observer } = literal
  const trial = planned(literal)
  const cell = cellOf(expect, settings)
  const records = laneCheckOf(cell, trial)
  for (const file of observer ? [observer, ...files] : files) {
    const process = file === observer ? observerProcess : `process-${named.indexOf(file) + 1}`
    const role = roleOf(file[0])
    const sends = literal.sendsUnrecorded && role === 'producer' ? { sends: 'unrecorded' as const } : {}
    const awaits = literal.awaits === false && role === 'producer' ? { awaits: literal.awaits } : {}
    const refused = records.begin({ lane, role, process, client: 'test', ...sends, ...awaits })
    if (refused !== undefined) throw new Error(refused)
    for (const record of file) {
      const wrong = records.add(record)
      if (wrong !== undefined) throw new Error(wrong)
    }
  }
  const answeredWith = new Map(
    Object.entries(literal.answeredWith ?? {}).map(([code, numbers]) => [code, new Set(numbers)]),
  )
  return checkCell(cell, trial, records, events, {
    answeredWith,
    replicas: () => literal.replicas ?? [],
    consumers: readingAgain(files, named),
  })
}

function planned(literal: Literal): Trial {
  const trial = trialOf(literal)
  return literal.system === 'rocketmq' ? { ...trial, ...rocketmq(literal.mode) } : trial
}

/** Consumers are `consumer-1`, `consumer-2`… in the order of `named`. */
function readingAgain(files: LaneRecord[][], named: LaneRecord[][]): NonNullable<OnDemandInputs['consumers']> {
  return (begin, take) => {
    const line = new Line()
    const order = named.filter(([first]) => roleOf(first) === 'consumer')
    for (const file of files.filter(([first]) => roleOf(first) === 'consumer')) {
      begin(`consumer-${order.indexOf(file) + 1}`)
      for (const record of file) take(line.takeOver(record))
    }
  }
}

/** A plan with one such lane. */
export function planOf(expect: Expected, partitions = 1): Plan {
  return { schema: 1, name: 's', seed: 1, cells: [cellOf(expect, {})], trials: [trialOf({ partitions })], claims: [] }
}

function cellOf(expect: Expected, settings: Settings): Cell {
  return {
    id: 's/c',
    scenario: 's',
    system: 'kafka',
    trial: 't',
    lane,
    settings,
    expect: Object.entries(expect).map(([what, raw]) => parseExpectation(what, raw)),
  }
}

function trialOf({
  partitions = 1,
  poisonEvery,
  keys,
  tags,
  subscriptions,
  app,
  consumer = app !== undefined,
  replicationFactor = 3,
  topicSettings = {},
  brokerSettings = {},
  producerSettings = {},
  consumerSettings = {},
  handling: handled = {},
}: Partial<Literal>): Trial {
  return {
    id: 't',
    scenario: 's',
    system: 'kafka',
    tail: 0,
    seed: 1,
    needs: [],
    restartConsumers: true,
    recovery: 'whole',
    cluster: { brokers: 3, controllers: 0, broker: brokerSettings, version: '4.3.1' },
    lanes: [
      {
        id: lane,
        cell: 's/c',
        topic: { name: lane, partitions, replicationFactor, leaders: 'one', brokerNames: [], settings: topicSettings },
        producer: {
          client: 'test',
          settings: {},
          clientSettings: producerSettings,
          sending: { attempts: 1, backoffMs: 0, spool: 'none', ackedWhen: ['SEND_OK'] },
        },
        workload: {
          ratePerSec: 1,
          sizeBytes: 100,
          batch: 1,
          spread: false,
          maxInFlight: 1,
          ...(poisonEvery === undefined ? {} : { poisonEvery }),
          ...(keys === undefined ? {} : { keys }),
          ...(tags ? { tags } : {}),
        },
        ...(consumer
          ? {
              consumer: {
                client: 'test',
                group: 'g',
                settings: consumerSettings,
                clientSettings: {},
                handling: { ...handling, ...handled },
                instances: subscriptions?.length ?? 1,
                ...(subscriptions ? { subscriptions } : {}),
              },
            }
          : {}),
        ...(app ? { app } : {}),
      },
    ],
    schedule: [] as Trial['schedule'],
    ...(app ? {} : { schedule: faulty }),
  }
}

const faulty: Trial['schedule'] = [
  {
    after: { acked: 1, lanes: [lane], limitMs: 1 },
    quiesce: true,
    inject: [{ id: 'cut-replication-1', fault: 'cut-replication', target: 'leader', params: {} }],
  },
]

const rocketmq = (mode: Literal['mode'] = 'classic') =>
  ({
    system: 'rocketmq',
    cluster: {
      mode,
      nameServers: 1,
      groups: [{ brokerName: 'broker-a', replicas: 2, settings: {} }],
      version: '5.5.0',
    },
  }) as const satisfies Pick<Trial, 'system' | 'cluster'>
