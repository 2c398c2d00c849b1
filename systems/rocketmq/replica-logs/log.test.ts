import fc from 'fast-check'
import { deflateSync } from 'node:zlib'
import { describe, expect, test } from 'vitest'
import { encode, encodeFence } from '../../../workloads/payload.ts'
import { unknownMessage } from '../../shared/record-runs.ts'
import { readCheckpoint, readMasterEpochs } from './checkpoints.ts'
import { logFile, readLog } from './log.ts'
import type { LogOptions } from './log.ts'
import { recordedBase, recordedCheckpoint, recordedEpochs, recordedLog, recordedOf4 } from './recorded.ts'
import { message, writeLog } from './testing.ts'
import type { Written } from './testing.ts'

const queue = { lane: 'a', p: 0, topic: 'T', queueId: 0 }
const fileBytes = 4096
const read = async (files: Map<string, Buffer>, options: Partial<LogOptions> = {}) =>
  readLog({ files, queues: [queue], epochs: [], reportedEnd: undefined, syncedAt: 0, isDown: false, ...options })
const log = async (messages: Written[], options: Partial<LogOptions> = {}) =>
  read(writeLog(messages, fileBytes), options)
const few = (count: number, more: Partial<Written> = {}) =>
  Array.from({ length: count }, (_, at) => message(at, at, more))
const sizeOf = async (written: Written) => (await log([written])).end

describe('the extract of a commit log is a list of runs for each queue', () => {
  test('each run names the bytes from its first message to its last', async () => {
    const size = await sizeOf(message(0, 0))
    expect(await log([message(0, 0), message(9, 0, { queueId: 1 }), message(1, 1), message(7, 2)])).toEqual({
      end: size * 4,
      flushed: 0,
      queues: [
        {
          queue,
          content: {
            start: 0,
            end: 3,
            runs: [
              [0, 2, -1, 0, 1],
              [2, 1, -1, 7, 0],
            ],
            bytes: [
              [0, size * 3],
              [size * 3, size * 4],
            ],
            epochs: [],
          },
        },
      ],
    })
  })

  test('any queues, topics, versions, hosts, bodies and files are read as written', async () => {
    const written = fc.record({
      topic: fc.constantFrom('T', 'U', '%RETRY%g'),
      queueId: fc.nat(2),
      s: fc.nat(5000),
      size: fc.integer({ min: 64, max: 900 }),
      version: fc.constantFrom<1 | 2>(1, 2),
      sysFlag: fc.constantFrom(0, 0x10, 0x20, 0x30),
      isPacked: fc.boolean(),
    })
    const queues = ['T', 'U'].flatMap(topic => [0, 1, 2].map(queueId => ({ lane: 'a', p: 0, topic, queueId })))
    await fc.assert(
      fc.asyncProperty(
        fc.array(written, { maxLength: 40 }),
        fc.integer({ min: 1500, max: 9000 }),
        async (all, size) => {
          const ends = new Map<string, number>()
          const messages = all.map(({ topic, queueId, s, size: sizeBytes, version, sysFlag, isPacked }) => {
            const key = `${topic} ${queueId}`
            const queueOffset = ends.get(key) ?? 0
            ends.set(key, queueOffset + 1)
            const body = encode('a', s, sizeBytes)
            return {
              topic,
              queueId,
              queueOffset,
              version,
              sysFlag: sysFlag | (isPacked ? 1 : 0),
              body: isPacked ? deflateSync(body) : body,
              properties: 'K\u0001v\u0002',
              s,
            }
          })
          const { queues: extracted, partial } = await read(writeLog(messages, size), { queues })
          expect(partial).toBeUndefined()
          for (const {
            queue: { topic, queueId },
            content,
          } of extracted) {
            const numbers = content.runs.flatMap(([, count, , s, step]) =>
              Array.from({ length: count }, (_, at) => s + at * step),
            )
            const own = messages.filter(found => found.topic === topic && found.queueId === queueId)
            expect(numbers).toEqual(own.map(({ s }) => s))
            expect([content.start, content.end]).toEqual([0, own.length])
          }
        },
      ),
      { numRuns: 60 },
    )
  })

  test('records that are not of the lane, unreadable, or in no queue', async () => {
    const spoilt = encode('a', 3, 100)
    spoilt[60] = 0x21
    const bodies = [encodeFence('a', 'nonce'), spoilt, encode('b', 1, 100), Buffer.from('x')]
    const messages = [
      ...bodies.map((body, at) => message(0, at, { body })),
      message(4, 4, { sysFlag: 0x101 }),
      message(5, 5, { sysFlag: 0x4 }),
    ]
    expect((await log(messages)).queues[0]?.content.runs).toEqual([
      [0, 1, -1, -1, 0],
      [1, 1, -1, unknownMessage, 0],
      [2, 2, -1, -1, 0],
      [4, 1, -1, unknownMessage, 0],
    ])
  })

  test('master epochs, by the bytes at which they begin', async () => {
    const size = await sizeOf(message(0, 0))
    const { queues } = await log(few(3), {
      epochs: [
        [1, 0],
        [2, size],
        [3, size],
        [5, size * 3],
      ],
    })
    expect(queues[0]?.content).toMatchObject({
      runs: [
        [0, 1, 1, 0, 0],
        [1, 2, 3, 1, 1],
      ],
      epochs: [
        [1, 0],
        [2, 1],
        [3, 1],
        [5, 3],
      ],
    })
  })

  test('the synced end: of messages of one millisecond all or none', async () => {
    const size = await sizeOf(message(0, 0))
    const messages = [5, 6, 6, 7].map((storeTimeMs, at) => message(at, at, { storeTimeMs }))
    expect(
      await Promise.all([0, 6, 7, 9].map(async syncedAt => (await log(messages, { syncedAt })).flushed / size)),
    ).toEqual([0, 1, 3, 4])
  })
})

