/**
 * Reads one file of a broker's commit log as the broker has written it.
 *
 * A commit log is a sequence of bytes, divided into mapped files of one size. Each file is named by its first byte and created
 * in full size before anything is written, so zeros follow the last message. A message (all numbers big-endian): size (4), magic
 * (4), CRC-32 of the body (4), queue id (4), flag (4), queue offset (8), physical offset (8), system flag (4), born time (8)
 * and host (8, or 20 of IPv6), store time (8) and host (likewise), reconsume times (4), prepared offset (8), body (4 + n),
 * topic (1 + n, 2 + n with the second magic), properties (2 + n). A message never
 * crosses into the next file: a filler with its own magic takes the bytes that are left. From the classes of 5.5.0, and checked
 * with files of 4.9.7 and 5.5.0.
 *
 * Limits. Bodies compressed with LZ4 or ZSTD, and inner batches, are counted but not opened.
 */
import { crc32, inflateSync } from 'node:zlib'
import { isZero } from '../../../docker/disks/zeros.ts'

const magics: ReadonlyMap<number, number> = new Map([
  [-626_843_481, 1],
  [-626_843_477, 2],
])
const fillerMagic = -875_286_124
const prefixBytes = 8
/** Size of a message without body, topic and properties, with IPv4 hosts. */
const leastBytes = 91
const place = { crc: 8, queueId: 12, queueOffset: 20, physicalOffset: 28, sysFlag: 36, bornHost: 48 } as const
const flags = {
  compressed: 0x1,
  bornHostV6: 0x10,
  storeHostV6: 0x20,
  transaction: 0xc,
  innerBatch: 0x80,
  compression: 0x700,
} as const
/** Prepared and rolled-back transaction messages are in no queue. */
const unqueued: ReadonlySet<number> = new Set([0x4, 0xc])
/** Magic of messages with short and with long topic names.  */
const zlibTypes: ReadonlySet<number> = new Set([0x000, 0x300])
const largestBody = 32 * 1024 * 1024

export interface LogMessage {
  topic: string
  queueId: number
  queueOffset: number
  /** Position in the whole log of its first byte, and of the byte after its last. */
  from: number
  to: number
  storeTimeMs: number
  /** Whether it is in a queue. */
  isQueued: boolean
  /** Undefined where it cannot be decompressed. */
  body: () => Buffer | undefined
}

/**
 * How a file ends. `full`: with a filler or at its last byte. `written`: with zeros. `torn`: within a message with only zeros
 * behind it, as after an interrupted write or a lost page. `broken`: with bytes that are no message and more bytes behind.
 */
export type FileEnd = 'full' | 'written' | 'torn' | 'broken'

/**
 * The messages of a file up to the first that is invalid. A broker that recovers discards everything behind that. `base`:
 * position of the file's first byte in the log.
 */
export function* readFile(
  bytes: Buffer,
  base: number,
): Generator<LogMessage, { how: FileEnd; end: number }, undefined> {
  let at = 0
  while (bytes.length - at >= prefixBytes) {
    const size = bytes.readInt32BE(at)
    const magic = bytes.readInt32BE(at + 4)
    if (magic === fillerMagic && size >= prefixBytes) return { how: 'full', end: base + at + size }
    if (size === 0 && magic === 0) return { how: 'written', end: base + at }
    const message =
      size >= leastBytes && at + size <= bytes.length
        ? readMessage(bytes.subarray(at, at + size), base + at)
        : undefined
    if (!message) return { how: isZero(bytes.subarray(tailOf(at, size, bytes))) ? 'torn' : 'broken', end: base + at }
    yield message
    at += size
  }
  const rest = bytes.subarray(at)
  return { how: rest.length === 0 ? 'full' : isZero(rest) ? 'written' : 'torn', end: base + at }
}

/** Where a message ends by its own size. A size that reaches beyond the file is ignored. */
const tailOf = (at: number, size: number, { length }: Buffer) =>
  at + (size >= prefixBytes && at + size <= length ? size : prefixBytes)

/** Undefined where the bytes at this position are not a complete message. */
function readMessage(bytes: Buffer, from: number): LogMessage | undefined {
  const lengthBytes = magics.get(bytes.readInt32BE(4))
  if (lengthBytes === undefined || number(bytes, place.physicalOffset) !== from) return undefined
  const sysFlag = bytes.readInt32BE(place.sysFlag)
  const storeTime = place.bornHost + hostBytes(sysFlag, flags.bornHostV6)
  const bodyLength = storeTime + 8 + hostBytes(sysFlag, flags.storeHostV6) + 12
  const body = partAt(bytes, bodyLength, 4)
  const topic = body && partAt(bytes, body.end, lengthBytes)
  const properties = topic && partAt(bytes, topic.end, 2)
  if (!properties || properties.end !== bytes.length) return undefined
  // Properties are text: a zero byte means a page that was never written.
  if (properties.bytes.at(-1) === 0 || (crc32(body.bytes) & 0x7fff_ffff) !== bytes.readInt32BE(place.crc))
    return undefined
  return {
    topic: topic.bytes.toString('utf8'),
    queueId: bytes.readInt32BE(place.queueId),
    queueOffset: number(bytes, place.queueOffset),
    from,
    to: from + bytes.length,
    storeTimeMs: number(bytes, storeTime),
    isQueued: !unqueued.has(sysFlag & flags.transaction),
    body: () => opened(body.bytes, sysFlag),
  }
}

const number = (bytes: Buffer, at: number) => Number(bytes.readBigInt64BE(at))
const hostBytes = (sysFlag: number, v6: number) => ((sysFlag & v6) === 0 ? 8 : 20)

/** A length and that many bytes; undefined where they reach beyond the message. */
function partAt(bytes: Buffer, at: number, lengthBytes: number): { bytes: Buffer; end: number } | undefined {
  const from = at + lengthBytes
  if (from > bytes.length) return undefined
  const end = from + bytes.readUIntBE(at, lengthBytes)
  return end <= bytes.length ? { bytes: bytes.subarray(from, end), end } : undefined
}

function opened(stored: Buffer, sysFlag: number): Buffer | undefined {
  if ((sysFlag & flags.innerBatch) !== 0) return undefined
  if ((sysFlag & flags.compressed) === 0) return stored
  if (!zlibTypes.has(sysFlag & flags.compression)) return undefined
  try {
    return inflateSync(stored, { maxOutputLength: largestBody })
  } catch {
    return undefined
  }
}
