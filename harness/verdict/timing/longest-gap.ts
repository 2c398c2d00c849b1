/**
 * The longest time without an acknowledgement, without sorting millions of them: time is divided into slices, of which only
 * the first and last acknowledgement are kept. A gap longer than a slice lies between two slices. Where the longest gap is
 * shorter, the acknowledgements of some slices at a time are sorted, at most a million.
 */
import { pausedBetween } from './pauses.ts'
import type { Pause } from './pauses.ts'
import type { MessageTable } from '../../check/table/table.ts'

const mostSlices = 65_536
const mostSorted = 1_000_000

interface Slices {
  first: number
  width: number
  /** By slice: first and last acknowledgement, and their number. */
  from: Float64Array
  to: Float64Array
  counts: Uint32Array
}

/** The longest gap that ends after `after`, without the pauses in it; ms, 0 when there is none. */
export function longestGap(table: MessageTable, after: number, pauses: readonly Pause[]): number {
  const slices = cut(table)
  if (slices === undefined) return 0
  const { counts, from, to, width } = slices
  let longest = 0
  const meet = (begin: number, end: number) => {
    // A gap that is short with its pauses is not the longest without them.
    if (end > after && end - begin > longest)
      longest = Math.max(longest, end - begin - pausedBetween(pauses, begin, end))
  }
  let last: number | undefined
  for (let slice = 0; slice < counts.length; slice++) {
    if (counts[slice] === 0) continue
    if (last !== undefined) meet(last, from[slice] ?? 0)
    last = to[slice] ?? 0
  }
  // No gap within a slice is as long. The factor allows for rounding of the slice width.
  if (longest > width * 1.001) return longest
  for (let begin = 0; begin < counts.length;) {
    let end = begin + 1
    let sum = counts[begin] ?? 0
    for (; end < counts.length && sum + (counts[end] ?? 0) <= mostSorted; end++) sum += counts[end] ?? 0
    if (sum > 1) {
      const acks = acksOf(table, slices, { begin, end }, sum)
      for (let at = 1; at < acks.length; at++) meet(acks[at - 1] ?? 0, acks[at] ?? 0)
    }
    begin = end
  }
  return longest
}

function cut(table: MessageTable): Slices | undefined {
  const { rows, ackedAt } = table
  let first = Infinity
  let last = -Infinity
  let count = 0
  for (let row = 0; row < rows; row++) {
    const t = ackedAt.get(row)
    if (t < 0) continue
    if (t < first) first = t
    if (t > last) last = t
    count += 1
  }
  if (count < 2) return undefined
  const number = Math.min(mostSlices, count)
  const slices: Slices = {
    first,
    width: (last - first) / number,
    from: new Float64Array(number + 1).fill(Infinity),
    to: new Float64Array(number + 1).fill(-Infinity),
    counts: new Uint32Array(number + 1),
  }
  for (let row = 0; row < rows; row++) {
    const t = ackedAt.get(row)
    if (t < 0) continue
    const slice = sliceOf(slices, t)
    if (t < (slices.from[slice] ?? 0)) slices.from[slice] = t
    if (t > (slices.to[slice] ?? 0)) slices.to[slice] = t
    slices.counts[slice] = (slices.counts[slice] ?? 0) + 1
  }
  return slices
}

/** The acknowledgements of some slices, in order. */
function acksOf(
  table: MessageTable,
  slices: Slices,
  { begin, end }: { begin: number; end: number },
  count: number,
): Float64Array {
  const { rows, ackedAt } = table
  const acks = new Float64Array(count)
  let at = 0
  for (let row = 0; row < rows; row++) {
    const t = ackedAt.get(row)
    const slice = t < 0 ? -1 : sliceOf(slices, t)
    if (slice < begin || slice >= end) continue
    acks[at] = t
    at += 1
  }
  return acks.toSorted()
}

function sliceOf({ first, width, counts }: Slices, t: number): number {
  return width > 0 ? Math.min(counts.length - 1, Math.floor((t - first) / width)) : 0
}
