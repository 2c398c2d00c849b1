/**
 * The verdict of a cell, in this order: violated, inconclusive, not-shown, held. A complete final log with an unexpected
 * loss is a violation, whatever else went wrong. Anything that could have hidden a loss makes the cell inconclusive. An
 * expected loss that did not happen makes it not-shown.
 */
import type { TrialEvent } from '../../history/events.ts'
import type { Expectation } from '../../model/plan.ts'
import { uncausedChanges } from './uncaused-changes.ts'
import type { Epochs } from '../../history/epochs.ts'
import { laneTrouble } from './lane-trouble.ts'
import { evidenceOf } from '../../history/fault-evidence.ts'
import { isStatus, judge, judgeCauses } from './judge-expectation.ts'
import type { Caused, JudgedExpectation } from './judge-expectation.ts'
import type { LaneResult } from '../check/lane-result.ts'
import { alwaysViolations, consumerWords, promisedByDefault, violations } from '../../model/outcomes.ts'
import type { VerdictWord } from '../../model/verdict.ts'
import type { Window } from './windows.ts'

export interface CellFacts {
  lane: LaneResult
  laneId: string
  expect: readonly Expectation[]
  windows: readonly Window[]
  events: readonly TrialEvent[]
  epochs: Epochs
  /** Causes of lost and skipped messages; absent where none were looked for. */
  causes?: readonly Caused[]
  /** Codes of answers that were no acknowledgements, with how often they came. Read only where nothing was acknowledged. */
  answerCodes?: () => ReadonlyMap<string, number>
  /** Whether the trial's schedule injects anything. */
  hasFaults: boolean
  /** Ids of the schedule's fault calls. Each must have been injected. */
  plannedFaults?: readonly string[]
}

export function judgeCell(facts: CellFacts): { verdict: VerdictWord; reasons: string[]; expect: JudgedExpectation[] } {
  const expect = withDefaults(facts.expect, facts.lane).map(
    expectation => judgeCauses(expectation, facts.causes ?? []) ?? judge(expectation, facts.lane, facts.windows),
  )
  const broken = expect
    .filter(judged => judged.excess && breaksPromise(judged.what) && isKnown(judged.what, facts))
    .map(describe)
  // Lost is lost. That a change which no step caused may be the reason is said beside it.
  if (broken.length > 0) return { verdict: 'violated', reasons: [...broken, ...uncaused(facts)], expect }
  const doubts = doubtsAbout(facts, expect)
  if (doubts.length > 0) return { verdict: 'inconclusive', reasons: counted(doubts), expect }
  const unmet = expect.filter(judged => !judged.ok)
  if (unmet.length > 0) return { verdict: 'not-shown', reasons: unmet.map(describe), expect }
  return { verdict: 'held', reasons: [], expect }
}

/** A status that was expected not to occur, and did, is a broken promise too. */
const breaksPromise = (what: string) => violations.has(what) || isStatus(what)

/** Seen is seen: only what a later record, or an answer that nobody waited for, could still undo is open. */
function isKnown(what: string, facts: CellFacts): boolean {
  if (what === 'givenUp') return openAnswers(facts) === 0
  return facts.lane.complete || what !== 'stalled'
}

/** Messages that were unanswered when the harness stopped waiting for the producers of the lane. */
const openAnswers = ({ events, laneId }: CellFacts): number =>
  events.reduce(
    (sum, event) => (event.kind === 'client-stats' && event.lane === laneId ? sum + (event.open ?? 0) : sum),
    0,
  )

/** A cell that says nothing of loss still promises none. Words that are always violations are added where they happened. */
function withDefaults(expect: readonly Expectation[], lane: LaneResult): Expectation[] {
  const spoken = new Set(expect.map(expectation => expectation.what))
  const silent = [...promisedByDefault, ...alwaysViolations.filter(what => lane.counts[what] > 0)].filter(
    what => !spoken.has(what),
  )
  return [
    ...expect,
    ...silent.map((what): Expectation => ({ what, expected: { kind: 'count', compare: '=', count: 0 }, text: '0' })),
  ]
}

/** Equal reasons once, with their number. */
function counted(reasons: readonly string[]): string[] {
  const times = new Map<string, number>()
  for (const reason of reasons) times.set(reason, (times.get(reason) ?? 0) + 1)
  return [...times].map(([reason, count]) => (count === 1 ? reason : `${reason} (${count} times)`))
}

