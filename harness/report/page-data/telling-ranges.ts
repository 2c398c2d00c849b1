/** Of thousands of ranges of lost messages, those that tell most: the first of each cause, then the largest. */

export interface TellingRange {
  from: number
  count: number
  cause: { code: string }
}

/** At most `most` of them, in the order in which they came. */
export function tellingRanges<R extends TellingRange>(ranges: readonly R[], most: number): R[] {
  if (ranges.length <= most) return [...ranges]
  const codes = new Set<string>()
  const firsts = ranges.filter(({ cause }) => !codes.has(cause.code) && codes.add(cause.code))
  const kept = new Set([...firsts, ...ranges.toSorted((a, b) => b.count - a.count)].slice(0, most))
  return ranges.filter(range => kept.has(range))
}

export const messagesIn = (ranges: readonly TellingRange[]): number => ranges.reduce((sum, { count }) => sum + count, 0)
