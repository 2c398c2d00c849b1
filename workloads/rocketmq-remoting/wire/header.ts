/**
 * The header of a frame. Requests are written as JSON, which every version reads. Answers are also read in RocketMQ's
 * binary form, which a broker with `serializeTypeInThisServer=ROCKETMQ` uses.
 */
import { ByteReader } from './bytes.ts'
import { RemotingError } from '../errors.ts'
import { intOf, objectOf, parseObject } from './json.ts'

export type Fields = ReadonlyMap<string, string>

export interface Command {
  code: number
  /** Number that matches an answer to its request. */
  opaque: number
  isResponse: boolean
  isOneWay: boolean
  remark: string | undefined
  fields: Fields
  body: Buffer
}

const responseBit = 1
const oneWayBit = 2
/**
 * Ordinal of V5_3_0 in RocketMQ's MQVersion: new enough for every header used here. To clients newer than V5_3_1, a
 * broker that shuts down gracefully answers GO_AWAY instead of handling the request.
 */
export const protocolVersion = 473
const language = 'OTHER'

export function encodeJsonHeader(command: Command): Buffer {
  const flag = (command.isResponse ? responseBit : 0) | (command.isOneWay ? oneWayBit : 0)
  return Buffer.from(
    JSON.stringify({
      code: command.code,
      language,
      version: protocolVersion,
      opaque: command.opaque,
      flag,
      ...(command.remark === undefined ? {} : { remark: command.remark }),
      extFields: Object.fromEntries(command.fields),
      serializeTypeCurrentRPC: 'JSON',
    }),
  )
}

export function decodeJsonHeader(header: Buffer): Omit<Command, 'body'> {
  const what = 'the header of a frame'
  const object = parseObject(header, what)
  const remark = object.get('remark')
  const fields = new Map<string, string>()
  for (const [key, value] of objectOf(object.get('extFields') ?? {}, `extFields of ${what}`)) {
    if (value === null) continue
    if (typeof value !== 'string' && typeof value !== 'number' && typeof value !== 'boolean')
      throw new RemotingError('malformed', `field ${key} of ${what} is not a text, number or boolean`, { sent: true })
    fields.set(key, String(value))
  }
  return {
    code: intOf(object, 'code', what),
    opaque: intOf(object, 'opaque', what),
    ...bitsOf(intOf(object, 'flag', what)),
    remark: typeof remark === 'string' ? remark : undefined,
    fields,
  }
}

/** code(2) language(1) version(2) opaque(4) flag(4) remark(4+n) fields(4+n), each field name(2+n) value(4+n). */
export function decodeBinaryHeader(header: Buffer): Omit<Command, 'body'> {
  const reader = new ByteReader(header, 'the binary header of a frame', 'malformed')
  const code = reader.int16()
  reader.int8()
  reader.int16()
  const opaque = reader.int32()
  const bits = bitsOf(reader.int32())
  const remark = reader.text(reader.int32())
  const fieldBytes = reader.int32()
  if (fieldBytes !== reader.left) throw reader.fail(`fields of ${fieldBytes} bytes where ${reader.left} are left`)
  const fields = new Map<string, string>()
  while (reader.left > 0) {
    const key = reader.text(reader.int16())
    fields.set(key, reader.text(reader.int32()))
  }
  return { code, opaque, ...bits, remark: remark === '' ? undefined : remark, fields }
}

function bitsOf(flag: number): { isResponse: boolean; isOneWay: boolean } {
  return { isResponse: (flag & responseBit) !== 0, isOneWay: (flag & oneWayBit) !== 0 }
}
