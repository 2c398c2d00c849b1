/** Lost messages as ranges, for people: neighbours among the messages of their partition, with their place in it. */
import type { LaneResult } from './lane.ts'
import { outcomeCode } from './outcomes.ts'

export interface Range {
  p: number
  from: number
  to: number
  count: number
  place: 'head' | 'middle' | 'tail' | 'all'
  outcome: 'lost' | 'clientLost'
  /** Message numbers, for the autopsy. */
  messages: number[]
}

export function lostRanges({ table }: LaneResult): Range[] {
  const codes = new Map<number, Range['outcome']>([[outcomeCode('lost'), 'lost'], [outcomeCode('clientLost'), 'clientLost']])
  const open = new Map<number, { range: Range; first: boolean }>()
  const ranges: Range[] = []
  /** Partitions of which an acknowledged message was seen. */
  const begun = new Set<number>()
  const close = (p: number, tail: boolean) => {
    const found = open.get(p)
    if (!found) return
    open.delete(p)
    const { range, first } = found
    range.place = first && tail ? 'all' : first ? 'head' : tail ? 'tail' : 'middle'
    ranges.push(range)
  }
  for (let s = 0; s < table.size; s++) {
    if (!table.has(s, 'acked')) continue
    const p = table.partition[s] ?? -1
    const outcome = codes.get(table.outcome[s] ?? 0)
    const current = open.get(p)?.range
    if (current && current.outcome !== outcome) close(p, false)
    if (outcome) {
      const extended = open.get(p)?.range
      if (extended) {
        extended.to = s
        extended.count += 1
        extended.messages.push(s)
      } else {
        open.set(p, { range: { p, from: s, to: s, count: 1, place: 'middle', outcome, messages: [s] }, first: !begun.has(p) })
      }
    }
    begun.add(p)
  }
  for (const p of Array.from(open.keys())) close(p, true)
  return ranges.toSorted((a, b) => a.from - b.from || a.p - b.p)
}
