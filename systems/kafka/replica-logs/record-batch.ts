/**
 * Reads the record batches of a log segment as a broker has written them to disk.
 *
 * Record batch, version 2 (Kafka's protocol guide, "Record Batch"; all numbers big-endian): base offset (8 bytes), length of
 * what follows (4), partition leader epoch (4), magic (1), CRC-32C of what follows (4), attributes (2), last offset delta (4),
 * base and max timestamp (8 + 8), producer id (8), producer epoch (2), base sequence (4), number of records (4), records.
 * A record: length, attributes (1 byte), timestamp delta, offset delta, key, value, headers; the numbers are zigzag varints.
 *
 * Limits. Older magics (up to Kafka 0.11) are not read. Records whose compression is not known are counted, not opened.
 */
import { compressionsAlgorithms } from '@platformatic/kafka'
import { crc32c } from './crc32c.ts'

/** Every batch begins with base offset and length. */
const prefixBytes = 12
const headerBytes = 61
const place = {
  length: 8,
  epoch: 12,
  magic: 16,
  crc: 17,
  attributes: 21,
  lastOffsetDelta: 23,
  producerId: 43,
  baseSequence: 53,
  count: 57,
} as const

export interface RecordBatch {
  baseOffset: number
  lastOffset: number
  leaderEpoch: number
  /** -1: the producer is not idempotent. */
  producerId: number
  /** Sequence number of the first record; -1: the producer is not idempotent. */
  baseSequence: number
  /** Transaction markers, which are not messages. */
  isControl: boolean
  /** Undefined where the records cannot be read. */
  records: () => LogRecord[] | undefined
}

export interface LogRecord {
  offset: number
  /** Undefined: a tombstone. */
  value: Buffer | undefined
}

/** How a segment ends: after a complete batch; within a batch that was being written; or with bytes that are not a batch. */
export type SegmentEnd = 'whole' | 'torn' | 'broken'

/** Calls `onBatch` for each valid batch up to the first torn or broken one. A broker discards everything behind that too. */
export function readSegment(segment: Buffer, onBatch: (batch: RecordBatch) => void): SegmentEnd {
  let at = 0
  while (at < segment.length) {
    if (segment.length - at < headerBytes) return endOf(segment, at)
    const size = prefixBytes + segment.readInt32BE(at + place.length)
    if (segment[at + place.magic] !== 2 || size < headerBytes) return endOf(segment, at)
    if (at + size > segment.length) return 'torn'
    const bytes = segment.subarray(at, at + size)
    if (crc32c(bytes.subarray(place.attributes)) !== bytes.readUInt32BE(place.crc)) return 'broken'
    onBatch(batchOf(bytes))
    at += size
  }
  return 'whole'
}

/** A file that was extended and not yet written ends in zeros. */
function endOf(segment: Buffer, at: number): SegmentEnd {
  const rest = segment.subarray(at)
  return rest.length < headerBytes || rest.every(byte => byte === 0) ? 'torn' : 'broken'
}

function batchOf(bytes: Buffer): RecordBatch {
  const baseOffset = Number(bytes.readBigInt64BE(0))
  const attributes = bytes.readInt16BE(place.attributes)
  const count = bytes.readInt32BE(place.count)
  return {
    baseOffset,
    lastOffset: baseOffset + bytes.readInt32BE(place.lastOffsetDelta),
    leaderEpoch: bytes.readInt32BE(place.epoch),
    producerId: Number(bytes.readBigInt64BE(place.producerId)),
    baseSequence: bytes.readInt32BE(place.baseSequence),
    isControl: (attributes & 32) !== 0,
    records: () => {
      const unpacked = unpack(bytes.subarray(headerBytes), attributes & 7)
      return unpacked && readRecords(unpacked, baseOffset, count)
    },
  }
}

function unpack(records: Buffer, compression: number): Buffer | undefined {
  if (compression === 0) return records
  const algorithm = Object.values(compressionsAlgorithms).find(({ bitmask }) => bitmask === compression)
  try {
    return algorithm && Buffer.from(algorithm.decompressSync(records))
  } catch {
    return undefined
  }
}

/** Undefined when the bytes are not records. */
function readRecords(bytes: Buffer, baseOffset: number, count: number): LogRecord[] | undefined {
  const cursor = new Cursor(bytes)
  const records: LogRecord[] = []
  for (let at = 0; at < count; at++) {
    const end = cursor.varint() + cursor.at
    if (!(end > cursor.at && end <= bytes.length)) return undefined
    cursor.skip(1)
    cursor.varint()
    const offset = baseOffset + cursor.varint()
    cursor.skip(Math.max(0, cursor.varint()))
    const size = cursor.varint()
    if (cursor.at + Math.max(0, size) > end) return undefined
    records.push({ offset, value: size < 0 ? undefined : bytes.subarray(cursor.at, cursor.at + size) })
    cursor.at = end
  }
  return records
}

class Cursor {
  at = 0
  readonly #bytes: Buffer

  constructor(bytes: Buffer) {
    this.#bytes = bytes
  }

  skip(bytes: number): void {
    this.at += bytes
  }

  /** Reads a zigzag varint of up to 53 bits. NaN behind the end. */
  varint(): number {
    let value = 0
    for (let weight = 1; ; weight *= 128) {
      const byte = this.#bytes[this.at]
      if (byte === undefined) return NaN
      this.at += 1
      value += (byte & 127) * weight
      if (byte < 128) return value % 2 === 0 ? value / 2 : -(value + 1) / 2
    }
  }
}
