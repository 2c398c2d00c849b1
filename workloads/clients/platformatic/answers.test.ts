import { MultipleErrors, NetworkError, ProtocolError } from '@platformatic/kafka'
import { describe, expect, it } from 'vitest'
import { classify } from './answers.ts'

const refused = new ProtocolError('NOT_ENOUGH_REPLICAS')
const moved = new ProtocolError('NOT_LEADER_OR_FOLLOWER')
const gone = new NetworkError('Connection closed')
const nested = (...errors: Error[]) =>
  new MultipleErrors('Producing messages failed.', [new MultipleErrors('produce failed', errors)])

describe('answers of @platformatic/kafka', () => {
  it('is rejected when every attempt is known and got a before-append code', () => {
    expect(classify(nested(refused), true)).toEqual({ answer: 'rejected', code: 'NOT_ENOUGH_REPLICAS' })
    expect(classify(nested(refused, refused), true)).toEqual({ answer: 'rejected', code: 'NOT_ENOUGH_REPLICAS' })
  })

  it('is unknown when an attempt may have been stored, or the library has forgotten one', () => {
    expect(classify(nested(gone, refused), true)).toEqual({ answer: 'unknown', code: 'NOT_ENOUGH_REPLICAS' })
    expect(classify(nested(refused), false)).toEqual({ answer: 'unknown', code: 'NOT_ENOUGH_REPLICAS' })
  })

  it('is unknown with the code of the last attempt', () => {
    expect(classify(nested(refused, moved), true)).toEqual({ answer: 'unknown', code: 'NOT_LEADER_OR_FOLLOWER' })
    expect(classify(gone, true)).toEqual({ answer: 'unknown', code: 'PLT_KFK_NETWORK' })
    expect(classify(undefined, true)).toEqual({ answer: 'unknown', code: 'UNKNOWN_ERROR' })
  })
})
