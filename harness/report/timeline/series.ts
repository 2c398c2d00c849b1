/** Messages sent and answered over the time of the trial, in buckets of equal length. */
import { answerOf } from '../../check/counts.ts'
import { flag } from '../../check/table/table.ts'
import type { MessageTable } from '../../check/table/table.ts'
import { Buckets } from './buckets.ts'
import { fateOfRow } from './fates.ts'
import type { Fate } from './fate-words.ts'
import type { TimeSpan } from './lane-timeline.ts'

export interface Series {
  /** Start of the first bucket, ms since the trial began. */
  from: number
  stepMs: number
  /** `sent` counts a message in the bucket of its first attempt, the others in the bucket of its answer. */
  sent: number[]
  acked: number[]
  rejected: number[]
  unknown: number[]
  /** Lost and skipped messages, in the bucket of their acknowledgement; refused ones in that of their answer. Absent: none. */
  lost?: number[]
  skipped?: number[]
  refused?: number[]
  /** Time from the first attempt to the acknowledgement, ms, of messages acknowledged in the bucket. Null: none was. */
  p50: (number | null)[]
  p99: (number | null)[]
}

const markOf: Partial<Record<Fate, 'lost' | 'skipped' | 'refused'>> = {
  l: 'lost',
  c: 'lost',
  k: 'skipped',
  g: 'refused',
}
/** A message that was never acknowledged counts by its first other answer. */
export function seriesOf(table: MessageTable, span: TimeSpan): Series {
  const buckets = new Buckets(span)
  const zeros = () => buckets.zeros()
  const counted = { sent: zeros(), acked: zeros(), rejected: zeros(), unknown: zeros() }
  const marked = { lost: zeros(), skipped: zeros(), refused: zeros() }
  const waits = zeros().map((): number[] => [])
  for (let row = 0, { rows } = table; row < rows; row++) {
    if (!table.has(row, flag.sent)) continue
    if (!table.isUntimed(row)) buckets.add(counted.sent, table.sentAt.get(row))
    const answer = answerOf(table, row)
    const answeredAt = answer === 'acked' ? table.ackedAt.get(row) : table.answeredAt(row)
    const mark = markOf[fateOfRow(table, row)]
    if (mark !== undefined) buckets.add(marked[mark], answeredAt < 0 ? table.sentAt.get(row) : answeredAt)
    if (answeredAt < 0) continue
    buckets.add(counted[answer], answeredAt)
    if (answer === 'acked' && !table.isUntimed(row))
      waits[buckets.of(answeredAt)]?.push(answeredAt - table.sentAt.get(row))
  }
  for (const bucket of waits) bucket.sort((a, b) => a - b)
  return {
    from: buckets.from,
    stepMs: buckets.stepMs,
    ...counted,
    ...Object.fromEntries(Object.entries(marked).filter(([, values]) => values.some(value => value > 0))),
    p50: waits.map(bucket => percentile(bucket, 0.5)),
    p99: waits.map(bucket => percentile(bucket, 0.99)),
  }
}

/** Rounded to 0.1 ms, which is finer than the clocks of a shared machine. */
function percentile(sorted: readonly number[], part: number): number | null {
  if (sorted.length === 0) return null
  return Math.round((sorted[Math.min(sorted.length - 1, Math.floor(sorted.length * part))] ?? 0) * 10) / 10
}
