import type Dockerode from 'dockerode'
import { pack } from 'tar-stream'
import { beforeEach, describe, expect, test } from 'vitest'
import type { RocketmqCluster } from '../cluster.ts'
import type { Trial } from '../../../model/plan.ts'
import { message, writeLog } from './testing.ts'
import type { RocketmqObserver } from '../observer/observer.ts'
import { RocketmqReplicaLogs } from './read.ts'

const fileBytes = 1_048_576
let files: Map<string, Buffer>
let state: { running: boolean; paused: boolean }
/** The end of the log that the broker reports; undefined: it does not answer. */
let reportedEnd: number | undefined
let logs: RocketmqReplicaLogs

const container = {
  getArchive: async ({ path }: { path: string }) => {
    const bytes = files.get(path.slice('/data/store/'.length))
    if (!bytes) return Promise.reject(Object.assign(new Error('none'), { statusCode: 404 }))
    const packing = pack()
    packing.entry({ name: 'f', mtime: new Date(0) }, bytes)
    packing.finalize()
    return Promise.resolve(packing)
  },
} as unknown as Dockerode.Container
const topic = {
  name: 'T',
  partitions: 2,
  replicationFactor: 2,
  leaders: 'one',
  brokerNames: ['broker-a', 'broker-b'],
  settings: {},
}
const trial = { lanes: [{ id: 'a', topic }] } as unknown as Trial
const cluster = {
  nodes: { state: async () => Promise.resolve(state), find: () => ({ container }) },
  groups: new Map([
    ['broker-a', [{ id: 1 }, { id: 2 }]],
    ['broker-b', [{ id: 3 }]],
  ]),
  advertisedControllers: ['namesrv-1:2'],
  advertised: (id: number) => `broker-${id}:1`,
} as unknown as RocketmqCluster
/** Answers runtime info as brokers do. */
const observer = {
  client: {
    call: async () =>
      reportedEnd === undefined
        ? Promise.reject(new Error('silent'))
        : Promise.resolve({
            body: Buffer.from(JSON.stringify({ table: { commitLogMaxOffset: String(reportedEnd) } })),
            fields: new Map(),
          }),
  },
  acknowledged: (id: number) => (id === 1 ? [40] : undefined),
} as unknown as RocketmqObserver

beforeEach(() => {
  files = new Map(
    [
      ...writeLog(
        [0, 1, 2].map(s => message(s, s)),
        fileBytes,
      ),
    ].map(([name, bytes]) => [`commitlog/${name}`, bytes]),
  )
  state = { running: true, paused: false }
  reportedEnd = undefined
  logs = new RocketmqReplicaLogs({ cluster, observer, trial })
})

describe('the extract of a lane on one broker', () => {
  test('covers the queues of its own group, up to the end that the broker reports', async () => {
    const [whole] = await logs.read(2)
    const size = (whole?.commitLog?.end ?? 0) / 3
    expect(whole).toEqual({
      lane: 'a',
      p: 0,
      state: 'running',
      start: 0,
      end: 3,
      runs: [[0, 3, -1, 0, 1]],
      bytes: [[0, size * 3]],
      epochs: [],
      commitLog: { end: size * 3, flushed: 0, epochs: [] },
    })
    reportedEnd = size * 2
    expect(await logs.read(1)).toMatchObject([{ end: 2, commitLog: { end: size * 2, acknowledged: [40] } }])
    expect(await logs.read(3)).toMatchObject([{ p: 1, end: 2 }])
  })

  test('a broker that is down or paused is not asked', async () => {
    reportedEnd = 1
    state = { running: false, paused: false }
    expect(await logs.read(1)).toMatchObject([{ state: 'down', end: 3 }])
    state = { running: true, paused: true }
    expect(await logs.read(1)).toMatchObject([{ state: 'paused', end: 3 }])
  })

  test('includes the files beside the log where they exist', async () => {
    const checkpoint = Buffer.alloc(4096)
    checkpoint.writeBigInt64BE(9_000_000_000_000n, 0)
    checkpoint.writeBigInt64BE(77n, 32)
    files.set('checkpoint', checkpoint)
    files.set('epochFileCheckpoint', Buffer.from('1\n1725254278\n1-0\n'))
    const [read] = await logs.read(1)
    expect(read).toMatchObject({
      epochs: [[1, 0]],
      runs: [[0, 3, 1, 0, 1]],
      commitLog: { flushed: read?.commitLog?.end, confirmed: 77, epochs: [[1, 0]] },
    })
  })

  test('an empty disk has an empty log; a log that a checkpoint mentions and that does not exist is missing', async () => {
    files.clear()
    expect(await logs.read(1)).toMatchObject([{ start: 0, end: 0, runs: [] }])
    expect((await logs.read(1))[0]?.partial).toBeUndefined()
    const checkpoint = Buffer.alloc(4096)
    checkpoint.writeBigInt64BE(1n, 0)
    files.set('checkpoint', checkpoint)
    expect((await logs.read(1))[0]?.partial).toBe('the first file of the log is missing')
  })

  test('a log of several files', async () => {
    const many = Array.from({ length: 12_000 }, (_, s) => message(s, s))
    files = new Map([...writeLog(many, fileBytes)].map(([name, bytes]) => [`commitlog/${name}`, bytes]))
    expect(files.size).toBe(3)
    expect(await logs.read(1)).toMatchObject([{ end: 12_000, runs: [[0, 12_000, -1, 0, 1]] }])
    const longer = Array.from({ length: 50_000 }, (_, s) => message(s, s))
    files = new Map([...writeLog(longer, fileBytes)].map(([name, bytes]) => [`commitlog/${name}`, bytes]))
    expect((await logs.read(1))[0]?.partial).toBe(`bytes behind ${8 * fileBytes} were not read`)
  })
})
