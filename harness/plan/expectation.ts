/** An expectation as people write it → as the checker evaluates it: `lost: acked-in(cut)`, `duplicates: ">= 1"`. */
import { LossproofError } from '../../model/errors.ts'
import { notEstablished } from '../../model/causes.ts'
import { causeCodes } from '../../systems/causes.ts'
import { nearest } from '../../model/nearest.ts'
import { sendStatuses } from '../../model/plan.ts'
import type { Expectation, ExpectedValue } from '../../model/plan.ts'

/**
 * What can be expected of, in the order of verdict.json's counts; then send statuses of RocketMQ, of the
 * messages answered so, and `early`: acknowledged while slow-replication lasted, sooner than its delay.
 */
export const expectable = [
  'stored',
  'lost',
  'clientLost',
  'givenUp',
  'spooled',
  'expired',
  'acked',
  'rejected',
  'unknown',
  'duplicates',
  'recovered',
  'resurrected',
  'unexpected',
  'corrupt',
  'processed',
  'redelivered',
  'effects',
  'skipped',
  'parked',
  'stalled',
  ...sendStatuses,
  'early',
  'cause',
] as const

const sets = ['acked-in', 'sent-in', 'unacked-in', 'acked-before', 'poisoned', 'all'] as const
const windowed: ReadonlySet<string> = new Set(['acked-in', 'sent-in', 'unacked-in', 'acked-before'])
const form = /^(>=|<=|=)?\s*(?:(\d+)|([a-z-]+)(?:\(([a-z0-9-]+)\))?)$/

/** Throws LossproofError('scenario') that says what is wrong with either side. */
export function parseExpectation(what: string, raw: unknown): Expectation {
  if (!expectable.some(known => known === what)) {
    const word = nearest(what, expectable)
    throw new LossproofError('scenario', `nothing can be expected of "${what}"`, {
      hint: word === undefined ? `one of ${expectable.join(', ')}` : `did you mean "${word}"?`,
    })
  }
  if (what === 'cause') return causesOf(raw)
  const text = typeof raw === 'number' || typeof raw === 'string' ? String(raw).trim() : ''
  const match = form.exec(text)
  if (!match) throw refused(what, raw)
  const compare = match[1] === '>=' || match[1] === '<=' ? match[1] : '='
  return {
    what,
    expected:
      match[2] === undefined
        ? setOf(what, raw, compare, match[3] ?? '', match[4])
        : { kind: 'count', compare, count: Number(match[2]) },
    text,
  }
}

/** Codes of the autopsy, one or a list: each message that was lost or skipped has one of them. */
function causesOf(raw: unknown): Expectation {
  const words = Array.isArray(raw) ? raw.map(String) : [String(raw)]
  const codes = words.map(word => {
    if (causeCodes.includes(word)) return word
    const meant = nearest(word, causeCodes)
    throw refused(
      'cause',
      raw,
      word === notEstablished
        ? 'a cause that is not established cannot be expected'
        : meant === undefined
          ? `one of ${causeCodes.join(', ')}`
          : `did you mean "${meant}"?`,
    )
  })
  if (codes.length === 0) throw refused('cause', raw, `one or several of ${causeCodes.join(', ')}`)
  return { what: 'cause', expected: { kind: 'causes', codes }, text: codes.join(' or ') }
}

function setOf(
  what: string,
  raw: unknown,
  compare: '=' | '>=' | '<=',
  word: string,
  window: string | undefined,
): ExpectedValue {
  const set = sets.find(known => known === word)
  if (!set) {
    const meant = nearest(word, sets)
    throw refused(what, raw, meant === undefined ? undefined : `did you mean "${meant}"?`)
  }
  if (windowed.has(set) !== (window !== undefined)) {
    throw refused(what, raw, window === undefined ? `${set} needs a window: ${set}(cut)` : `${set} takes no window`)
  }
  return { kind: 'set', compare, set, ...(window === undefined ? {} : { window }) }
}

function refused(what: string, raw: unknown, hint?: string): LossproofError {
  return new LossproofError('scenario', `${what}: ${JSON.stringify(raw)} is no expectation`, {
    hint: hint ?? 'a number, ">= n", "<= n", acked-in(w), sent-in(w), unacked-in(w), acked-before(w), poisoned or all',
  })
}
