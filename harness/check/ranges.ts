/** Lost messages as ranges of neighbours among the acknowledged messages of their partition, each with its place there. */
import type { LostRange } from '../../systems/shared/autopsy/lane-facts.ts'
import type { LaneResult } from './lane.ts'
import { outcomeCode } from '../../model/outcomes.ts'
import type { MessageTable } from './table/table.ts'

const codes = new Map<number, LostRange['outcome']>([
  [outcomeCode('lost'), 'lost'],
  [outcomeCode('clientLost'), 'clientLost'],
])

export function lostRanges({ table }: Pick<LaneResult, 'table'>): LostRange[] {
  if (!hasLost(table)) return []
  const open = new Map<number, { range: LostRange; first: boolean }>()
  const ranges: LostRange[] = []
  /** Partitions with an acknowledged message so far. */
  const begun = new Set<number>()
  const close = (p: number, tail: boolean) => {
    const found = open.get(p)
    if (!found) return
    open.delete(p)
    const { range, first } = found
    range.place = first && tail ? 'all' : first ? 'head' : tail ? 'tail' : 'middle'
    ranges.push(range)
  }
  table.eachInOrder(s => {
    if (!table.has(s, 'acked')) return
    const p = table.partition(s)
    const outcome = codes.get(table.outcome(s))
    const current = open.get(p)?.range
    if (current && current.outcome !== outcome) close(p, false)
    if (outcome) {
      const extended = open.get(p)?.range
      if (extended) {
        extended.to = s
        extended.count += 1
      } else open.set(p, { range: rangeFrom(s, p, outcome, table), first: !begun.has(p) })
    }
    begun.add(p)
  })
  for (const p of Array.from(open.keys())) close(p, true)
  return ranges.toSorted((a, b) => a.from - b.from || a.p - b.p)
}

function hasLost(table: MessageTable): boolean {
  let found = false
  table.each(s => (found ||= codes.has(table.outcome(s))))
  return found
}

function rangeFrom(from: number, p: number, outcome: LostRange['outcome'], table: MessageTable): LostRange {
  const range: LostRange = {
    p,
    from,
    to: from,
    count: 1,
    place: 'middle',
    outcome,
    each: visit =>
      table.between(range.from, range.to, s => {
        if (table.has(s, 'acked') && table.partition(s) === p) visit(s)
      }),
  }
  return range
}
