/** Why the final log is not complete. */
import { flag } from '../table/table.ts'
import type { MessageTable } from '../table/table.ts'
import type { StoredLog } from './final-log.ts'

export interface Expected {
  /** Number of partitions of the topic; undefined for a bare folder, where only the partitions that were seen count. */
  partitions: number | undefined
  /** Fence offsets by partition; undefined for a bare folder. */
  fences: ReadonlyMap<number, number> | undefined
  /** By partition: the end reported after the last broker that takes messages is gone, where no fence can be written. */
  sealed?: ReadonlyMap<number, number>
}

/** What the records of a lane name beside the log. */
export interface Seen {
  /** Partitions that an attempt, an acknowledgement, a delivery or a group offset names. */
  partitions: ReadonlySet<number>
  /** Time of the last send or answer; ms. */
  lastProducedAt: number
}

/** More gaps of partitions than this are only counted. */
const mostNamed = 10

/** Texts about each partition that was not read from its first record to its fence, and about a log that was read too early. */
export function finalLogGaps(logs: ReadonlyMap<number, StoredLog>, seen: Seen, expected: Expected): string[] {
  const gaps: string[] = []
  let more = 0
  for (const p of partitionsOf(logs, seen, expected)) {
    const gap = gapOf(p, logs.get(p), expected)
    if (gap === undefined) continue
    if (gaps.length < mostNamed) gaps.push(gap)
    else more += 1
  }
  const unread = unreadBeyond(logs, seen, expected)
  more += Math.max(0, unread)
  if (more > 0) gaps.push(`${more} more partitions were not read completely`)
  return [...gaps, ...readTooEarly(logs, seen)]
}

function gapOf(p: number, log: StoredLog | undefined, expected: Expected): string | undefined {
  if (log?.end === undefined) return `partition ${p} was not read to its end`
  const sealed = expected.sealed?.get(p)
  if (sealed !== undefined)
    return log.end === sealed
      ? undefined
      : `partition ${p} was read to offset ${log.end}, but ended at ${sealed} when the last broker that takes messages was gone`
  if (!expected.fences) return undefined
  const fence = expected.fences.get(p)
  if (fence === undefined) return `no fence was acknowledged in partition ${p}`
  if (!log.fences.includes(fence)) return `the fence at offset ${fence} of partition ${p} was not read`
  // A fence may be stored twice. Any other record behind it was written after the end of all writing.
  const last = log.fences.reduce((a, b) => Math.max(a, b), -1)
  if (log.lastOffset > last) return `there are records behind the fence of partition ${p}`
  return log.end === last + 1
    ? undefined
    : `partition ${p} ends at offset ${log.end} but its fence is at ${last}: records behind it were not read`
}

/** The final log is read last: what is sent or answered later may be behind its end. */
function readTooEarly(logs: ReadonlyMap<number, StoredLog>, { lastProducedAt }: Seen): string[] {
  let first: { p: number; at: number } | undefined
  for (const [p, { end, endedAt }] of logs)
    if (end !== undefined && endedAt < (first?.at ?? lastProducedAt)) first = { p, at: endedAt }
  return first === undefined
    ? []
    : [
        `partition ${first.p} was read to its end at ${Math.round(first.at)} ms, ` +
          `before the last send or answer at ${Math.round(lastProducedAt)} ms`,
      ]
}

/** The partitions to look at one by one: a plan may name more than anybody ever read. */
function partitionsOf(logs: ReadonlyMap<number, StoredLog>, seen: Seen, { partitions }: Expected): number[] {
  const all = new Set([...logs.keys(), ...seen.partitions])
  for (let p = 0; p < Math.min(partitions ?? 0, all.size + mostNamed); p++) all.add(p)
  return [...all].toSorted((a, b) => a - b)
}

/** How many planned partitions `partitionsOf` leaves out. Nobody read them. */
function unreadBeyond(logs: ReadonlyMap<number, StoredLog>, seen: Seen, expected: Expected): number {
  const { partitions = 0 } = expected
  const listed = partitionsOf(logs, seen, expected).filter(p => p < partitions).length
  return partitions - listed
}

/** In a bare folder no settings explain why a log does not begin at 0. */
export function lateStarts(table: MessageTable, logs: ReadonlyMap<number, StoredLog>): string[] {
  const late = new Map<number, number>()
  for (let row = 0, { rows } = table; row < rows; row++) {
    if (!table.has(row, flag.acked) || table.copies.get(row) > 0) continue
    const p = table.partition(row)
    const log = logs.get(p)
    const begin = log?.start ?? log?.firstOffset ?? 0
    if (begin > 0 && table.ackOffset.get(row) < begin) late.set(p, begin)
  }
  return [...late]
    .toSorted(([a], [b]) => a - b)
    .map(
      ([p, begin]) =>
        `partition ${p} begins at offset ${begin}, and nothing says why acknowledged messages below it are missing`,
    )
}
