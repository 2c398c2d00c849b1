/** Encodes and decodes the properties of a message: name, 0x01, value, 0x02, and so on. */
import { RemotingError } from '../errors.ts'

const nameEnd = '\u0001'
const valueEnd = '\u0002'
/** The store keeps the length in a signed 16-bit field. */
export const maxPropertyBytes = 32_767

export type Properties = ReadonlyMap<string, string>

/** Property names with a meaning in RocketMQ (its MessageConst). */
export const Property = {
  keys: 'KEYS',
  tags: 'TAGS',
  waitStoreMsgOK: 'WAIT',
  delayLevel: 'DELAY',
  uniqueKey: 'UNIQ_KEY',
  retryTopic: 'RETRY_TOPIC',
  realTopic: 'REAL_TOPIC',
  originMessageId: 'ORIGIN_MESSAGE_ID',
} as const

/**
 * Throws RemotingError('limit') when a property contains a separator, or the result is longer than the store accepts.
 */
export function encodeProperties(properties: Properties): string {
  let text = ''
  for (const [name, value] of properties) {
    if (`${name}${value}`.includes(nameEnd) || `${name}${value}`.includes(valueEnd))
      throw new RemotingError('limit', `property ${name} holds a separator`)
    text += `${name}${nameEnd}${value}${valueEnd}`
  }
  const bytes = Buffer.byteLength(text)
  if (bytes > maxPropertyBytes)
    throw new RemotingError('limit', `properties of ${bytes} bytes; the limit is ${maxPropertyBytes}`)
  return text
}

export function decodeProperties(text: string): Properties {
  const properties = new Map<string, string>()
  for (const item of text.split(valueEnd)) {
    const at = item.indexOf(nameEnd)
    if (at > 0) properties.set(item.slice(0, at), item.slice(at + 1))
  }
  return properties
}
