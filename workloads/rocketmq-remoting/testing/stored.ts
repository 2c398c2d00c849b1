/** For tests: encodes messages in the format of the store, independently of the decoder that is tested. */
import { crc32 } from 'node:zlib'

export interface StoredFixture {
  topic: string
  queueId: number
  queueOffset: number
  physicalOffset: number
  body: Buffer
  properties?: string
  reconsumeTimes?: number
  sysFlag?: number
  crc?: number
  /** Format version: the length of the topic name takes 1 or 2 bytes. */
  version?: 1 | 2
}

export function encodeStored(fixture: StoredFixture): Buffer {
  const {
    topic,
    queueId,
    queueOffset,
    physicalOffset,
    body,
    properties = '',
    reconsumeTimes = 0,
    sysFlag = 0,
    version = 1,
  } = fixture
  const parts: Buffer[] = []
  const int32 = (value: number) => parts.push(bytes(4, buffer => buffer.writeInt32BE(value)))
  const int64 = (value: number) => parts.push(bytes(8, buffer => buffer.writeBigInt64BE(BigInt(value))))
  const host = (v6: boolean) => {
    parts.push(v6 ? Buffer.alloc(16, 1) : Buffer.from([10, 0, 0, 7]))
    int32(10_911)
  }
  int32(version === 1 ? 0xdaa3_20a7 - 2 ** 32 : 0xdaa3_20ab - 2 ** 32)
  int32(fixture.crc ?? crc32(body) & 0x7fff_ffff)
  int32(queueId)
  int32(0)
  int64(queueOffset)
  int64(physicalOffset)
  int32(sysFlag)
  int64(1_700_000_000_000)
  host((sysFlag & 0x10) !== 0)
  int64(1_700_000_000_001)
  host((sysFlag & 0x20) !== 0)
  int32(reconsumeTimes)
  int64(0)
  int32(body.length)
  parts.push(body)
  const topicBytes = Buffer.from(topic)
  parts.push(
    version === 1
      ? bytes(1, buffer => buffer.writeInt8(topicBytes.length))
      : bytes(2, buffer => buffer.writeInt16BE(topicBytes.length)),
  )
  parts.push(topicBytes)
  const propertyBytes = Buffer.from(properties)
  parts.push(
    bytes(2, buffer => buffer.writeInt16BE(propertyBytes.length)),
    propertyBytes,
  )
  const rest = Buffer.concat(parts)
  return Buffer.concat([bytes(4, buffer => buffer.writeInt32BE(rest.length + 4)), rest])
}

function bytes(length: number, write: (buffer: Buffer) => void): Buffer {
  const buffer = Buffer.alloc(length)
  write(buffer)
  return buffer
}
