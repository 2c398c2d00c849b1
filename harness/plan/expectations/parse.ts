/** Parses an expectation as people write it: `lost: acked-in(cut)`, `duplicates: ">= 1"`. */
import { LossproofError } from '../../../model/errors.ts'
import { notEstablished } from '../../../model/causes.ts'
import { causeCodes } from '../../../systems/causes.ts'
import { countWords } from '../../../model/outcomes.ts'
import { nearest, suggestion } from '../../../model/nearest.ts'
import { sendStatuses } from '../../../model/plan.ts'
import type { Expectation, ExpectedValue } from '../../../model/plan.ts'

/**
 * The words that can stand before the colon, in the order of verdict.json's counts. A send status counts the messages
 * that were answered with it. `early` counts the messages acknowledged during slow-replication sooner than its delay.
 */
export const expectable: readonly string[] = [
  ...countWords.filter(word => word !== 'sent' && word !== 'unaccounted'),
  ...sendStatuses,
  'early',
  'cause',
]

const sets = ['acked-in', 'sent-in', 'unacked-in', 'acked-before', 'sent-after', 'poisoned', 'all'] as const
const windowed: ReadonlySet<string> = new Set(['acked-in', 'sent-in', 'unacked-in', 'acked-before', 'sent-after'])
const form = /^(>=|<=|=)?\s*(?:(\d+)|([a-z-]+)(?:\(([a-z0-9-]+)\))?)$/

/** Throws LossproofError('scenario') that says what is wrong with the word or the value. */
export function parseExpectation(what: string, raw: unknown): Expectation {
  if (!expectable.includes(what)) {
    throw new LossproofError('scenario', `unknown expectation "${what}"`, {
      hint: suggestion(what, expectable, `one of ${expectable.join(', ')}`),
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

/** One cause code or a list of them: every lost or skipped message must have one of these causes. */
function causesOf(raw: unknown): Expectation {
  const words = Array.isArray(raw) ? raw.map(String) : [String(raw)]
  const codes = words.map(word => {
    if (causeCodes.includes(word)) return word
    throw refused(
      'cause',
      raw,
      word === notEstablished
        ? '"not-established" means that the cause is unknown, so it cannot be expected; name a cause'
        : suggestion(word, causeCodes, `one of ${causeCodes.join(', ')}`),
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
    throw refused(
      what,
      raw,
      window === undefined ? `${set} needs the name of a window: ${set}(cut)` : `${set} takes no window`,
    )
  }
  return { kind: 'set', compare, set, ...(window === undefined ? {} : { window }) }
}

function refused(what: string, raw: unknown, hint?: string): LossproofError {
  return new LossproofError('scenario', `${what}: ${JSON.stringify(raw)} is not an expected value`, {
    hint:
      hint ??
      'expected a number, ">= n", "<= n", acked-in(w), sent-in(w), unacked-in(w), acked-before(w), sent-after(w), poisoned or all',
  })
}
