/** What a random history can contain: messages with their attempts and copies, faults of reading, expectations. */
import fc from 'fast-check'

export const partitions = 3
const answer = fc.oneof(
  { weight: 5, arbitrary: fc.constant('acked' as const) },
  fc.constantFrom('rejected' as const, 'unknown' as const, 'none' as const),
)
/** Before the cut, around its edges, inside it, while there is no leader, after the failover. */
const time = fc.oneof(
  fc.integer({ min: 1, max: 950 }),
  fc.integer({ min: 950, max: 1050 }),
  fc.integer({ min: 1000, max: 1900 }),
  fc.integer({ min: 1850, max: 2100 }),
  fc.integer({ min: 2100, max: 5000 }),
  fc.integer({ min: 5300, max: 7500 }),
)

/** 'edge': the answer comes when the window closes, or next to it. */
const latency = fc.oneof(fc.nat(20), fc.nat(3000), fc.constantFrom('edge - 1', 'edge', 'edge + 1'))
const attempt = fc.record({
  at: time,
  answer,
  latency,
  file: fc.nat(1),
  place: fc.constantFrom('true', 'none', 'no partition', 'stolen', 'beyond'),
  stray: fc.nat(9).map(turn => turn === 0),
})
const message = fc.record({
  p: fc.nat(partitions - 1),
  attempts: fc.array(attempt, { minLength: 1, maxLength: 3 }),
  copies: fc.oneof(
    { weight: 6, arbitrary: fc.constant(1) },
    { weight: 3, arbitrary: fc.constant(0) },
    fc.integer({ min: 2, max: 3 }),
  ),
  elsewhere: fc.nat(9),
  spool: fc.array(fc.nat(9000), { maxLength: 3 }),
  processed: fc.oneof(
    { weight: 5, arbitrary: fc.constant(1) },
    { weight: 3, arbitrary: fc.constant(0) },
    fc.integer({ min: 2, max: 4 }),
  ),
  suppressed: fc.nat(4),
  parked: fc.nat(9).map(turn => turn === 0),
  order: fc.nat(1000),
})
export type Message = typeof message extends fc.Arbitrary<infer T> ? T : never

const rarely = fc.nat(11).map(turn => turn === 0)
const expectations = fc.oneof(
  fc.constant({}),
  fc.dictionary(
    fc.constantFrom(
      'lost',
      'clientLost',
      'givenUp',
      'duplicates',
      'recovered',
      'stored',
      'processed',
      'skipped',
      'stalled',
      'parked',
      'redelivered',
      'effects',
      'unexpected',
      'corrupt',
      'rejected',
      'spooled',
      'phantom',
      'ahead',
      'failures',
      'deadLettered',
      'parkedLost',
      'unsent',
      'expired',
      'reordered',
      'outOfOrder',
    ),
    fc.constantFrom(
      '0',
      '1',
      '2',
      '>= 1',
      '<= 2',
      '>= 0',
      'acked-in(cut)',
      '>= acked-in(cut)',
      '<= acked-in(cut)',
      'sent-in(cut)',
      'unacked-in(cut)',
      'acked-before(cut)',
      'sent-after(cut)',
      'acked-in(nowhere)',
      'poisoned',
      '>= poisoned',
      'all',
      '<= all',
    ),
    { maxKeys: 3 },
  ),
)

/** `removed`: how many of the first records of partition 0 are gone. `keeps`: what the settings of the topic ask for. */
export const shape = fc.record({
  messages: fc.array(message, { maxLength: 14 }),
  first: fc.constantFrom(0, 5, 4094, 2_000_000_000),
  step: fc.constantFrom(1, 1, 3, 5000),
  base: fc.constantFrom(0, 0, 7, 2 ** 32 - 3, 2 ** 53 - 200),
  gap: fc.nat(2),
  strangers: fc.array(fc.constantFrom('corrupt' as const, 'foreign' as const, 'never sent' as const), { maxLength: 1 }),
  oneReader: fc.boolean(),
  turnAt: fc.nat(8),
  endMissing: rarely,
  fenceMissing: rarely,
  fenceUnread: rarely,
  behindFence: rarely,
  endBeyond: rarely,
  readEarly: rarely,
  failures: fc.nat(3),
  phantoms: rarely,
  noEvidence: rarely,
  noFault: rarely,
  noObserver: rarely,
  waitExpired: rarely,
  quiesced: fc.boolean(),
  consumer: fc.constantFrom('none', 'none', 'one', 'two', 'planned only'),
  groupOffsets: fc.array(fc.option(fc.nat(20)), { minLength: partitions, maxLength: partitions }),
  observed: fc.boolean(),
  awaits: fc.boolean(),
  keeps: fc.constantFrom('all', 'all', 'retention', 'compaction', 'compaction without keys'),
  keys: fc.integer({ min: 1, max: 3 }),
  removed: fc.oneof(fc.constant(0), fc.nat(4)),
  poisonEvery: fc.option(fc.integer({ min: 2, max: 4 }), { nil: undefined }),
  expect: expectations,
  tidy: fc.nat(2).map(turn => turn === 0),
})
export type Shape = typeof shape extends fc.Arbitrary<infer T> ? T : never
