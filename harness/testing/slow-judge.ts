/** A second checker for tests, slow and simple. Its verdicts must equal those of the real one. */
import type { TrialEvent } from '../../history/events.ts'
import type { Expectation } from '../../model/plan.ts'
import type { Counts, VerdictWord } from '../../model/verdict.ts'
import { parseExpectation } from '../plan/expectations/parse.ts'
import { lane } from './literal.ts'
import type { Literal } from './literal.ts'
import { SlowFacts } from './slow-facts.ts'

export interface SlowResult {
  counts: Counts
  verdict: VerdictWord
  /** The numbers of the messages of which each word of `counts` speaks. */
  sets: Record<string, Set<number>>
}

export function slowCheck(literal: Literal): SlowResult {
  const facts = new SlowFacts(literal)
  const { counts, sets } = facts.count()
  return { counts, sets, verdict: verdictOf(literal, facts, counts, sets) }
}

const unsafe = new Set([
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
  'phantom',
  'ahead',
  'staleEpochs',
  'failures',
  'deadLettered',
  'unsent',
  'reordered',
  'outOfOrder',
])
/** Certain only when everything was read. */
const unsafeWhenComplete = new Set(['stalled'])
const consumed = new Set([
  'processed',
  'redelivered',
  'outOfOrder',
  'effects',
  'skipped',
  'parked',
  'parkedLost',
  'failures',
  'deadLettered',
  'stalled',
])

function verdictOf(literal: Literal, facts: SlowFacts, counts: Counts, sets: Record<string, Set<number>>): VerdictWord {
  const said = Object.entries(literal.expect ?? {}).map(([what, raw]) => parseExpectation(what, raw))
  const always = ['resurrected', 'unexpected', 'corrupt', 'phantom', 'ahead', 'staleEpochs', 'unsent']
  const silent = ['lost', 'clientLost', 'skipped', ...always].filter(what => !said.some(one => one.what === what))
  const judged = [...said, ...silent.map(what => parseExpectation(what, 0))].map(expectation =>
    judgeOne(expectation, facts, counts, sets),
  )
  const certain = (what: string) => unsafe.has(what) || (facts.complete && unsafeWhenComplete.has(what))
  if (judged.some(one => one.excess && certain(one.what))) return 'violated'
  const proved = (id: string) =>
    facts.events.some(event => event.kind === 'evidence' && event.id === id && event.complete)
  const faults = facts.events.flatMap(event => (event.kind === 'fault' ? [event.id] : []))
  const waiting = facts.numbers.filter(s => facts.isWaiting(s))
  const doubts = [
    !facts.complete,
    waiting.some(s => facts.groupOffset(facts.firstCopy(s)?.p ?? -1) === undefined),
    waiting.some(s => facts.isPassedLater(s)),
    !faults.includes('cut-replication-1'),
    !faults.every(proved),
    counts.acked === 0,
    judged.some(one => one.empty),
    facts.hasConsumer && !facts.delivered,
    // Messages that consumers had not reached must be expected.
    counts.stalled > 0 && !said.some(one => one.what === 'stalled'),
    !facts.hasConsumer && !facts.delivered && said.some(one => consumed.has(one.what)),
    facts.events.some(
      event =>
        event.kind === 'trial-failed' ||
        ((event.kind === 'wait-expired' || event.kind === 'client-died') && (event.lane ?? lane) === lane),
    ),
  ]
  if (doubts.some(Boolean)) return 'inconclusive'
  return judged.some(one => one.excess || one.short) ? 'not-shown' : 'held'
}

