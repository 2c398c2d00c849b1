import { describe, expect, it, test } from 'vitest'
import { decode, encode } from '../payload.ts'
import { CommittedRecords } from './committed-records.ts'
import { inputOf, parseCorrelation } from './correlation.ts'
import { idOf, inputNamed, tagOf } from './ids.ts'
import { defaultJson } from './message.ts'

const tag = tagOf('123', 'a')
const record = (parts: { key?: string; value?: string; headers?: [string, string][] }) => ({
  key: parts.key === undefined ? null : Buffer.from(parts.key),
  value: parts.value === undefined ? null : Buffer.from(parts.value),
  headers: (parts.headers ?? []).map(([name, value]) => [name, Buffer.from(value)] as const),
})
const found = (text: string, parts: Parameters<typeof record>[0]) => {
  const correlation = parseCorrelation(text)
  if (!correlation) throw new Error('no correlation')
  return inputOf(record(parts), correlation, tag)
}

test('an id belongs to one lane of one trial', () => {
  expect(tag).toMatch(/^[0-9a-f]{8}$/)
  expect(new Set([tag, tagOf('124', 'a'), tagOf('123', 'b')]).size).toBe(3)
  expect(inputNamed(`invoice/${idOf(tag, 42)}.pdf`, tag)).toEqual({ s: 42 })
  expect(inputNamed(idOf(tagOf('124', 'a'), 42), tag)).toBe('foreign')
  expect(inputNamed(`x${idOf(tag, 4)}x`, tag)).toEqual({ s: 4 })
  expect(inputNamed(`invoice${idOf(tag, 4)}1`, tag)).toEqual({ s: 4 })
  expect(inputNamed('42', tag)).toBe('nothing')
  expect(inputNamed(`${idOf(tag, 1)} ${idOf(tag, 2)}`, tag)).toBe('nothing')
})

describe('the input that a record of the output names', () => {
  it('is found in its key', () => {
    expect(found('key', { key: idOf(tag, 7), value: 'anything' })).toEqual({ s: 7 })
    expect(found('key', { value: idOf(tag, 7) })).toBe('nothing')
  })

  it('is found in a header', () => {
    expect(
      found('header:order', {
        headers: [
          ['other', 'x'],
          ['order', idOf(tag, 8)],
        ],
      }),
    ).toEqual({ s: 8 })
    expect(found('header:order', { headers: [['Order', idOf(tag, 8)]] })).toBe('nothing')
  })

  it('is found by a path into JSON', () => {
    const value = JSON.stringify({ order: { 'the id': idOf(tag, 9), items: [{ id: idOf(tag, 9) }] } })
    expect(found("$.order['the id']", { value })).toEqual({ s: 9 })
    expect(found('$.order.items[0].id', { value })).toEqual({ s: 9 })
    expect(found('$.order.items[1].id', { value })).toBe('nothing')
    expect(found('$.order', { value })).toBe('nothing')
    expect(found('$.order.id', { value: 'not JSON' })).toBe('nothing')
    expect(found('$.order.id', {})).toBe('nothing')
    expect(found('$.id', { value: '{"id":"0000aaaa-3z"}' })).toBe('foreign')
    expect(found('$.toString', { value: '{}' })).toBe('nothing')
  })

  it.each(['', 'value', 'header:', '$', '$.', '$..id', '$.a[*]', '$.a[-1]', 'keys'])(
    'cannot be looked for by %j',
    text => {
      expect(parseCorrelation(text)).toBeUndefined()
    },
  )
})

test('a message of a template is read back by its id, and byte for byte', () => {
  const format = { template: defaultJson, tag, sizeBytes: 60 }
  const value = encode('a', 17, 60, format)
  expect(value).toHaveLength(60)
  expect(JSON.parse(value.toString())).toEqual({ id: idOf(tag, 17), number: 17 })
  expect(decode(value, 'a', format)).toEqual({ kind: 'message', s: 17 })
  expect(decode(Buffer.from(value.toString().replace('17}', '18}')), 'a', format)).toEqual({ kind: 'corrupt' })
  expect(decode(Buffer.from('{}'), 'a', format)).toEqual({ kind: 'foreign' })
  expect(decode(encode('a', 17, 60, { ...format, tag: 'ffffffff' }), 'a', format)).toEqual({ kind: 'foreign' })
})

test('records of a transaction count from its commit on, and not when it was aborted', () => {
  const records = new CommittedRecords<{ o: number; timestamp: number }>()
  const batch = (
    producer: bigint | undefined,
    marker: 'commit' | 'abort' | undefined,
    timestamp: number,
    ...o: number[]
  ) => records.take({ producer, marker, timestamp, records: o.map(at => ({ o: at, timestamp })) })
  expect(batch(1n, undefined, 10, 0, 1)).toEqual([])
  expect(batch(2n, undefined, 11, 2)).toEqual([])
  expect(batch(undefined, undefined, 12, 3)).toEqual([{ o: 3, timestamp: 12 }])
  expect(batch(1n, undefined, 13, 4)).toEqual([])
  expect(batch(2n, 'abort', 14)).toEqual([])
  expect(batch(1n, 'commit', 15)).toEqual([0, 1, 4].map(o => ({ o, timestamp: 15 })))
  expect(batch(2n, undefined, 16, 5)).toEqual([])
  expect(batch(2n, 'commit', 17)).toEqual([{ o: 5, timestamp: 17 }])
})
