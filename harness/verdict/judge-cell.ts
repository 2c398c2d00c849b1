/**
 * The verdict of a cell, in this order: violated, inconclusive, not shown, held. A complete final log with an unexpected
 * loss in it is a violation whatever else went wrong; anything that could have hidden one is inconclusive; a loss that
 * was expected and did not happen is not shown.
 */
import type { TrialEvent } from '../../history/events.ts'
import type { Expectation } from '../../model/plan.ts'
import { uncausedChanges } from './causation.ts'
import type { Epochs } from '../../history/epochs.ts'
import { evidenceOf } from '../../history/fault-evidence.ts'
import { judge, judgeCauses } from './expect.ts'
import type { Caused, Judged } from './expect.ts'
import type { LaneResult } from '../check/lane.ts'
import type { VerdictWord } from '../../model/verdict.ts'
import type { Window } from './windows.ts'

/** Too much of these is a breach of safety; of the others it only differs from what was expected. */
const safety: ReadonlySet<string> = new Set([
  'lost',
  'clientLost',
  'skipped',
  'duplicates',
  'resurrected',
  'unexpected',
  'corrupt',
  'redelivered',
  'effects',
  'givenUp',
  'rejected',
  'stalled',
])
const always = ['corrupt', 'unexpected', 'resurrected'] as const
/** What only a consumer can do: where there was none, or nothing was delivered to it, none of these says anything. */
const consumers: ReadonlySet<string> = new Set(['processed', 'redelivered', 'effects', 'skipped', 'parked', 'stalled'])
const byDefault = ['lost', 'clientLost', 'skipped'] as const

export interface CellFacts {
  lane: LaneResult
  laneId: string
  expect: readonly Expectation[]
  windows: readonly Window[]
  events: readonly TrialEvent[]
  epochs: Epochs
  /** Of what was lost or skipped; none where nobody looked for them. */
  causes?: readonly Caused[]
  /** Whether the trial's schedule injects anything. */
  hasFaults: boolean
  /** Ids of the fault calls of the schedule, each of which must have been injected. */
  plannedFaults?: readonly string[]
}

export function judgeCell(facts: CellFacts): { verdict: VerdictWord; reasons: string[]; expect: Judged[] } {
  const expect = withDefaults(facts.expect, facts.lane).map(
    expectation => judgeCauses(expectation, facts.causes ?? []) ?? judge(expectation, facts.lane, facts.windows),
  )
  const violations = facts.lane.complete
    ? expect.filter(judged => judged.excess && safety.has(judged.what)).map(describe)
    : []
  if (violations.length > 0) return { verdict: 'violated', reasons: violations, expect }
  const doubts = doubtsAbout(facts, expect)
  if (doubts.length > 0) return { verdict: 'inconclusive', reasons: doubts, expect }
  const unmet = expect.filter(judged => !judged.ok)
  if (unmet.length > 0) return { verdict: 'not-shown', reasons: unmet.map(describe), expect }
  return { verdict: 'held', reasons: [], expect }
}

/** A cell that does not speak of loss still promises none, and what always is a violation is told where it happened. */
function withDefaults(expect: readonly Expectation[], lane: LaneResult): Expectation[] {
  const spoken = new Set(expect.map(expectation => expectation.what))
  const silent = [...byDefault, ...always.filter(what => lane.counts[what] > 0)].filter(what => !spoken.has(what))
  return [
    ...expect,
    ...silent.map((what): Expectation => ({ what, expected: { kind: 'count', compare: '=', count: 0 }, text: '0' })),
  ]
}

function doubtsAbout(facts: CellFacts, expect: readonly Judged[]): string[] {
  const { lane, events, laneId } = facts
  const failed = events.flatMap(event => {
    if (event.kind === 'trial-failed') return [`the trial could not be carried on: ${event.why}`]
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
    ...lane.gaps,
    ...unproved(events),
    ...(lane.counts.acked === 0 ? ['nothing was acknowledged in this lane'] : []),
    ...notInjected(facts),
    ...vacuous,
    ...open,
    ...undelivered(facts),
    ...stuck(facts),
    ...uncaused(facts),
  ]
}

function undelivered({ lane, expect }: CellFacts): string[] {
  if (lane.delivered) return []
  if (lane.hasConsumer) return ['nothing was delivered to a consumer']
  const named = expect.filter(({ what }) => consumers.has(what)).map(({ what }) => what)
  return named.length === 0 ? [] : [`the lane has no consumer, so nothing can be said of ${named.join(', ')}`]
}

/** What its consumers had not come to when the drain ended is a finding only where it was expected. */
function stuck({ lane, expect }: CellFacts): string[] {
  const spoken = expect.some(({ what }) => what === 'stalled')
  // Where the group's offset is not known, or nothing was delivered at all, that is the doubt.
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

/** An election or restart that no step caused makes exact expectations meaningless; `lost: 0` is judged all the same. */
function uncaused({ events, epochs, expect, lane }: CellFacts): string[] {
  const exact = expect.some(({ expected }) => expected.kind !== 'count' || expected.count > 0)
  return exact || !lane.complete ? uncausedChanges(events, epochs) : []
}

function describe({ what, expected, actual }: Judged): string {
  return `${what}: expected ${expected}, happened ${actual}`
}