function judgeOne(
  { what, expected }: Expectation,
  facts: SlowFacts,
  counts: Counts,
  sets: Record<string, Set<number>>,
): { what: string; short: boolean; excess: boolean; empty: boolean } {
  if (expected.kind === 'causes') throw new Error('the slow checker does not judge causes')
  const { compare } = expected
  if (expected.kind === 'count') {
    const actual = Object.entries(counts).find(([name]) => name === what)?.[1] ?? 0
    return {
      what,
      short: compare !== '<=' && actual < expected.count,
      excess: compare !== '>=' && actual > expected.count,
      empty: false,
    }
  }
  const range = expected.window === undefined ? undefined : rangeOf(expected.window, facts.events)
  if (expected.window !== undefined && range === undefined) return { what, short: false, excess: false, empty: true }
  const inside = (t: number) => range !== undefined && t >= range.open && t <= range.close
  const isAcked = (s: number) => facts.answer(s) === 'acked'
  /** One attempt was unanswered at the close, or in flight while the window's fault was injected or its last step ran. */
  const open = (s: number) =>
    range !== undefined &&
    [
      { sent: facts.sentAt(s), answered: facts.answeredAt(s) },
      ...facts.ackedAttempts(s).map(({ sent, acked }) => ({ sent, answered: acked })),
    ].some(({ sent, answered }) => {
      if (inside(sent)) return answered > range.close
      if (sent > range.close) return sent <= range.surelyOver
      return range.perhapsBegun < range.open && answered >= range.perhapsBegun
    })
  const tests: Record<typeof expected.set, { wanted: (s: number) => boolean; allowed: (s: number) => boolean }> = {
    all: { wanted: () => true, allowed: () => false },
    poisoned: { wanted: s => facts.isPoison(s), allowed: () => false },
    'sent-in': { wanted: s => inside(facts.sentAt(s)), allowed: open },
    'acked-in': {
      wanted: s => facts.ackedAttempts(s).some(({ sent, acked }) => inside(sent) && inside(acked)),
      allowed: s => open(s) && isAcked(s),
    },
    'unacked-in': { wanted: s => !isAcked(s) && inside(facts.sentAt(s)), allowed: s => open(s) && !isAcked(s) },
    'sent-after': { wanted: s => range !== undefined && facts.sentAt(s) > range.close, allowed: open },
    'acked-before': {
      wanted: s => isAcked(s) && facts.ackedAt(s) < (range?.perhapsBegun ?? 0),
      allowed: s => isAcked(s) && facts.ackedAt(s) < (range?.open ?? 0),
    },
  }
  const { wanted, allowed } = tests[expected.set]
  const happened = sets[what] ?? new Set()
  const missing = facts.numbers.filter(s => wanted(s) && !happened.has(s))
  const others = facts.numbers.filter(s => happened.has(s) && !wanted(s) && !allowed(s))
  return {
    what,
    short: compare !== '<=' && missing.length > 0,
    excess: compare !== '>=' && others.length > 0,
    empty: expected.set !== 'all' && !facts.numbers.some(wanted),
  }
}

interface Stretch {
  open: number
  close: number
  /** When the window's fault may have begun to act, and when the next window's fault surely had. */
  perhapsBegun: number
  surelyOver: number
}

function rangeOf(name: string, events: readonly TrialEvent[]): Stretch | undefined {
  const open = events.find(event => event.kind === 'window-open' && event.window === name)
  const close = events.find(event => event.kind === 'window-close' && event.window === name)
  if (open?.kind !== 'window-open' || close?.kind !== 'window-close') return undefined
  const cause = events.find(event => event.kind === 'fault' && event.window === name)?.t ?? open.t
  const after = events.slice(events.indexOf(close) + 1)
  const nextStep = after.findIndex(event => event.kind === 'step' || event.kind === 'recovered')
  const ofStep = nextStep < 0 ? after : after.slice(0, nextStep)
  const done = ofStep.flatMap(event => {
    if (event.kind === 'healed' || event.kind === 'window-open') return [event.t]
    if (event.kind !== 'fault') return []
    return [events.find(other => other.kind === 'injected' && other.id === event.id)?.t ?? event.t]
  })
  const over = Math.max(close.t, ...done)
  return {
    open: open.t,
    close: close.t,
    perhapsBegun: open.quiesced ? open.t : cause,
    surelyOver: close.quiesced ? close.t : over,
  }
}
