/** For tests: a trial without Docker. Its cluster does nothing, and its observer sees what the test says. */
import { mkdtempSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { FaultContext, FaultNode, ReplicaEnds } from '../../../faults/fault.ts'
import { EventLog } from '../../../history/appender.ts'
import type { EventBody } from '../../../history/events.ts'
import { trialPaths } from '../../../history/folder.ts'
import { readEvents } from '../../../history/reader.ts'
import { Trial } from '../../../model/plan.ts'
import type { Step, Trigger } from '../../../model/plan.ts'
import { handling } from '../../../model/testing/handling.ts'
import type { Cluster, ObservedPartition, PartitionView, TrialSystem } from '../../../systems/shared/live-system.ts'
import { leadershipOf } from '../../../systems/shared/polling-observer.ts'
import { Consumers } from '../clients/consumers.ts'
import type { TrialContext } from '../context.ts'
import { Producers } from '../clients/producers.ts'
import { fakeFleet } from './fake-client.ts'

const nodeOf = (id: number): FaultNode => ({ id, name: `broker-${id}` })

/** A trial of lanes `a`, `b`… with one partition each. */
export function fakeTrial({
  lanes = ['a'],
  partitions = 1,
  consumer = false,
  workload,
  ...trial
}: FakeOptions = {}): Trial {
  return Trial.parse({
    id: 't',
    scenario: 's',
    system: 'any',
    cluster: { version: '1' },
    tail: 5,
    seed: 1,
    schedule: [],
    ...trial,
    lanes: lanes.map(id => ({
      id,
      cell: `s/${id}`,
      topic: { name: id, partitions, replicationFactor: 3, settings: {} },
      producer: {
        client: 'platformatic',
        settings: {},
        clientSettings: {},
        sending: { attempts: 1, backoffMs: 0, spool: 'none' },
      },
      ...(consumer
        ? {
            consumer: {
              client: 'platformatic',
              group: `group-${id}`,
              settings: {},
              clientSettings: {},
              instances: 1,
              handling,
            },
          }
        : {}),
      workload: { ratePerSec: 100, sizeBytes: 100, batch: 1, maxInFlight: 10, ...workload },
    })),
  })
}

export interface FakeOptions {
  lanes?: string[]
  partitions?: number
  consumer?: boolean
  schedule?: Step[]
  recovery?: Trial['recovery']
  tail?: number
  workload?: { messages?: number }
}

export const trigger = (parts: Partial<Trigger> = {}): Trigger => ({ lanes: ['a'], limitMs: 1000, ...parts })
export const step = (parts: Partial<Step> = {}): Step => ({ after: trigger(), inject: [], quiesce: false, ...parts })
export const call = (fault: string, target = 'leader', id = `${fault}-1`) => ({ id, fault, target, params: {} })

/** What the observer and the system answer. Tests change it while the trial runs. */
export interface FakeState {
  views: Map<string, PartitionView>
  ends: ReplicaEnds[]
  recovered: boolean
  notBack: string[]
  nodesOf: (role: string, lastHit: number | undefined) => number[]
}

export const view = (leader: number, epoch = 0, isr: number[] | undefined = [1, 2, 3]): PartitionView => ({
  leader,
  epoch,
  replicas: [1, 2, 3],
  isr,
})

export const endsOf = (lane: string, ...ends: [number, number, number]): ReplicaEnds => ({
  lane,
  partition: 0,
  leader: 1,
  ends: { 1: ends[0], 2: ends[1], 3: ends[2] },
})

export async function fakeContext(options: FakeOptions = {}, system: Partial<TrialSystem> = {}) {
  const trial = fakeTrial(options)
  const lanes = trial.lanes.map(({ id }) => id)
  const folder = mkdtempSync(join(tmpdir(), 'lossproof-trial-'))
  const log = new EventLog(trialPaths(folder, trial.id).events)
  const abort = new AbortController()
  const producer = await fakeFleet({ 'producer-1': lanes })
  const consumer = options.consumer ? await fakeFleet({ 'consumer-1': lanes }) : undefined
  const state: FakeState = {
    views: new Map(lanes.map(lane => [lane, view(1)])),
    ends: lanes.map(lane => endsOf(lane, 0, 0, 0)),
    recovered: true,
    notBack: [],
    nodesOf: () => [1],
  }
  const observed = (): ObservedPartition[] => [...state.views].map(([lane, seen]) => ({ lane, p: 0, view: seen }))
  const observer = {
    partitions: (of?: readonly string[]) => observed().filter(({ lane }) => of === undefined || of.includes(lane)),
    leaders: () => observed().map(leadershipOf),
    replicaEnds: async () => state.ends,
    logEnd: () => undefined,
    answering: () => [1, 2, 3],
    describe: () => 'as the test says',
  }
  const cluster = fakeCluster()
  const fakeSystem: TrialSystem = {
    cluster,
    observer,
    probes: { answered: Buffer.from('a'), nonsense: Buffer.from('n') },
    data: { folder: 'data', kept: [], isMessageFile: () => true },
    replicationStreams: ['downstream'],
    prepare: async () => [],
    settingDifferences: async () => [],
    clientConnection: () => ({ bootstrap: [] }),
    readerConnection: () => ({ client: 'platformatic', bootstrap: [] }),
    nodesOf: async (role, lastHit) => state.nodesOf(role, lastHit),
    recovery: () => ({ recovered: state.recovered, seen: state.recovered ? 'all in sync' : 'broker-2 is out of sync' }),
    nodesNotBack: async () => state.notBack,
    writeFence: async () => ({ value: 0, seen: '0' }),
    groupOffsets: async () => new Map(),
    [Symbol.asyncDispose]: async () => {},
    ...system,
  }
  const context: TrialContext = {
    trial,
    system: fakeSystem,
    cluster,
    observer,
    producers: new Producers(producer.fleet, log, abort.signal),
    consumers: consumer && new Consumers(consumer.fleet, log, abort.signal),
    extracts: undefined,
    lastHit: undefined,
    log,
    janitor: undefined as never,
    signal: abort.signal,
    progress: () => {},
  }
  return {
    context,
    state,
    folder,
    abort,
    producer: producer.client('producer-1'),
    consumer: consumer?.client('consumer-1'),
    consumerClient: consumer?.client,
    producerClient: producer.client,
    /** Events written so far, without their times. */
    events: () => readEvents(trialPaths(folder, trial.id).events).map(event => withoutTime(event) as EventBody),
  }
}

/** Three brokers; every act on them is recorded in `acts`. */
function fakeCluster(): Cluster & { acts: string[] } {
  const acts: string[] = []
  const act = (what: string) => async (id: number) => void acts.push(`${what} ${id}`)
  const cluster = {
    acts,
    brokers: [1, 2, 3].map(nodeOf),
    node: nodeOf,
    nodes: {
      all: [1, 2, 3].map(nodeOf),
      end: async (id: number, by: string) => {
        acts.push(`${by} ${id}`)
        return { exitCode: 137, engineEvent: 'die' }
      },
      boot: act('boot'),
      failedStarts: () => [],
      pause: act('pause'),
      unpause: act('unpause'),
      state: async () => ({ running: true, paused: false, exitCode: 0, startedAt: '' }),
      logs: async () => 'x'.repeat(30_000),
    },
    clientLinks: (role: string) => [{ name: `${role}-link-1`, broker: 1, address: '127.0.0.1:1' }],
    replicationLink: (id: number) => ({ name: `replication-${id}` }),
    clientHost: {},
    network: {},
    disks: {
      on: async (id: number, script: string) => {
        acts.push(`disk ${id}: ${script}`)
        return ''
      },
    },
    [Symbol.asyncDispose]: async () => {},
  }
  return cluster as unknown as Cluster & { acts: string[] }
}

/** The event or record without its time. */
export function withoutTime(record: object): object {
  return Object.fromEntries(Object.entries(record).filter(([key]) => key !== 't'))
}

/** For faults that touch nothing. */
export const noFaultContext = {} as FaultContext
