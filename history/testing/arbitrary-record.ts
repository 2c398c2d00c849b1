/** Random records of every op for property tests; some have a key that is missing, added or of the wrong type. */
import fc from 'fast-check'
import { roles } from '../records.ts'

const number = fc.nat({ max: 1_000_000 })
const values: Record<string, fc.Arbitrary<unknown>> = {
  s: number,
  p: number,
  o: fc.maxSafeNat(),
  t: fc.oneof(
    { weight: 4, arbitrary: fc.nat({ max: 1e9 }).map(t => t / 1000) },
    fc.double({ min: 0, max: 1e9, noNaN: true }),
  ),
  n: fc.integer({ min: 1, max: 9 }),
  c: fc.oneof(fc.string(), fc.constantFrom('corrupt', 'foreign', 'suppressed', 'DLQ', 'uncorrelated')),
  d: number,
  e: fc.integer({ min: -1, max: 99 }),
}

const ops: Record<(typeof roles)[number], Record<string, string>> = {
  producer: {
    sent: 'sptnd',
    acked: 'spotnc',
    rejected: 'stnc',
    unknown: 'stnc',
    spooled: 'st',
    unspooled: 'st',
    'gave-up': 'stc',
  },
  consumer: {
    delivered: 'spotn',
    processed: 'spotnc',
    parked: 'spotnc',
    failed: 'spotnc',
    committed: 'potc',
    'group-offset': 'pot',
  },
  reader: { start: 'pot', stored: 'spoetc', fence: 'poet', end: 'pot' },
  output: { 'seen-out': 'spot', 'came-out': 'spotc', 'output-end': 'pot' },
}

const whole = fc.constantFrom(...roles).chain(role =>
  fc.constantFrom(...Object.entries(ops[role])).chain(([op, keys]) =>
    fc
      .record({
        op: fc.constant(op),
        ...Object.fromEntries(keys.split('').map(key => [key, values[key] ?? number])),
      })
      .map(value => ({ role, value })),
  ),
)

const spoilt = fc
  .tuple(
    whole,
    fc.constantFrom('s', 'p', 'o', 't', 'n', 'c', 'd', 'e', 'op', 'z'),
    fc.constantFrom<unknown>(undefined, -2, 1.5, 'x', null, true, {}),
  )
  .map(([{ role, value }, key, instead]) => ({ role, value: { ...value, [key]: instead } }))

export const recordArbitrary: fc.Arbitrary<{ role: (typeof roles)[number]; value: object }> = fc.oneof(whole, spoilt)

/** The value after JSON.stringify and JSON.parse: keys that are undefined are gone. */
export function throughJson(value: object): unknown {
  return JSON.parse(JSON.stringify(value))
}
