/** Small helpers of the explanations. */
import type { Range } from '../check/ranges.ts'

export function count(range: Pick<Range, 'count'>): string {
  return range.count === 1 ? '1 message' : `${range.count} messages`
}

/** Least and greatest value; a range may have millions of messages, too many for the arguments of Math.min. */
export function span(messages: readonly number[], value: (s: number) => number): { from: number; to: number } {
  let from = Infinity
  let to = -Infinity
  for (const s of messages) {
    from = Math.min(from, value(s))
    to = Math.max(to, value(s))
  }
  return { from, to }
}
