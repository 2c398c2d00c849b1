import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { honest, run } from './fake.ts'
import type { Script } from './fake.ts'
import { scriptOf, targetOf } from './lie.ts'
import { lies } from './lies.ts'

const numRuns = Number(process.env['LOSSPROOF_RUNS'] ?? 200)

test('there are at least 25 lies with different titles', () => {
  expect(new Set(lies.map(({ title }) => title)).size).toBe(lies.length)
  expect(lies.length).toBeGreaterThanOrEqual(25)
})

describe.each(lies)('$part $title', lie => {
  const { caught } = lie
  const script = scriptOf(lie)

  test('the checker finds it and counts it', () => {
    const verdict = run(script, lie.lies(targetOf(script), script))
    if (typeof verdict === 'string') {
      expect(caught.verdict).toBe('refused')
      expect(verdict).toContain(caught.says)
      return
    }
    const said = [...verdict.reasons, ...verdict.expect.map(judged => judged.expected)].join('\n')
    expect({ verdict: verdict.verdict, ...(caught.says === undefined ? {} : { said }) }).toMatchObject({
      verdict: caught.verdict,
      ...(caught.says === undefined ? {} : { said: expect.stringContaining(caught.says) }),
    })
    expect(verdict.counts).toMatchObject(caught.counts ?? {})
    if (caught.place !== undefined) expect(verdict.lost.map(range => range.place)).toEqual([caught.place])
  }, 60_000)

  test('the same system without the lie holds', () => {
    if (script.messages > 10_000) return
    expect(run(script, {})).toMatchObject({ verdict: 'held', reasons: [] })
  })
})

const scripts: fc.Arbitrary<Script> = fc
  .record({
    messages: fc.integer({ min: 8, max: 60 }),
    partitions: fc.integer({ min: 1, max: 5 }),
    consumer: fc.boolean(),
    unsafe: fc.boolean(),
    some: fc.array(fc.nat(59), { maxLength: 4 }),
  })
  .map(({ some, unsafe, ...rest }) => {
    const [refused, timedOut, spooled] = [0, 1, 2].map(kind => some.filter(s => s % 3 === kind))
    const shared = {
      ...honest,
      ...rest,
      unsafe,
      refused: refused ?? [],
      timedOut: timedOut ?? [],
      spooled: spooled ?? [],
    }
    return { ...shared, expect: { lost: unsafe ? 'acked-in(cut)' : 0, duplicates: 0, resurrected: 0 } }
  })

test(
  'a correct system never violates, whatever it rejects, leaves unanswered or may lose',
  () => {
    fc.assert(
      fc.property(scripts, script => {
        const verdict = run(script, {})
        // Where every message of the cut was rejected or timed out, nothing can be shown.
        const windowed = typeof verdict === 'string' ? 0 : (verdict.windows['cut']?.acked ?? 0)
        if (script.unsafe && windowed === 0) expect(verdict).toMatchObject({ verdict: 'inconclusive' })
        else if (script.unsafe && script.timedOut.some(s => s >= script.messages / 4 && s < script.messages / 2))
          expect(verdict).toMatchObject({ counts: { duplicates: 0, clientLost: 0 } })
        else expect(verdict).toMatchObject({ verdict: 'held', reasons: [] })
      }),
      { numRuns },
    )
  },
  10_000 + numRuns * 20,
)

test(
  'any acknowledged message that a system loses, duplicates or corrupts is found and counted',
  () => {
    const ways = fc.constantFrom('lose', 'double', 'spoil' as const)
    fc.assert(
      fc.property(scripts, ways, fc.nat(), (found, way, pick) => {
        const script = { ...found, unsafe: false, expect: { ...found.expect, lost: 0 } }
        const doubtful = [...script.refused, ...script.timedOut, ...script.spooled]
        const acked = Array.from({ length: script.messages }, (_, s) => s).filter(s => !doubtful.includes(s))
        const target = acked[pick % acked.length] ?? 0
        const verdict = run(script, {
          log: slots =>
            slots.flatMap(slot => {
              if (slot.s !== target) return [slot]
              if (way === 'lose') return []
              return way === 'spoil' ? [{ ...slot, mark: 'corrupt' as const }] : [slot]
            }),
          ...(way === 'double'
            ? {
                copies: (s: number) =>
                  s === target ? 2 : script.refused.includes(s) || script.spooled.includes(s) ? 0 : 1,
              }
            : {}),
        })
        expect(verdict).toMatchObject({
          verdict: 'violated',
          counts: { lose: { lost: 1 }, double: { duplicates: 1, lost: 0 }, spoil: { lost: 1, corrupt: 1 } }[way],
        })
      }),
      { numRuns },
    )
  },
  10_000 + numRuns * 20,
)
