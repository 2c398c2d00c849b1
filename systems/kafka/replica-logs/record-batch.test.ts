import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { crc32c } from './crc32c.ts'
import { readSegment } from './record-batch.ts'
import type { RecordBatch } from './record-batch.ts'
import { batch } from './testing.ts'

function read(segment: Buffer) {
  const batches: RecordBatch[] = []
  return { end: readSegment(segment, found => void batches.push(found)), batches }
}

test('the checksum is the one of RFC 3720', () => {
  expect(crc32c(Buffer.from('123456789'))).toBe(0xe3069283)
  expect(crc32c(Buffer.alloc(32))).toBe(0x8a9136aa)
})

const shape = fc.record({
  gap: fc.nat(3),
  epoch: fc.nat(9),
  values: fc.array(
    fc.uint8Array({ maxLength: 300 }).map(bytes => Buffer.from(bytes)),
    { minLength: 1, maxLength: 5 },
  ),
  compression: fc.constantFrom('none' as const, 'gzip' as const, 'snappy' as const, 'lz4' as const, 'zstd' as const),
})

test('records that another library encoded are read back under each compression', () => {
  fc.assert(
    fc.property(fc.array(shape, { maxLength: 4 }), fc.constantFrom(0, 100, 2 ** 40), (shapes, first) => {
      let offset = first
      const placed = shapes.map(({ gap, ...rest }) => {
        const at = offset + gap
        offset = at + rest.values.length
        return { ...rest, offset: at }
      })
      const { end, batches } = read(Buffer.concat(placed.map(batch)))
      expect(end).toBe('whole')
      expect(batches.map(found => [found.baseOffset, found.lastOffset, found.leaderEpoch, found.isControl])).toEqual(
        placed.map(({ offset: at, values, epoch }) => [at, at + values.length - 1, epoch, false]),
      )
      expect(
        batches.map(found => found.records()?.map(record => [record.offset, record.value?.toString('hex')])),
      ).toEqual(
        placed.map(({ offset: at, values }) => values.map((value, index) => [at + index, value.toString('hex')])),
      )
    }),
  )
})

describe('where a segment stops', () => {
  const whole = batch({ offset: 0, values: [Buffer.from('x')] })
  const next = batch({ offset: 1, values: [Buffer.from('y')] })

  test('within a batch, wherever it was cut: the batches before it count', () => {
    for (let cut = 1; cut < next.length; cut++) {
      const { end, batches } = read(Buffer.concat([whole, next.subarray(0, cut)]))
      expect([end, batches.length]).toEqual(['torn', 1])
    }
  })

  test('at zeros, as in a file that was extended and not written', () => {
    expect(read(Buffer.concat([whole, Buffer.alloc(5000)])).end).toBe('torn')
  })

  test('at a batch with a wrong bit that the checksum covers', () => {
    for (let at = 21; at < next.length; at++) {
      const spoilt = Buffer.from(next)
      spoilt[at] = (spoilt[at] ?? 0) ^ 1
      expect(read(Buffer.concat([whole, spoilt, whole]))).toMatchObject({ end: 'broken', batches: [{ baseOffset: 0 }] })
    }
  })

  test('at an older magic', () => {
    const old = Buffer.from(next)
    old[16] = 1
    expect(read(Buffer.concat([whole, old]))).toMatchObject({ end: 'broken', batches: [{ baseOffset: 0 }] })
  })
})
