/** A report has no room for thousands of ranges of lost messages. It shows the first of each cause, then the largest. */

interface Range {
  from: number
  count: number
  cause: { code: string }
}

/** At most `most` of the ranges, in their original order. */
export function shownRanges<R extends Range>(ranges: readonly R[], most: number): R[] {
  if (ranges.length <= most) return [...ranges]
  const firsts = [...Map.groupBy(ranges, ({ cause }) => cause.code).values()].flatMap(same => same.slice(0, 1))
  const kept = new Set([...firsts, ...ranges.toSorted((a, b) => b.count - a.count)].slice(0, most))
  return ranges.filter(range => kept.has(range))
}

export const messagesIn = (ranges: readonly Range[]): number => ranges.reduce((sum, { count }) => sum + count, 0)
