import { RequestCode } from './wire/codes.ts'
import { encodeFrame } from './wire/frame.ts'

/**
 * The bytes of a request that every broker answers with a few thousand bytes (its runtime info). Used to probe links.
 */
export function probeFrame(): Buffer {
  return encodeFrame({
    code: RequestCode.GET_BROKER_RUNTIME_INFO,
    opaque: 1,
    isResponse: false,
    isOneWay: false,
    fields: new Map(),
    remark: undefined,
    body: Buffer.alloc(0),
  })
}
