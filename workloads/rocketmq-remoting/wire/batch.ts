/**
 * Encodes the body of SEND_BATCH_MESSAGE: for each message size(4) magic(4) crc(4) flag(4) body(4+n) properties(2+n).
 * The broker fills in magic and crc.
 */
import { RemotingError } from '../errors.ts'
import { encodeProperties } from './properties.ts'
import type { Properties } from './properties.ts'

export interface BatchItem {
  body: Buffer
  flag: number
  properties: Properties
}

const fixedBytes = 22

export function encodeBatch(items: readonly BatchItem[]): Buffer {
  if (items.length === 0) throw new RemotingError('limit', 'a batch needs at least one message')
  return Buffer.concat(items.map(encodeItem))
}

function encodeItem({ body, flag, properties }: BatchItem): Buffer {
  const text = Buffer.from(encodeProperties(properties))
  const bytes = Buffer.alloc(fixedBytes + body.length + text.length)
  bytes.writeInt32BE(bytes.length, 0)
  bytes.writeInt32BE(flag, 12)
  bytes.writeInt32BE(body.length, 16)
  body.copy(bytes, 20)
  bytes.writeInt16BE(text.length, 20 + body.length)
  text.copy(bytes, fixedBytes + body.length)
  return bytes
}
