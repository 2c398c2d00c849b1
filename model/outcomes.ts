/**
 * What can become of a message. This table is the only definition: the checker's codes, the counts of verdict.json with
 * their JSON Schema, the words that an expectation can use, and docs/outcomes.md are made from it.
 */
import { z } from 'zod'

interface WordDefinition {
  /**
   * `total`: all messages sent. `answer`: what the producer was told; exactly one for each message. `outcome`: where the
   * message is; exactly one for each message. `mark`: comes on top of an outcome. `consumer`: the consumer's side.
   */
  kind: 'total' | 'answer' | 'outcome' | 'mark' | 'consumer'
  meaning: string
  /**
   * What more of it than expected means. `violation`: a broken promise. `always`: the same, and cells that do not mention it
   * expect none where it happened. Absent: only a difference from what was expected.
   */
  excess?: 'violation' | 'always'
  /** Cells that do not mention it expect none. */
  promised?: true
  /** Verdicts written before this word existed have no count of it: read as 0. */
  added?: true
}

export const words = {
  sent: { kind: 'total', meaning: 'Messages sent, each counted once however often it was sent.' },
  acked: { kind: 'answer', meaning: 'At least one attempt was acknowledged.' },
  rejected: {
    kind: 'answer',
    meaning:
      'Every attempt was answered with an error that the client documents as given before the message is stored.',
    excess: 'violation',
  },
  unknown: { kind: 'answer', meaning: 'Not acknowledged, and at least one attempt may have been stored.' },
  stored: { kind: 'outcome', meaning: 'In the final log, once or more often.' },
  lost: {
    kind: 'outcome',
    meaning: 'Acknowledged, and absent from a complete final log.',
    excess: 'violation',
    promised: true,
  },
  clientLost: {
    kind: 'outcome',
    meaning:
      'Acknowledged and absent, but the acknowledgement was untrue: within the same leader epoch another message is ' +
      'at its offset, or another acknowledgement names that offset, so no truncation explains it.',
    excess: 'violation',
    promised: true,
  },
  givenUp: {
    kind: 'outcome',
    meaning:
      'Never acknowledged, absent, and the application stopped trying. The application knows, so it is not lost.',
    excess: 'violation',
  },
  unsent: {
    kind: 'outcome',
    meaning:
      'Never acknowledged, and absent, where the application hands messages to its client and looks at no answer ' +
      '(`workload.awaits: false`). Nothing tells the application, whether the client met an error or had no time to send. ' +
      'A violation where a cell does not expect it.',
    excess: 'always',
    added: true,
  },
  spooled: { kind: 'outcome', meaning: "Never acknowledged, absent, and still in the producer's local spool." },
  expired: {
    kind: 'outcome',
    meaning:
      'Acknowledged, and removed as the settings ask: by retention, because its offset is below the log start that the reader ' +
      'was given, or by compaction, because a later record of its key is stored (`workload.keys`).',
  },
  unaccounted: {
    kind: 'outcome',
    meaning:
      'Absent, but the final log is not complete, so nothing can be said; or acknowledged and absent from a compacted ' +
      'topic, where a later record may have replaced it, and its key or its offset is not known.',
  },
  duplicates: { kind: 'mark', meaning: 'Copies in the final log beyond the first.', excess: 'violation' },
  reordered: {
    kind: 'mark',
    meaning:
      'Stored behind a message of the same partition that the same producer sent later. A copy counts as well: it ' +
      'brings an older message back. Nobody promises the order unless a cell expects it.',
    excess: 'violation',
    added: true,
  },
  recovered: { kind: 'mark', meaning: 'The answer was unknown, and the message is stored.' },
  resurrected: { kind: 'mark', meaning: 'Rejected, and stored. Always a violation.', excess: 'always' },
  unexpected: { kind: 'mark', meaning: 'Stored, and never sent. Always a violation.', excess: 'always' },
  corrupt: { kind: 'mark', meaning: 'Stored with a wrong checksum. Always a violation.', excess: 'always' },
  staleEpochs: {
    kind: 'mark',
    meaning:
      'Records of the final log whose leader epoch is lower than that of a record before them, which no election ' +
      'explains. Always a violation.',
    excess: 'always',
    added: true,
  },
  phantom: {
    kind: 'mark',
    meaning: 'Processed or parked, and never sent, or rejected and not stored. Always a violation.',
    excess: 'always',
    added: true,
  },
  ahead: {
    kind: 'mark',
    meaning:
      "Partitions in which the group's committed offset is beyond the end of the log, so that new messages will be " +
      'passed over. Always a violation.',
    excess: 'always',
    added: true,
  },
  processed: { kind: 'consumer', meaning: 'Stored, and processed at least once.' },
  redelivered: {
    kind: 'consumer',
    meaning: 'Times that stored messages were processed beyond the first, with or without effect.',
    excess: 'violation',
  },
  outOfOrder: {
    kind: 'consumer',
    meaning:
      'Stored, and processed with effect by a consumer that had processed a later message of the same partition before. ' +
      'Nobody promises the order unless a cell expects it.',
    excess: 'violation',
    added: true,
  },
  late: {
    kind: 'consumer',
    meaning:
      'Stored, and came out of the application later than `app.within` after it was acknowledged (where it never was: after ' +
      'it was sent). Only where a cell gives `app.within`.',
    excess: 'violation',
    added: true,
  },
  effects: {
    kind: 'consumer',
    meaning:
      'Times that stored messages were processed with effect. An idempotent consumer that knows a message ' +
      'suppresses it. As a set: the messages with at least one effect.',
    excess: 'violation',
  },
  skipped: {
    kind: 'consumer',
    meaning:
      "Stored, never processed nor parked, and the group's committed offset, as the broker reports it at the end, has passed it.",
    excess: 'violation',
    promised: true,
  },
  parked: { kind: 'consumer', meaning: 'Stored, and handed to a dead-letter queue or local store on purpose.' },
  parkedLost: {
    kind: 'consumer',
    meaning: 'Lost from the log, and parked before: a copy is in the dead-letter queue or local store.',
    added: true,
  },
  failures: {
    kind: 'consumer',
    meaning: 'Times that a handler failed at a message.',
    excess: 'violation',
    added: true,
  },
  deadLettered: {
    kind: 'consumer',
    meaning: "Copies in the group's dead-letter topic.",
    excess: 'violation',
    added: true,
  },
  stalled: {
    kind: 'consumer',
    meaning: 'Stored, never processed nor parked, and not passed: the consumer stopped or blocks before it.',
    excess: 'violation',
  },
} as const satisfies Record<string, WordDefinition>

