import { deflateSync } from 'node:zlib'
import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { decodeMessages, originalTopic } from './message.ts'
import { decodeProperties, encodeProperties } from './properties.ts'
import { encodeStored } from '../testing/stored.ts'

const plain = { topic: 'T', queueId: 1, queueOffset: 2, physicalOffset: 3, body: Buffer.from('hello') }

describe('stored messages', () => {
  test('decode from bytes written by hand', () => {
    const bytes = Buffer.from(
      [
        '00000067',
        'daa320a7',
        '3610a686',
        '00000002',
        '00000009',
        '000000000000002a',
        '0000000000001000',
        '00000000',
        '0000018bcfe56800',
        '7f000001',
        '0000c000',
        '0000018bcfe56801',
        '0a000007',
        '00002a9f',
        '00000001',
        '0000000000000000',
        '00000005',
        '68656c6c6f',
        '03',
        '616263',
        '0004',
        '61016202',
      ].join(''),
      'hex',
    )
    expect(decodeMessages(bytes)).toEqual([
      {
        topic: 'abc',
        queueId: 2,
        flag: 9,
        queueOffset: 42,
        physicalOffset: 4096,
        sysFlag: 0,
        reconsumeTimes: 1,
        bornTimeMs: 1_700_000_000_000,
        storeTimeMs: 1_700_000_000_001,
        storeHost: '10.0.0.7:10911',
        messageId: '0A00000700002A9F0000000000001000',
        body: Buffer.from('hello'),
        isIntact: true,
        properties: new Map([['a', 'b']]),
      },
    ])
  })

  test('decode to what was encoded, in both versions and with addresses of both lengths', () => {
    const fixture = fc.record({
      topic: fc.stringMatching(/^[%a-zA-Z_-]{1,100}$/),
      queueId: fc.nat(100),
      queueOffset: fc.nat(),
      physicalOffset: fc.maxSafeNat(),
      body: fc.uint8Array({ maxLength: 200 }).map(bytes => Buffer.from(bytes)),
      properties: fc
        .dictionary(fc.stringMatching(/^\w+$/), fc.string({ unit: 'grapheme' }))
        .map(object => encodeProperties(new Map(Object.entries(object)))),
      reconsumeTimes: fc.nat(20),
      sysFlag: fc.constantFrom(0, 0x10, 0x20, 0x30),
      version: fc.constantFrom<1 | 2>(1, 2),
    })
    fc.assert(
      fc.property(fc.array(fixture, { maxLength: 5 }), fixtures => {
        const read = decodeMessages(Buffer.concat(fixtures.map(encodeStored)))
        expect(read).toMatchObject(
          fixtures.map(({ topic, queueId, queueOffset, physicalOffset, body, properties, reconsumeTimes }) => ({
            topic,
            queueId,
            queueOffset,
            physicalOffset,
            body,
            reconsumeTimes,
            isIntact: true,
            properties: decodeProperties(properties),
          })),
        )
      }),
    )
  })

  test('are marked when the body does not match its checksum', () => {
    expect(decodeMessages(encodeStored({ ...plain, crc: 1 }))).toMatchObject([{ isIntact: false, body: plain.body }])
    expect(decodeMessages(encodeStored({ ...plain, crc: 1, sysFlag: 1 }))).toMatchObject([
      { isIntact: false, body: plain.body },
    ])
  })

  test('are decompressed when the body is zlib, with and without its type', () => {
    const body = deflateSync(plain.body)
    for (const sysFlag of [0x001, 0x301])
      expect(decodeMessages(encodeStored({ ...plain, body, sysFlag }))).toMatchObject([
        { body: plain.body, isIntact: true },
      ])
  })

  test.each([
    ['LZ4', encodeStored({ ...plain, sysFlag: 0x101 }), /LZ4/],
    ['ZSTD', encodeStored({ ...plain, sysFlag: 0x201 }), /ZSTD/],
    ['a body that is not zlib', encodeStored({ ...plain, sysFlag: 0x001 }), /does not inflate/],
    [
      'a decompression bomb',
      encodeStored({ ...plain, body: deflateSync(Buffer.alloc(33 * 1024 * 1024)), sysFlag: 0x001 }),
      /does not inflate/,
    ],
    ['an inner batch', encodeStored({ ...plain, sysFlag: 0x80 }), /inner batch/],
    ['a cut-off end', encodeStored(plain).subarray(0, -1), /but only .* are left/],
    ['a size of zero', Buffer.alloc(4), /a length of -4/],
    [
      'another magic number',
      Buffer.concat([Buffer.from('0000000c', 'hex'), Buffer.alloc(8, 1)]),
      /magic number 16843009/,
    ],
    ['bytes after the properties', longer(encodeStored(plain)), /1 bytes behind the properties/],
  ])('are refused: %s', (_, bytes, message) => {
    expect(() => decodeMessages(bytes)).toThrow(message)
    expect(() => decodeMessages(bytes)).toThrow(expect.objectContaining({ code: 'message' }))
  })

  test('with a giant body length are refused before anything is allocated', () => {
    const bytes = encodeStored(plain)
    bytes.writeInt32BE(0x7fff_ffff, 84)
    expect(() => decodeMessages(bytes)).toThrow(/expected 2147483647 bytes/)
  })

  test('keep their original topic in a retry copy', () => {
    const [retry] = decodeMessages(
      encodeStored({ ...plain, topic: '%RETRY%g', properties: 'RETRY_TOPIC\u0001orders\u0002' }),
    )
    expect(retry && originalTopic(retry)).toBe('orders')
  })
})

function longer(bytes: Buffer): Buffer {
  const more = Buffer.concat([bytes, Buffer.alloc(1)])
  more.writeInt32BE(more.length, 0)
  return more
}

describe('properties', () => {
  test('are refused when they contain separators or are too long', () => {
    expect(() => encodeProperties(new Map([['a', 'b\u0001']]))).toThrow(/separator/)
    expect(() => encodeProperties(new Map([['a', 'x'.repeat(32_767)]]))).toThrow(/limit is 32767/)
  })
})
