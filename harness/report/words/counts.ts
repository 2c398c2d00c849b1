/**
 * What happened to the messages of a cell, in words. Every number names what it is part of, because `lost` is part of
 * the acknowledged messages, `refused` of the sent ones and `skipped` of the stored ones.
 */
import type { Counts } from '../../../model/verdict.ts'
import { number, plural } from './numbers.ts'

type CountName = keyof Counts

interface CountWords {
  count: CountName
  /** Without the number of messages that it is part of: `lost 52`. */
  short: (count: number) => string
  /** What it is part of. Absent for copies and records that are no messages of their own. */
  of?: { count: CountName; word: string }
}

const ofSent = { count: 'sent', word: 'sent' } as const
const ofAcked = { count: 'acked', word: 'acknowledged' } as const
const ofStored = { count: 'stored', word: 'stored' } as const
const ofRejected = { count: 'rejected', word: 'rejected' } as const

/** Broken promises: a message that was acknowledged or stored is gone, or the log holds what it must not. Worst first. */
const failures: readonly CountWords[] = [
  { count: 'lost', short: count => `lost ${number(count)}`, of: ofAcked },
  { count: 'clientLost', short: count => `client lost ${number(count)}`, of: ofAcked },
  { count: 'unsent', short: count => `lost unnoticed ${number(count)}`, of: ofSent },
  { count: 'skipped', short: count => `skipped ${number(count)}`, of: ofStored },
  { count: 'corrupt', short: count => `stored ${number(count)} corrupt` },
  { count: 'unexpected', short: count => `stored ${number(count)} that were never sent` },
  { count: 'resurrected', short: count => `stored ${number(count)}`, of: ofRejected },
  { count: 'unaccounted', short: count => `no account of ${number(count)}`, of: ofSent },
]

/**
 * What keeping messages cost the applications, or what they have to cope with. Worst first. Order is no cost: nobody promises
 * it unless a cell expects it, and concurrent sends change it at any time.
 */
const costs: readonly CountWords[] = [
  { count: 'stalled', short: count => `stalled before ${number(count)}`, of: ofStored },
  { count: 'givenUp', short: count => `refused ${number(count)}`, of: ofSent },
  { count: 'duplicates', short: count => `stored ${plural(count, 'extra copy', 'extra copies')}` },
  { count: 'redelivered', short: count => `processed ${number(count)} again` },
  { count: 'spooled', short: count => `left ${number(count)} in the spool`, of: ofSent },
  { count: 'parked', short: count => `parked ${number(count)}`, of: ofStored },
  { count: 'expired', short: count => `expired ${number(count)}`, of: ofAcked },
]

/** Every count that a report may show, with what it is part of. Worst first. */
export const countDefinitions: readonly Pick<CountWords, 'count' | 'of'>[] = [...failures, ...costs]

/** `lost 52 of 143 acknowledged`, `skipped 5 of 200 stored`: every broken promise. Empty where all were kept. */
export const failureTexts = (counts: Counts): string[] => textsOf(failures, counts)

/** The same without totals: `lost 52`. */
export const shortFailures = (counts: Counts): string[] => shortTexts(failures, counts)

/** `refused 52 of 143 sent`, `stored 3 extra copies`. Empty where the cell cost nothing. */
export const costCounts = (counts: Counts): string[] => textsOf(costs, counts)

/** The same without totals: `refused 52`. */
export const shortCosts = (counts: Counts): string[] => shortTexts(costs, counts)

/** Whether any message cost something, without the words. */
export const hasCostCounts = (counts: Counts): boolean => costs.some(({ count }) => counts[count] > 0)

/** Where no promise is broken: `lost 0 of 143 acknowledged`, or for a cell with consumers `skipped 0 of 200 stored`. */
export function nothingLost(counts: Counts): string {
  const name: CountName = counts.processed + counts.skipped + counts.stalled > 0 ? 'skipped' : 'lost'
  return failures
    .filter(({ count }) => count === name)
    .map(words => withTotal(words, counts))
    .join()
}

/** Acknowledged and gone, for whatever reason. */
export const lostCount = ({ lost, clientLost }: Pick<Counts, 'lost' | 'clientLost'>): number => lost + clientLost

/** Lost, never sent although the application takes it for sent, or passed over by its consumers. */
export const missingCount = (counts: Pick<Counts, 'lost' | 'clientLost' | 'unsent' | 'skipped'>): number =>
  lostCount(counts) + counts.unsent + counts.skipped

function textsOf(words: readonly CountWords[], counts: Counts): string[] {
  return words.filter(({ count }) => counts[count] > 0).map(one => withTotal(one, counts))
}

function shortTexts(words: readonly CountWords[], counts: Counts): string[] {
  return words.filter(({ count }) => counts[count] > 0).map(({ count, short }) => short(counts[count]))
}

function withTotal({ count, short, of }: CountWords, counts: Counts): string {
  const text = short(counts[count])
  return of === undefined ? text : `${text} of ${number(counts[of.count])} ${of.word}`
}
