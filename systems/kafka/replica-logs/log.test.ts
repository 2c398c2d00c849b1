import { describe, expect, test } from 'vitest'
import { unknownMessage } from '../../shared/record-runs.ts'
import { readEpochs, readOffsets } from './checkpoints.ts'
import { readLog, segmentFile } from './log.ts'
import { firstOffset, recordedEpochs, recordedSegment } from './recorded.ts'
import { batch, fence, message } from './testing.ts'

const numbers = (from: number, to: number, lane = 'a') =>
  Array.from({ length: to - from + 1 }, (_, at) => message(from + at, lane))
const log = (segments: Record<number, Buffer>, start?: number) =>
  readLog(
    new Map(Object.entries(segments).map(([base, bytes]) => [segmentFile(Number(base)), bytes])),
    { lane: 'a', payload: 'lossproof' },
    start,
  )

describe('the extract of a log is a list of runs', () => {
  test('neighbours of one epoch are one run, whatever their batches', () => {
    const bytes = Buffer.concat([
      batch({ offset: 0, values: numbers(0, 4) }),
      batch({ offset: 5, values: numbers(5, 5) }),
      batch({ offset: 6, epoch: 2, values: numbers(6, 7) }),
      batch({ offset: 8, epoch: 2, values: [fence()] }),
    ])
    expect(log({ 0: bytes })).toEqual({
      start: 0,
      end: 9,
      runs: [
        [0, 6, 0, 0, 1],
        [6, 2, 2, 6, 1],
        [8, 1, 2, -1, 0],
      ],
    })
  })

  test('numbers with another step, backwards or repeated', () => {
    const values = [0, 3, 6, 5, 4, 4].map(s => message(s))
    expect(log({ 0: batch({ offset: 10, values }) }).runs).toEqual([
      [10, 3, 0, 0, 3],
      [13, 2, 0, 5, -1],
      [15, 1, 0, 4, 0],
    ])
  })

  test('a gap of offsets ends a run', () => {
    expect(
      log({
        0: Buffer.concat([batch({ offset: 0, values: numbers(0, 1) }), batch({ offset: 4, values: numbers(2, 3) })]),
      }),
    ).toEqual({
      start: 0,
      end: 6,
      runs: [
        [0, 2, 0, 0, 1],
        [4, 2, 0, 2, 1],
      ],
    })
  })

  test('messages of another lane are no messages; a corrupt record may be any message', () => {
    const spoilt = message(3)
    spoilt[60] = 0x21
    expect(log({ 0: batch({ offset: 0, values: [message(1, 'b'), spoilt, Buffer.from('x')] }) }).runs).toEqual([
      [0, 1, 0, -1, 0],
      [1, 1, 0, unknownMessage, 0],
      [2, 1, 0, -1, 0],
    ])
  })

  test('beyond twenty thousand runs only offsets and epochs are kept', () => {
    const values = Array.from({ length: 41_000 }, (_, at) => message(at % 2 === 0 ? at * 7 : at * 3 + 1))
    const pieces = Array.from({ length: 41 }, (_, at) =>
      batch({ offset: at * 1000, values: values.slice(at * 1000, (at + 1) * 1000) }),
    )
    expect(log({ 0: Buffer.concat(pieces) })).toEqual({
      start: 0,
      end: 41_000,
      runs: [[0, 41_000, 0, unknownMessage, 0]],
    })
  })
})

describe('segments', () => {
  const [first, second] = [batch({ offset: 0, values: numbers(0, 9) }), batch({ offset: 10, values: numbers(10, 19) })]

  test('are read in the order of their names', () => {
    expect(log({ 10: second, 0: first })).toEqual({ start: 0, end: 20, runs: [[0, 20, 0, 0, 1]] })
  })

  test('records from the log start offset on count', () => {
    expect(log({ 0: first }, 4)).toEqual({ start: 4, end: 10, runs: [[4, 6, 0, 4, 1]] })
  })

  test('an empty segment ends at the offset of its name, where a truncated log continues', () => {
    expect(log({ 100: Buffer.alloc(0) })).toEqual({ start: 100, end: 100, runs: [] })
  })

  test('partial names what is missing: all segments, one between two, the records behind a broken batch', () => {
    const spoilt = Buffer.from(second)
    spoilt[70] = (spoilt[70] ?? 0) ^ 1
    expect(log({}).partial).toBe('no segment')
    expect(log({ 0: first, 20: batch({ offset: 20, values: numbers(20, 20) }) }).partial).toBe(
      'offsets 10 to 19 are missing',
    )
    expect(log({ 0: first, 10: spoilt })).toMatchObject({ end: 10, partial: 'a broken batch behind offset 9' })
    expect(log({ 0: first, 10: second.subarray(0, 30) })).toEqual({ start: 0, end: 10, runs: [[0, 10, 0, 0, 1]] })
  })
})

describe('checkpoints', () => {
  test('epochs and where they begin', () => {
    expect(readEpochs('0\n2\n0 0\n1 497\n')).toEqual([
      [0, 0],
      [1, 497],
    ])
    expect(readEpochs('0\n0\n')).toEqual([])
  })

  test('an offset for each partition', () => {
    expect(readOffsets('0\n2\nkafka-acks.acks-1.min.insync.replicas-1 0 483\n__consumer_offsets 2 0\n')).toEqual(
      new Map([
        ['kafka-acks.acks-1.min.insync.replicas-1-0', 483],
        ['__consumer_offsets-2', 0],
      ]),
    )
  })

  test('text of another form is undefined', () => {
    for (const text of ['', '1\n0\n', '0\n3\n0 0\n', 'x'])
      expect([readEpochs(text), readOffsets(text)]).toEqual([undefined, undefined])
  })
})

test('files that a broker wrote around an election are read', () => {
  const epochs = readEpochs(recordedEpochs)
  const [, elected] = epochs ?? []
  const { start, end, runs, partial } = readLog(new Map([[segmentFile(firstOffset), recordedSegment]]), {
    lane: 'acks-1',
    payload: 'lossproof',
  })
  expect({ start, partial, count: epochs?.length }).toEqual({ start: firstOffset, partial: undefined, count: 2 })
  // The second epoch begins where the log of the first ends, and every record is a message of the lane.
  expect(runs.find(([, , epoch]) => epoch === 1)?.[0]).toBe(elected?.[1])
  expect(runs.every(([, , , s]) => s >= 0)).toBe(true)
  expect(end).toBe(firstOffset + runs.reduce((sum, [, count]) => sum + count, 0))
})
