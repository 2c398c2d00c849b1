/**
 * Decodes messages in the format of the store, in which a pull answer returns them, one after the other: size(4)
 * magic(4) crc(4) queueId(4) flag(4) queueOffset(8) physicalOffset(8) sysFlag(4) bornTime(8) bornHost(8|20)
 * storeTime(8) storeHost(8|20) reconsumeTimes(4) preparedOffset(8) body(4+n) topic(1|2+n) properties(2+n).
 */
import { crc32, inflateSync } from 'node:zlib'
import { ByteReader } from './bytes.ts'
import { messageOf, RemotingError } from '../errors.ts'
import { decodeProperties, Property } from './properties.ts'
import type { Properties } from './properties.ts'

export interface StoredMessage {
  topic: string
  queueId: number
  queueOffset: number
  /** Position in the broker's commit log, by which a send-back refers to the message. */
  physicalOffset: number
  /** As RocketMQ prints it: store host, port and physical offset in hex. */
  messageId: string
  body: Buffer
  /** Whether the body matches its stored checksum. False means corruption. */
  isIntact: boolean
  properties: Properties
  reconsumeTimes: number
  flag: number
  sysFlag: number
  bornTimeMs: number
  storeTimeMs: number
  /** `host:port` of the broker that stored it, as that broker names itself. */
  storeHost: string
}

const magicV1 = -626_843_481
/** In this version the length of the topic name takes two bytes. */
const magicV2 = -626_843_477
const compressed = 0x1
const bornHostV6 = 0x10
const storeHostV6 = 0x20
const innerBatch = 0x80
const compressionBits = 0x700
/** Type 0 comes from versions without a type, which used only zlib. */
const zlibTypes: ReadonlySet<number> = new Set([0x000, 0x300])
const compressionNames = new Map([
  [0x100, 'LZ4'],
  [0x200, 'ZSTD'],
])
/** The broker's default maxMessageSize is 4 MiB, so a longer body than this cannot be a real message. */
const maxBodyBytes = 32 * 1024 * 1024

/** All messages in the body of a pull answer. Throws RemotingError('message') for truncated or unknown data. */
export function decodeMessages(body: Buffer): StoredMessage[] {
  const messages: StoredMessage[] = []
  const reader = new ByteReader(body, 'stored messages', 'message')
  while (reader.left > 0) {
    const size = reader.int32()
    messages.push(decodeMessage(reader.bytes(size - 4)))
  }
  return messages
}

/** `bytes`: everything after the size field. */
function decodeMessage(bytes: Buffer): StoredMessage {
  const reader = new ByteReader(bytes, 'a stored message', 'message')
  const magic = reader.int32()
  if (magic !== magicV1 && magic !== magicV2) throw reader.fail(`the magic number ${magic}`)
  const crc = reader.int32()
  const queueId = reader.int32()
  const flag = reader.int32()
  const queueOffset = reader.int64()
  const physicalOffset = reader.int64()
  const sysFlag = reader.int32()
  const bornTimeMs = reader.int64()
  reader.bytes(hostBytes(sysFlag, bornHostV6))
  const storeTimeMs = reader.int64()
  const storeHost = reader.bytes(hostBytes(sysFlag, storeHostV6))
  const reconsumeTimes = reader.int32()
  reader.bytes(8)
  const storedBody = reader.bytes(reader.int32())
  const topic = reader.text(magic === magicV1 ? reader.int8() : reader.int16())
  const properties = decodeProperties(reader.text(reader.int16()))
  if (reader.left > 0) throw reader.fail(`${reader.left} bytes behind the properties`)
  if ((sysFlag & innerBatch) !== 0) throw reader.fail('an inner batch, which this client does not read')
  const isIntact = (crc32(storedBody) & 0x7fff_ffff) === crc
  return {
    topic,
    queueId,
    queueOffset,
    physicalOffset,
    properties,
    reconsumeTimes,
    flag,
    sysFlag,
    bornTimeMs,
    storeTimeMs,
    messageId: `${storeHost.toString('hex')}${physicalOffset.toString(16).padStart(16, '0')}`.toUpperCase(),
    storeHost: hostOf(storeHost),
    isIntact,
    // A corrupt body is not decompressed, because that would fail.
    body: isIntact ? bodyOf(storedBody, sysFlag) : storedBody,
  }
}

function bodyOf(stored: Buffer, sysFlag: number): Buffer {
  if ((sysFlag & compressed) === 0) return stored
  const type = sysFlag & compressionBits
  if (!zlibTypes.has(type))
    throw new RemotingError(
      'message',
      `a body compressed with ${compressionNames.get(type) ?? `type ${type}`}; only zlib is read`,
    )
  try {
    return inflateSync(stored, { maxOutputLength: maxBodyBytes })
  } catch (error) {
    throw new RemotingError('message', `a body that does not inflate: ${messageOf(error)}`, { cause: error })
  }
}

const hostBytes = (sysFlag: number, v6: number) => ((sysFlag & v6) === 0 ? 8 : 20)

function hostOf(bytes: Buffer): string {
  const address = bytes.subarray(0, bytes.length - 4)
  const host = address.length === 4 ? address.join('.') : `[${address.toString('hex').replace(/(.{4})(?=.)/g, '$1:')}]`
  return `${host}:${bytes.readInt32BE(address.length)}`
}

/** The topic to which the application sent the message. A retry copy stores it in a property. */
export function originalTopic(message: StoredMessage): string {
  return message.properties.get(Property.retryTopic) ?? message.topic
}
