/**
 * The fate of every message of a lane, in the order of their numbers, as runs of equal fates: `s278l52s52` is 278 stored,
 * 52 lost, 52 stored. Where a page has no room for all runs, neighbours are merged and get the worst of their fates, so
 * that no loss disappears from the picture.
 */
import { answerOf } from '../../check/counts.ts'
import { outcomes } from '../../../model/outcomes.ts'
import type { Outcome } from '../../../model/outcomes.ts'
import { flag, side } from '../../check/table/table.ts'
import type { MessageTable } from '../../check/table/table.ts'
import { fates } from './fate-words.ts'
import type { Fate, Fates } from './fate-words.ts'

const rank = new Map<Fate, number>(fates.map(([letter], at) => [letter, at]))
const ofOutcome: Record<Exclude<Outcome, 'stored'>, Fate> = {
  lost: 'l',
  clientLost: 'c',
  givenUp: 'g',
  unsent: 'w',
  spooled: 'x',
  expired: 'e',
  unaccounted: 'u',
}

/** The fate of the message with the number `s`. */
export function fateOf(table: MessageTable, s: number): Fate {
  const row = table.find(s)
  return row < 0 ? 'n' : fateOfRow(table, row)
}

export function fateOfRow(table: MessageTable, row: number): Fate {
  if (!table.has(row, flag.sent)) return 'n'
  const outcome = outcomes[table.outcome(row)]?.[0] ?? 'unaccounted'
  if (outcome !== 'stored') return ofOutcome[outcome]
  const answer = answerOf(table, row)
  if (answer === 'rejected') return 'r'
  if (table.hasSide(row, side.skipped)) return 'k'
  if (table.hasSide(row, side.stalled)) return 't'
  if (table.copies.get(row) > 1) return 'd'
  if (table.has(row, flag.parked)) return 'p'
  return answer === 'unknown' ? 'v' : 's'
}

/** All messages of the lane in at most `maxRuns` runs. */
export function fatesOf(table: MessageTable, maxRuns: number): Fates {
  const known = knownFates(table)
  for (let per = 1; ; per *= 2) {
    const runs = runsOf(known, table.size, per, maxRuns)
    if (runs !== undefined) return { per, runs }
  }
}

/** More than there are fates. */
const places = 16

/**
 * The messages that were sent, in the order of their numbers: the number times `places`, plus the rank of its fate. Numbers
 * may be scattered up to 2^31, so nothing here counts through the numbers between them.
 */
function knownFates(table: MessageTable): Float64Array {
  const found = new Float64Array(table.rows)
  let count = 0
  for (let row = 0, { rows } = table; row < rows; row++) {
    if (!table.has(row, flag.sent)) continue
    found[count] = table.numberOf(row) * places + (rank.get(fateOfRow(table, row)) ?? 0)
    count += 1
  }
  return found.subarray(0, count).toSorted()
}

/** Units of `per` messages as runs. Undefined when there are more than `max`. A single unit for all messages always fits. */
function runsOf(known: Float64Array, size: number, per: number, max: number): string | undefined {
  const runs = new Runs()
  const most = per < size ? max : Infinity
  let next = 0
  for (let at = 0; at < known.length && runs.count <= most;) {
    const unit = unitOf(known[at] ?? 0, per)
    let worst = Infinity
    for (; at < known.length && unitOf(known[at] ?? 0, per) === unit; at++)
      worst = Math.min(worst, (known[at] ?? 0) % places)
    runs.add(neverSent, unit - next)
    runs.add(fates[worst]?.[0] ?? neverSent, 1)
    next = unit + 1
  }
  runs.add(neverSent, Math.ceil(size / per) - next)
  return runs.count > most ? undefined : runs.text()
}

const neverSent = 'n'
const unitOf = (known: number, per: number) => Math.floor(Math.floor(known / places) / per)

/** Runs of equal letters, one behind the other. */
class Runs {
  readonly #parts: string[] = []
  #letter: Fate = neverSent
  #length = 0

  /** Number of runs. */
  get count(): number {
    return this.#parts.length + (this.#length > 0 ? 1 : 0)
  }

  add(letter: Fate, length: number): void {
    if (length <= 0) return
    if (letter !== this.#letter) this.#close()
    this.#letter = letter
    this.#length += length
  }

  text(): string {
    this.#close()
    return this.#parts.join('')
  }

  #close(): void {
    if (this.#length > 0) this.#parts.push(this.#length === 1 ? this.#letter : `${this.#letter}${this.#length}`)
    this.#length = 0
  }
}