describe('where a log ends', () => {
  test('within a message, wherever it was cut: the messages before it count', async () => {
    const size = await sizeOf(message(0, 0))
    const whole = writeLog(few(3), fileBytes).get(logFile(0)) ?? Buffer.alloc(0)
    for (let cut = 0; cut <= size * 3; cut++) {
      const { end, partial } = await read(
        new Map([[logFile(0), Buffer.concat([whole.subarray(0, cut), Buffer.alloc(fileBytes - cut)])]]),
      )
      expect([end, partial]).toEqual([Math.floor(cut / size) * size, undefined])
    }
  })

  test('at a message with a wrong byte: the rest is missing, unless the broker is down', async () => {
    const size = await sizeOf(message(0, 0))
    for (const at of [0, 4, 8, 28, 84, 120]) {
      const files = writeLog(few(3), fileBytes)
      const bytes = files.get(logFile(0))
      bytes?.writeUInt8((bytes[size + at] ?? 0) ^ 1, size + at)
      expect(await read(files)).toMatchObject({ end: size, partial: `invalid bytes behind byte ${size}` })
      expect((await read(files, { isDown: true })).partial).toBeUndefined()
    }
  })

  test('at the last file', async () => {
    const files = writeLog(few(30), fileBytes)
    expect(files.size).toBeGreaterThan(1)
    const all = await read(files)
    expect(all.queues[0]?.content.runs).toEqual([[0, 30, -1, 0, 1]])
    files.delete(logFile(fileBytes))
    expect((await read(files)).end).toBeLessThanOrEqual(fileBytes)
    files.delete(logFile(0))
    expect(await read(new Map([[logFile(fileBytes), Buffer.alloc(fileBytes)]]))).toMatchObject({
      end: fileBytes,
      partial: `bytes before ${fileBytes} are missing`,
    })
    expect(await read(new Map())).toMatchObject({ end: 0, queues: [{ content: { start: 0, end: 0, runs: [] } }] })
  })

  test('truncated old bytes do not count: behind the reported end, or where store times go back', async () => {
    const size = await sizeOf(message(0, 0))
    const old = [10, 11, 12].map((storeTimeMs, at) => message(at, at, { storeTimeMs }))
    expect((await log(old, { reportedEnd: size * 2 })).queues[0]?.content.runs).toEqual([[0, 2, -1, 0, 1]])
    const over = await log([...old.slice(0, 1), message(9, 1, { storeTimeMs: 20 }), ...old.slice(2)])
    expect(over).toMatchObject({ end: size * 2, partial: expect.stringContaining('store times go back') })
    expect(over.queues[0]?.content.end).toBe(2)
  })
})

