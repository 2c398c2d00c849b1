import fc from 'fast-check'
import { expect, test } from 'vitest'
import type { LaneRecord } from '../history/records.ts'
import { acked, check, closed, failover, fence, rejected, sent, stored, unknown } from './literal.ts'
import { verdicts } from './verdict.ts'

/** One message: how it was answered and how many copies are stored. */
const message = fc.record({ answer: fc.constantFrom('acked', 'rejected', 'unknown', 'none'), copies: fc.integer({ min: 0, max: 2 }) })
const history = fc.array(message, { minLength: 1, maxLength: 40 }).map(messages => {
  const producer: LaneRecord[] = []
  const reader: LaneRecord[] = []
  messages.forEach(({ answer, copies }, s) => {
    const t = 10 * s
    producer.push(sent(s, t))
    if (answer === 'acked') producer.push(acked(s, t + 1))
    if (answer === 'rejected') producer.push(rejected(s, t + 1))
    if (answer === 'unknown') producer.push(unknown(s, t + 1))
    for (let copy = 0; copy < copies; copy++) reader.push(stored(s, reader.length))
  })
  return { messages, producer, reader }
})

const judge = (files: LaneRecord[][], end: number) => check({ files, events: [...failover, fence(end)], expect: { duplicates: 0 } })
const rank = (files: LaneRecord[][], end: number) => verdicts.indexOf(judge(files, end).verdict)

test('counts are what was planted, and every message has exactly one outcome', () => {
  fc.assert(
    fc.property(history, ({ messages, producer, reader }) => {
      const { counts } = judge([producer, [...reader, ...closed(reader.length)]], reader.length)
      const planted = (of: (message: { answer: string; copies: number }) => boolean) => messages.filter(of).length
      expect(counts.sent).toBe(messages.length)
      expect(counts.acked + counts.rejected + counts.unknown).toBe(counts.sent)
      expect(counts.stored + counts.lost + counts.clientLost + counts.givenUp + counts.spooled + counts.expired + counts.unaccounted).toBe(counts.sent)
      expect(counts.lost).toBe(planted(({ answer, copies }) => answer === 'acked' && copies === 0))
      expect(counts.resurrected).toBe(planted(({ answer, copies }) => answer === 'rejected' && copies > 0))
      expect(counts.recovered).toBe(planted(({ answer, copies }) => (answer === 'unknown' || answer === 'none') && copies > 0))
      expect(counts.duplicates).toBe(planted(({ copies }) => copies === 2))
    }),
  )
})

test('the order of files makes no difference', () => {
  fc.assert(
    fc.property(history, ({ producer, reader }) => {
      const read = [...reader, ...closed(reader.length)]
      expect(judge([read, producer], reader.length)).toEqual(judge([producer, read], reader.length))
    }),
  )
})

test('taking a stored record of an acknowledged message away never makes a verdict better', () => {
  fc.assert(
    fc.property(history, fc.nat(), ({ messages, producer, reader }, pick) => {
      const once = reader.filter(record => record.op === 'stored' && messages[record.s ?? 0]?.answer === 'acked' && messages[record.s ?? 0]?.copies === 1)
      fc.pre(once.length > 0)
      const gone = once[pick % once.length]
      const fewer = reader.filter(record => record !== gone)
      expect(rank([producer, [...fewer, ...closed(reader.length)]], reader.length)).toBeLessThanOrEqual(rank([producer, [...reader, ...closed(reader.length)]], reader.length))
    }),
  )
})
