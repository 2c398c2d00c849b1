/** Small helpers of the explanations. */
import type { Range } from '../check/ranges.ts'

export function count(range: Pick<Range, 'count'>): string {
  return range.count === 1 ? '1 message' : `${range.count} messages`
}

/** Least and greatest value. */
export function span(range: Pick<Range, 'each'>, value: (s: number) => number): { from: number; to: number } {
  let from = Infinity
  let to = -Infinity
  range.each(s => {
    from = Math.min(from, value(s))
    to = Math.max(to, value(s))
  })
  return { from, to }
}
