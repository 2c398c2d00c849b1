import * as fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { decode, encode, encodeFence } from './payload.ts'

const lane = fc.stringMatching(/^[a-z0-9][a-z0-9.-]{0,40}$/)
const number = fc.nat({ max: Number.MAX_SAFE_INTEGER })
const size = fc.integer({ min: 32, max: 400 })

describe('payload', () => {
  it('decodes to the number that was sent, and has the requested size', () => {
    fc.assert(
      fc.property(lane, number, size, (name, s, sizeBytes) => {
        const value = encode(name, s, sizeBytes)
        expect(decode(value, name)).toEqual({ kind: 'message', s })
        expect(value.length).toBe(Math.max(sizeBytes, 13 + name.length + String(s).length + 2))
      }),
    )
  })

  it('decodes to a fence with its nonce', () => {
    fc.assert(
      fc.property(lane, lane, (name, nonce) => {
        expect(decode(encodeFence(name, nonce), name)).toEqual({ kind: 'fence', nonce })
      }),
    )
  })

  it('is foreign to another lane', () => {
    fc.assert(
      fc.property(lane, lane, number, (mine, other, s) => {
        fc.pre(mine !== other)
        expect(decode(encode(other, s, 64), mine)).toEqual({ kind: 'foreign' })
        expect(decode(encodeFence(other, 'x'), mine)).toEqual({ kind: 'foreign' })
      }),
    )
  })

  it('is never accepted with one bit flipped', () => {
    fc.assert(
      fc.property(lane, number, fc.boolean(), fc.nat(), (name, s, fence, at) => {
        const value = fence ? encodeFence(name, `n${s}`) : encode(name, s, 64)
        const bit = at % (value.length * 8)
        value.writeUInt8(value.readUInt8(bit >> 3) ^ (1 << (bit & 7)), bit >> 3)
        expect(decode(value, name).kind).toBe('corrupt')
      }),
      { numRuns: 2000 },
    )
  })

  it('is corrupt when cut short, and foreign when it has another format', () => {
    const value = encode('a', 7, 100)
    expect(decode(value.subarray(0, 60), 'a')).toEqual({ kind: 'corrupt' })
    expect(decode(Buffer.alloc(0), 'a')).toEqual({ kind: 'foreign' })
    expect(decode(Buffer.from('hello, world, this is somebody else'), 'a')).toEqual({ kind: 'foreign' })
  })
})
