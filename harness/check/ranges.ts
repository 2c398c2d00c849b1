/**
 * Lost messages as ranges of neighbours among the acknowledged messages of their partition, each with its place there.
 * Neighbours are found without sorting all messages: the lost ones of a partition are sorted, and every other acknowledged
 * message separates the two between which its number lies.
 */
import type { LostRange } from '../../systems/shared/autopsy/lane-facts.ts'
import type { LaneResult } from './lane-result.ts'
import { outcomeCode } from '../../model/outcomes.ts'
import { isGone } from './counts.ts'
import { flag } from './table/table.ts'
import type { MessageTable } from './table/table.ts'

const clientLost = outcomeCode('clientLost')

export function lostRanges({ table }: Pick<LaneResult, 'table'>): LostRange[] {
  const byPartition = lostNumbers(table)
  if (byPartition.size === 0) return []
  const separated = new Map([...byPartition].map(([p, numbers]) => [p, new Separated(numbers)]))
  for (let row = 0, { rows } = table; row < rows; row++)
    if (table.has(row, flag.acked) && !isGone(table, row))
      separated.get(table.partition(row))?.separate(table.numberOf(row))
  const ranges = [...separated].flatMap(([p, lost]) => rangesOf(p, lost, table))
  return ranges.toSorted((a, b) => a.from - b.from || a.p - b.p)
}

/** By partition: the numbers of its lost messages, in order. */
function lostNumbers(table: MessageTable): Map<number, Uint32Array> {
  const counts = new Map<number, number>()
  for (let row = 0, { rows } = table; row < rows; row++) {
    if (!isGone(table, row)) continue
    const p = table.partition(row)
    counts.set(p, (counts.get(p) ?? 0) + 1)
  }
  const numbers = new Map([...counts].map(([p, count]) => [p, new Uint32Array(count)]))
  for (let row = 0, { rows } = table; row < rows; row++) {
    if (!isGone(table, row)) continue
    const p = table.partition(row)
    const left = (counts.get(p) ?? 0) - 1
    counts.set(p, left)
    const ofPartition = numbers.get(p)
    if (ofPartition) ofPartition[left] = table.numberOf(row)
  }
  for (const ofPartition of numbers.values()) ofPartition.sort()
  return numbers
}

/** Numbers of lost messages, and where other acknowledged messages lie between them. */
class Separated {
  readonly numbers: Uint32Array
  /** Whether other messages lie before the number at each place, and behind the number before it. The last: behind all. */
  readonly #gaps: Uint8Array
  readonly #first: number
  readonly #last: number

  constructor(numbers: Uint32Array) {
    this.numbers = numbers
    this.#gaps = new Uint8Array(numbers.length + 1)
    this.#first = numbers[0] ?? 0
    this.#last = numbers[numbers.length - 1] ?? 0
  }

  /** Another acknowledged message has the number `s`. */
  separate(s: number): void {
    const place = s < this.#first ? 0 : s > this.#last ? this.numbers.length : this.#placeOf(s)
    this.#gaps[place] = 1
  }

  isGapBefore(place: number): boolean {
    return this.#gaps[place] === 1
  }

  /** The place of the first number that is larger. */
  #placeOf(s: number): number {
    let low = 0
    let high = this.numbers.length
    while (low < high) {
      const middle = (low + high) >>> 1
      if ((this.numbers[middle] ?? 0) < s) low = middle + 1
      else high = middle
    }
    return low
  }
}

function rangesOf(p: number, lost: Separated, table: MessageTable): LostRange[] {
  const { numbers } = lost
  const ranges: LostRange[] = []
  const outcomeAt = (place: number) => table.outcome(table.find(numbers[place] ?? 0))
  for (let begin = 0; begin < numbers.length;) {
    const outcome = outcomeAt(begin)
    let end = begin + 1
    while (end < numbers.length && !lost.isGapBefore(end) && outcomeAt(end) === outcome) end += 1
    const isFirst = begin === 0 && !lost.isGapBefore(0)
    const isLast = end === numbers.length && !lost.isGapBefore(end)
    const members = numbers.subarray(begin, end)
    ranges.push({
      p,
      from: numbers[begin] ?? 0,
      to: numbers[end - 1] ?? 0,
      count: members.length,
      place: isFirst && isLast ? 'all' : isFirst ? 'head' : isLast ? 'tail' : 'middle',
      outcome: outcome === clientLost ? 'clientLost' : 'lost',
      each: visit => members.forEach(s => visit(s)),
    })
    begin = end
  }
  return ranges
}
