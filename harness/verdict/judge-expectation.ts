/** Compares expectations with the outcome of each message. Sets are compared as sets of messages, not by their counts. */
import { sendStatuses } from '../../model/plan.ts'
import type { Expectation } from '../../model/plan.ts'
import { answerOf, effectsOf, isGone, isOutOfOrder, isPhantom, timesProcessed } from '../check/counts.ts'
import { isLate } from '../check/outputs.ts'
import type { LaneResult } from '../check/lane-result.ts'
import { flag, side } from '../check/table/table.ts'
import { outcomeCode, outcomes } from '../../model/outcomes.ts'
import { Counts } from '../../model/verdict.ts'
import {
  ackedAtOpening,
  ackedBefore,
  ackedIn,
  openAt,
  perhapsNotCopied,
  sentAfter,
  sentIn,
  unackedIn,
} from './windows.ts'
import type { Window } from './windows.ts'

export interface JudgedExpectation {
  what: string
  /** `acked-in(cut) = 50` */
  expected: string
  actual: number
  ok: boolean
  /** Fewer than expected: what was expected did not happen, or only in part. */
  short: boolean
  /** More than allowed, or other messages than allowed. */
  excess: boolean
  /** The set that it names is empty, or its window never opened, so it shows nothing. */
  vacuous: boolean
  /** Why it cannot be decided. */
  doubt?: string
}

/** Messages that were lost, skipped or unsent, with their cause. */
export interface Caused {
  count: number
  cause: { code: string }
}

/** Words that are not counts of verdict.json: `answeredWith` holds their messages where an expectation names them. */
export const isStatus = (what: string) => what === 'early' || sendStatuses.some(status => status === what)

/** Whether the message of a row belongs to a set. */
type Member = (row: number) => boolean

/** Judges one expectation. An expectation about a window that never opened is vacuous. */
export function judge(expectation: Expectation, lane: LaneResult, windows: readonly Window[]): JudgedExpectation {
  const { what, expected, text } = expectation
  if (expected.kind === 'causes') throw new Error('causes are judged by judgeCauses')
  const answered = isStatus(what) ? (lane.answeredWith.get(what) ?? new Set<number>()) : undefined
  const actual = answered?.size ?? lane.counts[Counts.keyof().parse(what)]
  if (expected.kind === 'count') {
    const short = expected.compare !== '<=' && actual < expected.count
    const excess = expected.compare !== '>=' && actual > expected.count
    return { what, expected: text, actual, ok: !short && !excess, short, excess, vacuous: false }
  }
  const window = windows.find(found => found.name === expected.window)
  if (expected.window !== undefined && !window) {
    return {
      what,
      expected: `${text} = nothing: the window never opened`,
      actual,
      ok: false,
      short: false,
      excess: false,
      vacuous: true,
    }
  }
  const { wanted, allowed } = sets(expected.set, lane, window)
  const happened = membersOf(what, lane)
  let size = 0
  let missing = 0
  let extra = 0
  let tolerated = 0
  for (let row = 0, { rows } = lane.table; row < rows; row++) {
    if (!lane.table.has(row, flag.sent)) continue
    const is = happened(row)
    if (wanted(row)) {
      size += 1
      if (!is) missing += 1
    } else if (is && allowed(row)) tolerated += 1
    else if (is) extra += 1
  }
  const short = expected.compare !== '<=' && missing > 0
  const excess = expected.compare !== '>=' && extra > 0
  const differing = [
    ...(tolerated > 0 ? [`and ${tolerated} of those open at its edges`] : []),
    ...(short ? [`${missing} of them not`] : []),
    ...(excess ? [`${extra} others too`] : []),
  ]
  const expectedText = `${text} = ${size}${differing.length === 0 ? '' : ` (${differing.join(', ')})`}`
  return {
    what,
    expected: expectedText,
    actual,
    ok: !short && !excess,
    short,
    excess,
    vacuous: size === 0 && expected.set !== 'all',
  }
}

