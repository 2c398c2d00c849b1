/** Compares the checker with the slow one. `LOSSPROOF_RUNS=10000` makes the run long. */
import fc from 'fast-check'
import { expect, test } from 'vitest'
import type { LaneRecord } from '../../history/records.ts'
import { check, closed, failover, fence, stored } from './literal.ts'
import type { Literal } from './literal.ts'
import { randomHistory } from './random-history.ts'
import { slowCheck } from './slow-judge.ts'
import { verdicts } from '../../model/verdict.ts'

const numRuns = Number(process.env['LOSSPROOF_RUNS'] ?? 400)
const limitMs = 10_000 + numRuns * 60

test(
  'counts and verdicts equal those of the slow checker for any history',
  () => {
    fc.assert(
      fc.property(randomHistory, literal => {
        const { counts, verdict } = check(literal)
        const slow = slowCheck(literal)
        expect(counts).toEqual(slow.counts)
        expect(verdict).toBe(slow.verdict)
      }),
      { numRuns },
    )
  },
  limitMs,
)

test('the random histories contain every outcome and verdict', () => {
  const seen = new Map<string, number>()
  for (const literal of fc.sample(randomHistory, { numRuns: 600, seed: 1 })) {
    const { counts, verdict } = check(literal)
    for (const [what, count] of Object.entries(counts)) if (count > 0) seen.set(what, (seen.get(what) ?? 0) + 1)
    seen.set(verdict, (seen.get(verdict) ?? 0) + 1)
  }
  const least = Object.fromEntries([...seen].filter(([, count]) => count < 5))
  expect(least).toEqual({})
  for (const word of [
    ...verdicts,
    'clientLost',
    'resurrected',
    'spooled',
    'skipped',
    'stalled',
    'redelivered',
    'unexpected',
    'corrupt',
    'unsent',
    'expired',
    'reordered',
    'outOfOrder',
  ])
    expect([word, seen.get(word) ?? 0]).not.toEqual([word, 0])
}, 60_000)

/** Rank of the verdict: the worst is 0. */
const rank = (literal: Literal) => verdicts.indexOf(check(literal).verdict)

test(
  'removing the stored records of an acknowledged message never improves the verdict on lost: 0',
  () => {
    fc.assert(
      fc.property(randomHistory, fc.nat(), (literal, pick) => {
        const promise = { ...literal, topicSettings: {}, expect: { lost: 0, clientLost: 0 } }
        const acked = [...(slowCheck(literal).sets['acked'] ?? [])].filter(s =>
          literal.files.flat().some(record => record.op === 'stored' && record.s === s),
        )
        fc.pre(acked.length > 0)
        // In an incomplete log the record itself may be what proves a violation, such as a skip.
        fc.pre(check(promise).counts.unaccounted === 0 || rank(promise) > 0)
        const gone = acked[pick % acked.length]
        const files = literal.files.map(file => file.filter(record => record.op !== 'stored' || record.s !== gone))
        expect(rank({ ...promise, files })).toBeLessThanOrEqual(rank(promise))
      }),
      { numRuns },
    )
  },
  limitMs,
)

test(
  'the verdict does not depend on the order of files: ranges, causes and figures',
  () => {
    fc.assert(
      fc.property(randomHistory, fc.nat(), (literal, turn) => {
        const { files } = literal
        const at = turn % Math.max(1, files.length)
        expect(
          check({ ...literal, named: files, files: [...files.slice(at), ...files.slice(0, at)].toReversed() }),
        ).toEqual(check(literal))
      }),
      { numRuns },
    )
  },
  limitMs,
)

test('an answer to a first attempt counts from the earliest attempt of any file, whichever file comes first', () => {
  const attempt = (n: number, t: number): LaneRecord[] => [
    { op: 'sent', s: 0, p: 0, t, n },
    { op: 'acked', s: 0, p: 0, o: 0, t, n },
  ]
  const reader: LaneRecord[] = [stored(0, 0), ...closed(1)]
  const files = [attempt(3, 950), [...attempt(2, 1000), ...attempt(1, 2100)], reader]
  const literal = { files, events: [...failover, fence(1)], expect: { stored: 'sent-in(cut)' } }
  const expected = check(literal)
  expect(check({ ...literal, named: files, files: files.toReversed() })).toEqual(expected)
  expect(expected).toMatchObject({ verdict: slowCheck(literal).verdict })
})