function doubtsAbout(facts: CellFacts, expect: readonly JudgedExpectation[]): string[] {
  const { lane, events, laneId } = facts
  const failed = events.flatMap(event => {
    if (event.kind === 'trial-failed') return [`the trial could not be continued: ${event.why}`]
    if (event.kind === 'wait-expired' && (event.lane === undefined || event.lane === laneId)) {
      return [`waited ${event.limitMs / 1000} s for: ${event.what}; last seen: ${event.seen}`]
    }
    return event.kind === 'client-died' && event.lane === laneId
      ? [`client process ${event.process} ended: ${event.how}`]
      : []
  })
  const open = expect.flatMap(({ doubt }) => (doubt === undefined ? [] : [doubt]))
  const vacuous = expect
    .filter(judged => judged.vacuous)
    .map(judged => `${judged.what}: ${judged.expected}, so it shows nothing`)
  return [
    ...failed,
    ...laneTrouble(events, laneId),
    ...lane.gaps,
    ...unproved(events),
    ...unacknowledged(facts, expect),
    ...notInjected(facts),
    ...vacuous,
    ...open,
    ...undelivered(facts),
    ...stuck(facts),
    ...uncaused(facts),
    ...unanswered(facts, expect),
  ]
}

/** Whether a producer had given up its open messages is not known when the harness stopped waiting first. */
function unanswered(facts: CellFacts, expect: readonly JudgedExpectation[]): string[] {
  const open = openAnswers(facts)
  return open > 0 && expect.some(({ what, excess }) => what === 'givenUp' && excess)
    ? [`the harness stopped waiting for the answers to ${open} messages, so it is not known whether they were given up`]
    : []
}

/** Without any acknowledgement no promise was made, unless the cell expects exactly that. */
function unacknowledged({ lane, answerCodes }: CellFacts, expect: readonly JudgedExpectation[]): string[] {
  if (lane.counts.acked > 0) return []
  const isExpected = expect.some(
    ({ what, ok }) => ok && (what === 'acked' || what === 'rejected' || what === 'unknown'),
  )
  if (isExpected && lane.counts.sent > 0) return []
  const codes = [...(answerCodes?.() ?? [])].toSorted(([a, m], [b, n]) => n - m || (a < b ? -1 : 1))
  const named = codes.slice(0, 5).map(([code, times]) => `${code} (${times}×)`)
  return [`nothing was acknowledged in this lane${named.length === 0 ? '' : `; answers: ${named.join(', ')}`}`]
}

function undelivered({ lane, expect }: CellFacts): string[] {
  // A lane with an application says in its gaps what did not come out.
  if (lane.delivered || lane.outputs) return []
  if (lane.hasConsumer) return ['nothing was delivered to a consumer']
  const named = expect.filter(({ what }) => consumerWords.has(what)).map(({ what }) => what)
  return named.length === 0 ? [] : [`the lane has no consumer, so nothing can be said about ${named.join(', ')}`]
}

/** Messages that consumers had not reached when the drain ended are a finding only where a cell expects them. */
function stuck({ lane, expect }: CellFacts): string[] {
  const spoken = expect.some(({ what }) => what === 'stalled')
  // Where the group's offset is unknown, or nothing was delivered, another doubt says so.
  const told = lane.gaps.length > 0 || !lane.delivered
  return spoken || told || lane.counts.stalled === 0
    ? []
    : [`${lane.counts.stalled} stored messages were neither processed nor passed when the drain ended`]
}

function unproved(events: readonly TrialEvent[]): string[] {
  return events.flatMap(event => {
    if (event.kind !== 'fault') return []
    const evidence = evidenceOf(event.id, events)
    if (!evidence) return [`no evidence was read for fault ${event.id}`]
    return evidence.complete ? [] : [`fault ${event.id} left no evidence: ${JSON.stringify(evidence.evidence)}`]
  })
}

function notInjected({ hasFaults, plannedFaults = [], events }: CellFacts): string[] {
  const injected = new Set(events.flatMap(event => (event.kind === 'fault' ? [event.id] : [])))
  if (hasFaults && injected.size === 0) return ['no fault was injected']
  return plannedFaults.filter(id => !injected.has(id)).map(id => `fault ${id} was not injected`)
}

/** An election or restart that no step caused makes exact expectations meaningless. `lost: 0` is judged all the same. */
function uncaused({ events, epochs, expect, lane }: CellFacts): string[] {
  return expect.some(isExact) || !lane.complete ? uncausedChanges(events, epochs) : []
}

/** Whether something is expected to happen, and not only that nothing does. */
const isExact = (expectation: Expectation | undefined): boolean =>
  expectation !== undefined && (expectation.expected.kind !== 'count' || expectation.expected.count > 0)

function describe({ what, expected, actual }: JudgedExpectation): string {
  return `${what}: expected ${expected}, happened ${actual}`
}