/**
 * Judges an expectation of causes: every lost, skipped or unsent message has one of them. Another cause makes it short; a cause
 * that is not established leaves it open. Undefined for an expectation of anything else.
 */
export function judgeCauses(
  { what, expected, text }: Expectation,
  caused: readonly Caused[],
): JudgedExpectation | undefined {
  if (expected.kind !== 'causes') return undefined
  const sum = (of: (code: string) => boolean) =>
    caused.reduce((total, { count, cause }) => total + (of(cause.code) ? count : 0), 0)
  const all = sum(() => true)
  const actual = sum(code => expected.codes.some(known => known === code))
  const open = sum(code => code === 'not-established')
  const short = actual < all || all === 0
  return {
    what,
    expected: `${text} of all ${all}`,
    actual,
    ok: !short,
    short,
    excess: false,
    vacuous: false,
    ...(open === 0
      ? {}
      : { doubt: `the cause of ${open} of ${all} messages that were lost, skipped or unsent is not established` }),
  }
}

/**
 * `allowed`: messages that may be in the set besides the wanted ones, because at the window's edge they were in flight, or
 * acknowledged and not copied yet.
 */
function sets(
  set: 'acked-in' | 'sent-in' | 'unacked-in' | 'acked-before' | 'sent-after' | 'poisoned' | 'all',
  lane: LaneResult,
  window: Window | undefined,
): { wanted: Member; allowed: Member } {
  const { table } = lane
  const none: Member = () => false
  if (set === 'all') return { wanted: () => true, allowed: none }
  if (set === 'poisoned') return { wanted: lane.poisoned, allowed: none }
  if (!window) return { wanted: none, allowed: none }
  if (set === 'acked-before') return { wanted: ackedBefore(table, window), allowed: ackedAtOpening(table, window) }
  const open = openAt(table, window)
  if (set === 'sent-after') return { wanted: sentAfter(table, window), allowed: open }
  if (set === 'sent-in') return { wanted: sentIn(table, window), allowed: open }
  if (set === 'unacked-in')
    return { wanted: unackedIn(table, window), allowed: row => open(row) && !table.has(row, flag.acked) }
  const notCopied = perhapsNotCopied(table, window)
  return { wanted: ackedIn(table, window), allowed: row => notCopied(row) || (open(row) && table.has(row, flag.acked)) }
}

/** Whether a message is one that `what` counts. */
export function membersOf(what: string, lane: LaneResult): Member {
  const { table } = lane
  if (isStatus(what)) return row => lane.answeredWith.get(what)?.has(table.numberOf(row)) === true
  const outcome = outcomes.find(([name]) => name === what)
  if (outcome) {
    const code = outcomeCode(outcome[0])
    return row => table.outcome(row) === code
  }
  const copies = (row: number) => table.copies.get(row)
  const byMark: Record<string, Member> = {
    acked: row => answerOf(table, row) === 'acked',
    rejected: row => answerOf(table, row) === 'rejected',
    unknown: row => answerOf(table, row) === 'unknown',
    duplicates: row => copies(row) > 1,
    reordered: row => table.hasSide(row, side.reordered),
    recovered: row => copies(row) > 0 && answerOf(table, row) === 'unknown',
    resurrected: row => copies(row) > 0 && answerOf(table, row) === 'rejected',
    processed: row => timesProcessed(table, row) > 0,
    redelivered: row => timesProcessed(table, row) > 1,
    outOfOrder: row => isOutOfOrder(table, row),
    late: row => isLate(table, row),
    effects: row => effectsOf(table, row) > 0,
    skipped: row => table.hasSide(row, side.skipped),
    phantom: row => isPhantom(table, row),
    parked: row => table.has(row, flag.parked) && !isGone(table, row),
    parkedLost: row => table.has(row, flag.parked) && isGone(table, row),
    failures: row => table.hasSide(row, side.failed),
    deadLettered: row => table.hasSide(row, side.deadLettered),
    stalled: row => table.hasSide(row, side.stalled),
  }
  return byMark[what] ?? (() => false)
}
