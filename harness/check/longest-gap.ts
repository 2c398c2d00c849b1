/**
 * The longest time without an acknowledgement. Millions of them need not be sorted for it: time is cut into slices of
 * which the first and the last acknowledgement are kept, and a gap that is longer than a slice lies between two of those.
 */
import { pausedBetween } from './pauses.ts'
import type { Pause } from './pauses.ts'
import type { MessageTable } from './table.ts'

const slices = 65_536

/** Of the gaps that end after `after`, less the pauses in them; ms, 0 when there is none. */
export function longestGap(table: MessageTable, after: number, pauses: readonly Pause[]): number {
  let first = Infinity
  let last = -Infinity
  let count = 0
  eachAck(table, t => {
    first = Math.min(first, t)
    last = Math.max(last, t)
    count += 1
  })
  if (count < 2) return 0
  const width = (last - first) / slices
  if (count > slices && width > 0) {
    const longest = longestIn(edges(table, first, width), 2, after, pauses)
    // Within a slice there is none as long, but for what the division rounds.
    if (longest > width * 1.001) return longest
  }
  const acks = new Float64Array(count)
  let at = 0
  eachAck(table, t => {
    acks[at] = t
    at += 1
  })
  return longestIn(acks.toSorted(), 1, after, pauses)
}

/** First and last acknowledgement of each slice that has one. */
function edges(table: MessageTable, first: number, width: number): Float64Array {
  const from = new Float64Array(slices + 1).fill(Infinity)
  const to = new Float64Array(slices + 1).fill(-Infinity)
  eachAck(table, t => {
    const slice = Math.min(slices, Math.floor((t - first) / width))
    from[slice] = Math.min(from[slice] ?? Infinity, t)
    to[slice] = Math.max(to[slice] ?? -Infinity, t)
  })
  const found: number[] = []
  for (let slice = 0; slice <= slices; slice++) {
    if ((to[slice] ?? -Infinity) >= 0) found.push(from[slice] ?? 0, to[slice] ?? 0)
  }
  return Float64Array.from(found)
}

/** Of the gaps that end at every `step`th of `acks`: 2 for pairs of first and last, whose own distance is no gap. */
function longestIn(acks: Float64Array, step: 1 | 2, after: number, pauses: readonly Pause[]): number {
  let longest = 0
  for (let at = step; at < acks.length; at += step) {
    const [from, to] = [acks[at - 1] ?? 0, acks[at] ?? 0]
    // Only a gap that is long with the pauses in it can be the longest without them.
    if (to > after && to - from > longest) longest = Math.max(longest, to - from - pausedBetween(pauses, from, to))
  }
  return longest
}

function eachAck(table: MessageTable, visit: (t: number) => void): void {
  table.each(s => {
    if (table.has(s, 'acked')) visit(table.ackedAt.get(s))
  })
}
