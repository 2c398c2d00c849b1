/**
 * What can become of a message. Exactly one outcome each; marks come on top. This table is the definition: the
 * checker's codes, the counts of verdict.json and docs/outcomes.md are made from it.
 */
export const outcomes = [
  ['stored', 'In the final log, once or more often.'],
  ['lost', 'Acknowledged, and absent from a complete final log.'],
  [
    'clientLost',
    'Acknowledged and absent, but the acknowledgement was untrue: another message stands at its offset, or has an acknowledgement that names it, within the same leader epoch, so that no truncation explains it.',
  ],
  ['givenUp', 'Never acknowledged, absent, and the application stopped trying: it was told, so it is not lost.'],
  ['spooled', "Never acknowledged, absent, and still in the producer's local spool."],
  ['expired', "Acknowledged, and removed by retention or compaction that the topic's settings ask for."],
  ['unaccounted', 'Not found, but the final log is not complete: nothing can be said.'],
] as const

export type Outcome = (typeof outcomes)[number][0]

export const marks = [
  ['duplicates', 'Copies in the final log beyond the first.'],
  ['recovered', 'The answer was unknown, and the message is stored.'],
  ['resurrected', 'Rejected, and stored: always a violation.'],
  ['unexpected', 'Stored, and never sent: always a violation.'],
  ['corrupt', 'Stored with a wrong checksum: always a violation.'],
] as const

export const consumerOutcomes = [
  ['processed', 'Stored, and processed at least once.'],
  ['redelivered', 'Times that stored messages were processed beyond the first, with effect or without.'],
  [
    'effects',
    'Times that stored messages were processed with effect: an idempotent consumer that knows a message already suppresses it. As a set: the messages that had one.',
  ],
  [
    'skipped',
    "Stored, never processed nor parked, and the group's committed offset, as the broker tells it at the end, has passed it.",
  ],
  ['parked', 'Handed to a dead-letter queue or local store on purpose.'],
  ['stalled', 'Stored, never processed nor parked, and not passed: the consumer stopped or blocks before it.'],
] as const

/** Code of an outcome in the checker's arrays. */
export const outcomeCode = (outcome: Outcome): number => outcomes.findIndex(([name]) => name === outcome)