describe('the files beside it', () => {
  test('the checkpoint of a broker of 5.5.0', () => {
    const bytes = Buffer.alloc(4096)
    Buffer.from('000001a21462a10b', 'hex').copy(bytes)
    bytes.writeBigInt64BE(123n, 24)
    bytes.writeBigInt64BE(456n, 32)
    expect(readCheckpoint(bytes)).toEqual({
      physicMsgTimestamp: 1_795_638_337_803,
      masterFlushedOffset: 123,
      confirmPhyOffset: 456,
    })
    expect(readCheckpoint(Buffer.alloc(39))).toBeUndefined()
  })

  test('master epochs, as a broker of 5.5.0 wrote them', () => {
    expect(readMasterEpochs('1\n1725254278\n1-0\n')).toEqual([[1, 0]])
    expect(readMasterEpochs('2\n0\n1-0\n4-8000\n')).toEqual([
      [1, 0],
      [4, 8000],
    ])
    for (const text of ['', '1\n1725254279\n1-0\n', '2\n1725254278\n1-0\n', '1\n0\n1 0\n'])
      expect(readMasterEpochs(text)).toBeUndefined()
  })
})

describe('files that brokers wrote are read', () => {
  test('5.5.0, around an election', async () => {
    const epochs = readMasterEpochs(recordedEpochs) ?? []
    expect(epochs).toEqual([
      [1, 0],
      [6, 82_696],
      [7, 98_198],
    ])
    const asked = { lane: 'lane', p: 0, topic: 'rocketmq-wiped-master-controller_lane', queueId: 0 }
    const files = new Map([[logFile(recordedBase), Buffer.concat([recordedLog, Buffer.alloc(1000)])]])
    const { queues, ...rest } = await read(files, { queues: [asked], epochs, syncedAt: 1_795_664_508_932 })
    // The recorded bytes begin within the file, so the file is incomplete.
    expect(rest).toEqual({
      end: recordedBase + recordedLog.length,
      flushed: 82_696,
      partial: `bytes before ${recordedBase} are missing`,
    })
    expect(queues[0]?.content).toEqual({
      start: 198,
      end: 202,
      runs: [
        [198, 2, 1, 198, 1],
        [200, 2, 6, 456, -1],
      ],
      bytes: [
        [82_022, 82_696],
        [82_696, 83_370],
      ],
      epochs: [
        [1, 198],
        [6, 200],
        [7, 202],
      ],
    })
    expect(readCheckpoint(recordedCheckpoint)).toEqual({
      physicMsgTimestamp: 1_795_664_509_535,
      masterFlushedOffset: 0,
      confirmPhyOffset: 94_154,
    })
  })

  test('4.9.7', async () => {
    const asked = { lane: 'a', p: 0, topic: 'warm', queueId: 0 }
    expect(
      await read(new Map([[logFile(0), Buffer.concat([recordedOf4, Buffer.alloc(1000)])]]), { queues: [asked] }),
    ).toMatchObject({ end: 174, queues: [{ content: { end: 1, runs: [[0, 1, -1, -1, 0]] } }] })
  })
})
