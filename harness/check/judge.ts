/**
 * The verdict of a cell, in this order: violated, inconclusive, not shown, held. A complete final log with an unexpected
 * loss in it is a violation whatever else went wrong; anything that could have hidden one is inconclusive; a loss that
 * was expected and did not happen is not shown.
 */
import type { TrialEvent } from '../history/events.ts'
import type { Expectation } from '../plan/types.ts'
import type { Epochs } from './epochs.ts'
import { judge } from './expect.ts'
import type { Judged } from './expect.ts'
import type { LaneResult } from './lane.ts'
import type { VerdictWord } from './verdict.ts'
import type { Window } from './windows.ts'

/** Too much of these is a breach of safety; of the others it only differs from what was expected. */
const safety: ReadonlySet<string> = new Set(['lost', 'clientLost', 'skipped', 'duplicates', 'resurrected', 'unexpected', 'corrupt', 'redelivered', 'effects', 'givenUp'])
const always = ['corrupt', 'unexpected', 'resurrected'] as const
const byDefault = ['lost', 'clientLost', 'skipped'] as const

export interface CellFacts {
  lane: LaneResult
  laneId: string
  expect: readonly Expectation[]
  windows: readonly Window[]
  events: readonly TrialEvent[]
  epochs: Epochs
  /** Whether the trial's schedule injects anything. */
  hasFaults: boolean
}

export function judgeCell(facts: CellFacts): { verdict: VerdictWord; reasons: string[]; expect: Judged[] } {
  const expect = withDefaults(facts.expect).map(expectation => judge(expectation, facts.lane, facts.windows))
  const violations = facts.lane.complete ? breaches(facts, expect) : []
  if (violations.length > 0) return { verdict: 'violated', reasons: violations, expect }
  const doubts = doubtsAbout(facts, expect)
  if (doubts.length > 0) return { verdict: 'inconclusive', reasons: doubts, expect }
  const unmet = expect.filter(judged => !judged.ok)
  if (unmet.length > 0) return { verdict: 'not-shown', reasons: unmet.map(describe), expect }
  return { verdict: 'held', reasons: [], expect }
}

/** A cell that does not speak of loss still promises none. */
function withDefaults(expect: readonly Expectation[]): Expectation[] {
  const spoken = new Set(expect.map(expectation => expectation.what))
  const silent = byDefault.filter(what => !spoken.has(what))
  return [...expect, ...silent.map((what): Expectation => ({ what, expected: { kind: 'count', compare: '=', count: 0 }, text: '0' }))]
}

function breaches({ lane, expect: given }: CellFacts, expect: readonly Judged[]): string[] {
  const spoken = new Set(given.map(expectation => expectation.what))
  const broken = expect.filter(judged => judged.excess && !judged.vacuous && safety.has(judged.what)).map(describe)
  const never = always.filter(what => !spoken.has(what) && lane.counts[what] > 0).map(what => `${lane.counts[what]} ${what}`)
  return [...never, ...broken]
}

function doubtsAbout(facts: CellFacts, expect: readonly Judged[]): string[] {
  const { lane, events, laneId } = facts
  const failed = events.flatMap(event => {
    if (event.kind === 'trial-failed') return [`the trial could not be carried on: ${event.why}`]
    if (event.kind === 'wait-expired' && (event.lane === undefined || event.lane === laneId)) {
      return [`waited ${event.limitMs / 1000} s for: ${event.what}; last seen: ${event.seen}`]
    }
    return event.kind === 'client-died' && event.lane === laneId ? [`client process ${event.process} ended: ${event.how}`] : []
  })
  const vacuous = expect.filter(judged => judged.vacuous).map(judged => `${judged.what}: ${judged.expected}, so it shows nothing`)
  return [
    ...failed,
    ...lane.gaps,
    ...unproved(events),
    ...(lane.counts.acked === 0 ? ['nothing was acknowledged in this lane'] : []),
    ...(facts.hasFaults && !events.some(event => event.kind === 'fault') ? ['no fault was injected'] : []),
    ...vacuous,
    ...uncausedElections(facts),
  ]
}

function unproved(events: readonly TrialEvent[]): string[] {
  return events.flatMap(event => {
    if (event.kind !== 'fault') return []
    const evidence = events.find(other => other.kind === 'evidence' && other.id === event.id)
    if (evidence?.kind !== 'evidence') return [`no evidence was read for fault ${event.id}`]
    return evidence.complete ? [] : [`fault ${event.id} left no evidence: ${JSON.stringify(evidence.evidence)}`]
  })
}

/** An election before any fault or after recovery makes exact expectations meaningless; `lost: 0` is judged all the same. */
function uncausedElections({ events, epochs, expect, lane }: CellFacts): string[] {
  const firstFault = events.find(event => event.kind === 'fault')?.t ?? Infinity
  const recovered = events.findLast(event => event.kind === 'recovered')?.t ?? Infinity
  const uncaused = epochs.elections().filter(election => election.t < firstFault || election.t > recovered)
  const exact = expect.some(({ expected }) => expected.kind === 'set' || (expected.kind === 'count' && expected.count > 0))
  if (uncaused.length === 0 || (!exact && lane.complete)) return []
  return uncaused.map(({ t, leader, epoch }) => `an election that no step caused: leader ${leader} in epoch ${epoch} at ${Math.round(t)} ms`)
}

function describe({ what, expected, actual }: Judged): string {
  return `${what}: expected ${expected}, happened ${actual}`
}
