import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { encodeFrame, FrameDecoder, maxFrameBytes } from './frame.ts'
import type { Command } from './header.ts'

const hex = (text: string) => Buffer.from(text.replaceAll(/\s/g, ''), 'hex')
const jsonFrame = (header: string, body = '') => {
  const bytes = Buffer.from(header)
  const start = Buffer.alloc(8)
  start.writeInt32BE(4 + bytes.length + body.length, 0)
  start.writeInt32BE(bytes.length, 4)
  return Buffer.concat([start, bytes, Buffer.from(body)])
}
const decodeAll = (...chunks: Buffer[]) => {
  const decoder = new FrameDecoder()
  return chunks.flatMap(chunk => decoder.push(chunk))
}

const command = fc.record({
  code: fc.integer({ min: 0, max: 32_767 }),
  opaque: fc.integer({ min: 0, max: 0x7fff_ffff }),
  isResponse: fc.boolean(),
  isOneWay: fc.boolean(),
  remark: fc.option(fc.string({ unit: 'grapheme', minLength: 1 }), { nil: undefined }),
  fields: fc.dictionary(fc.string(), fc.string({ unit: 'grapheme' })).map(object => new Map(Object.entries(object))),
  body: fc.uint8Array({ maxLength: 300 }).map(bytes => Buffer.from(bytes)),
}) satisfies fc.Arbitrary<Command>

describe('frames', () => {
  test('decode from bytes written by hand', () => {
    // length 0x2d: 4 + header of 0x25 bytes + body of 4.
    const bytes = hex(
      `0000002d 00000025 ${Buffer.from('{"code":0,"opaque":7,"flag":1,"x":[]}').toString('hex')} 61626364`,
    )
    expect(decodeAll(bytes)).toEqual([
      {
        code: 0,
        opaque: 7,
        isResponse: true,
        isOneWay: false,
        remark: undefined,
        fields: new Map(),
        body: Buffer.from('abcd'),
      },
    ])
  })

  test('decode from a binary header written by hand', () => {
    const bytes = hex('000a 07 01d9 00000005 00000003 00000002 6f6b 0000000f 0001 61 00000001 62 0001 63 00000000')
    const start = Buffer.alloc(8)
    start.writeInt32BE(4 + bytes.length + 1, 0)
    start.writeInt32BE(bytes.length | 0x0100_0000, 4)
    expect(decodeAll(Buffer.concat([start, bytes, Buffer.from('z')]))).toEqual([
      {
        code: 10,
        opaque: 5,
        isResponse: true,
        isOneWay: true,
        remark: 'ok',
        fields: new Map([
          ['a', 'b'],
          ['c', ''],
        ]),
        body: Buffer.from('z'),
      },
    ])
  })

  test('decode to what was encoded, however the bytes are split', () => {
    fc.assert(
      fc.property(
        fc.array(command, { minLength: 1, maxLength: 5 }),
        fc.array(fc.nat(400), { maxLength: 12 }),
        (commands, cuts) => {
          const bytes = Buffer.concat(commands.map(encodeFrame))
          const at = [
            0,
            ...new Set(cuts.map(cut => Math.min(cut, bytes.length)).toSorted((a, b) => a - b)),
            bytes.length,
          ]
          const chunks = at.slice(1).map((end, index) => bytes.subarray(at[index], end))
          expect(decodeAll(...chunks)).toEqual(commands)
        },
      ),
    )
  })

  test('are returned when their last byte arrives and not before', () => {
    const bytes = jsonFrame('{"code":1,"opaque":2,"flag":1}', 'body')
    const decoder = new FrameDecoder()
    for (const byte of bytes.subarray(0, -1)) expect(decoder.push(Buffer.from([byte]))).toEqual([])
    expect(decoder.isInFrame).toBe(true)
    expect(decoder.push(bytes.subarray(-1))).toHaveLength(1)
    expect(decoder.isInFrame).toBe(false)
  })

  test.each([
    ['a negative length', hex('ffffffff 00000000'), /a frame of -1 bytes/],
    ['a giant length', hex('7fffffff 00000000'), /a frame of 2147483647 bytes/],
    [
      'a length just above the limit',
      hex((maxFrameBytes + 1).toString(16).padStart(8, '0')),
      /limits are 4 and 16777216/,
    ],
    ['a frame too short for its header length', hex('00000003 000000'), /a frame of 3 bytes/],
    ['a header longer than its frame', hex('00000004 00000005'), /a header of 5 bytes in a frame with 0 left/],
    ['a giant header', hex('00000004 00ffffff'), /a header of 16777215 bytes/],
    ['an unknown header type', hex('00000004 09000000'), /type 9/],
    ['invalid JSON', jsonFrame('{"code":'), /is not valid JSON/],
    ['an empty header', hex('00000004 00000000'), /is not valid JSON/],
    ['JSON that is not an object', jsonFrame('[1]'), /expected an object/],
    [
      'a code that is not a number',
      jsonFrame('{"code":"x","opaque":1,"flag":1}'),
      /code of the header of a frame: expected a whole number, got "x"/,
    ],
    ['no opaque', jsonFrame('{"code":1,"flag":1}'), /opaque .* got nothing/],
    [
      'a field that is an object',
      jsonFrame('{"code":1,"opaque":1,"flag":1,"extFields":{"a":{}}}'),
      /field a .* is not a text/,
    ],
    [
      'a binary header that ends early',
      hex('00000008 01000004 000a0701'),
      /the binary header of a frame: .* but only .* are left/,
    ],
    [
      'a binary header with a negative remark',
      hex('00000019 01000015 000a 07 01d9 00000005 00000001 ffffffff 00000000'),
      /a length of -1/,
    ],
    [
      'a binary header with a giant remark',
      hex('00000019 01000015 000a 07 01d9 00000005 00000001 7fffffff 00000000'),
      /expected 2147483647 bytes/,
    ],
    [
      'a binary header that is shorter than its fields',
      hex('00000019 01000015 000a 07 01d9 00000005 00000001 00000000 7fffffff'),
      /fields of 2147483647 bytes/,
    ],
  ])('are refused with %s, and the error says what was received', (_, bytes, message) => {
    expect(() => decodeAll(bytes)).toThrow(message)
    expect(() => decodeAll(bytes)).toThrow(expect.objectContaining({ code: 'malformed' }))
  })

  test('are never decoded from random bytes', () => {
    fc.assert(
      fc.property(fc.array(fc.uint8Array({ maxLength: 64 }), { maxLength: 8 }), chunks => {
        const decoder = new FrameDecoder()
        try {
          for (const chunk of chunks) decoder.push(Buffer.from(chunk))
        } catch (error) {
          expect(error).toMatchObject({ code: 'malformed' })
        }
      }),
      { numRuns: 1000 },
    )
  })

  test('allocate no memory for a length that is never filled', () => {
    const before = process.memoryUsage().arrayBuffers
    const decoders = Array.from({ length: 200 }, () => new FrameDecoder())
    for (const decoder of decoders) expect(decoder.push(hex('00ffffff 00000010'))).toEqual([])
    expect(process.memoryUsage().arrayBuffers - before).toBeLessThan(1_000_000)
  })

  test('beyond the size limit are not sent', () => {
    expect(() =>
      encodeFrame({
        code: 1,
        opaque: 1,
        isResponse: false,
        isOneWay: false,
        remark: undefined,
        fields: new Map(),
        body: Buffer.alloc(maxFrameBytes),
      }),
    ).toThrow(/the limits are/)
  })
})
