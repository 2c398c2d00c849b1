/**
 * When the offsets of a partition were taken, from the acknowledgements of its messages. Questions of the kind "is there a
 * message at or behind this offset that is older than this time" are asked for every skipped message, so they are answered
 * from sorted columns, not by looking at all messages again.
 */
import type { MessageFacts } from '../../systems/shared/autopsy/lane-facts.ts'
import { lastWhere } from '../check/table/last-where.ts'

/** One partition, in the order of offsets. */
interface Column {
  offsets: Float64Array
  /** The earliest acknowledgement of this message and those behind it. */
  ackedFrom: Float64Array
  /** The latest send of this message and those before it. */
  sentUntil: Float64Array
}

export class AckTimes {
  readonly #table: MessageFacts
  #byPartition: ReadonlyMap<number, Column> | undefined

  constructor(table: MessageFacts) {
    this.#table = table
  }

  /** Whether a message at or behind the offset was acknowledged before `t`: the log had reached the offset by then. */
  reached(p: number, offset: number, t: number): boolean {
    const column = this.#column(p)
    const at = column === undefined ? -1 : lastBelow(column, offset) + 1
    return (column?.ackedFrom[at] ?? Infinity) < t
  }

  /** Whether a message before the offset was sent after `t`. */
  sentBelowAfter(p: number, offset: number, t: number): boolean {
    const column = this.#column(p)
    const at = column === undefined ? -1 : lastBelow(column, offset)
    return (column?.sentUntil[at] ?? -Infinity) > t
  }

  #column(p: number): Column | undefined {
    this.#byPartition ??= columnsOf(this.#table)
    return this.#byPartition.get(p)
  }
}

function columnsOf(table: MessageFacts): ReadonlyMap<number, Column> {
  const numbers = new Map<number, number[]>()
  table.each(s => {
    if (table.ackOffset.get(s) < 0 || table.ackedAt.get(s) < 0) return
    const p = table.partition(s)
    const ofPartition = numbers.get(p)
    if (ofPartition) ofPartition.push(s)
    else numbers.set(p, [s])
  })
  return new Map([...numbers].map(([p, ofPartition]) => [p, columnOf(ofPartition, table)]))
}

function columnOf(numbers: number[], table: MessageFacts): Column {
  numbers.sort((a, b) => table.ackOffset.get(a) - table.ackOffset.get(b))
  const offsets = Float64Array.from(numbers, s => table.ackOffset.get(s))
  const ackedFrom = Float64Array.from(numbers, s => table.ackedAt.get(s))
  const sentUntil = Float64Array.from(numbers, s => table.sentAt.get(s))
  for (let at = ackedFrom.length - 2; at >= 0; at--)
    ackedFrom[at] = Math.min(ackedFrom[at] ?? 0, ackedFrom[at + 1] ?? Infinity)
  for (let at = 1; at < sentUntil.length; at++)
    sentUntil[at] = Math.max(sentUntil[at] ?? 0, sentUntil[at - 1] ?? -Infinity)
  return { offsets, ackedFrom, sentUntil }
}

const lastBelow = ({ offsets }: Column, offset: number) => lastWhere(offsets, o => o < offset)