/** A count of verdict.json. */
export type CountWord = keyof typeof words
type WordOf<Kind> = { [Word in CountWord]: (typeof words)[Word]['kind'] extends Kind ? Word : never }[CountWord]

export const countWords = Object.keys(words) as CountWord[]
const definitions: Readonly<Record<CountWord, WordDefinition>> = words

const wordsOf = <Kind extends WordDefinition['kind']>(kind: Kind) =>
  countWords
    .filter(word => definitions[word].kind === kind)
    .map(word => [word as WordOf<Kind>, definitions[word].meaning] as const)

export type Answer = WordOf<'answer'>
export type Outcome = WordOf<'outcome'>
/** Words with their meanings, in the order of the table. */
export const answers = wordsOf('answer')
export const outcomes = wordsOf('outcome')
export const marks = wordsOf('mark')
export const consumerOutcomes = wordsOf('consumer')

const those = (is: (word: WordDefinition) => boolean): readonly CountWord[] =>
  countWords.filter(word => is(definitions[word]))

/** More of these than expected breaks a promise. */
export const violations: ReadonlySet<string> = new Set(those(word => word.excess !== undefined))
/** Expected to be 0 in every cell that says nothing else. */
export const promisedByDefault = those(word => word.promised === true)
/** A violation wherever they happen. */
export const alwaysViolations = those(word => word.excess === 'always')
/** Only a consumer can cause these: without a consumer, or with none delivered to, they say nothing. */
export const consumerWords: ReadonlySet<string> = new Set(those(word => word.kind === 'consumer'))

/** Code of an outcome in the checker's arrays. */
export const outcomeCode = (outcome: Outcome): number => outcomes.findIndex(([name]) => name === outcome)

const count = z.int().min(0)

/** Messages, not attempts: `sent` split by answer and by outcome, then marks, then the consumer's side. */
export const Counts = z.strictObject(
  Object.fromEntries(
    countWords.map((word): [CountWord, z.ZodType<number>] => [
      word,
      definitions[word].added === true ? count.default(0) : count,
    ]),
  ) as Record<CountWord, z.ZodType<number>>,
)
export type Counts = Record<CountWord, number>

export const noCounts = (): Counts => Object.fromEntries(countWords.map(word => [word, 0])) as Counts
