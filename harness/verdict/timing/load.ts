/**
 * Throughput and latency of a lane while nothing was wrong: the cost of its settings. `loadFigures` defines the figures;
 * docs/outcomes.md is made from it.
 */
import type { TrialEvent } from '../../../history/events.ts'
import { pausedBetween, pausesOf } from './pauses.ts'
import type { MessageTable } from '../../check/table/table.ts'
import type { Load } from '../../../model/verdict.ts'

const spanMs = 5000
const leastMs = 500

export const loadFigures = [
  [
    'ackedPerSec',
    `Messages acknowledged a second in the ${spanMs / 1000} s before the first fault (without one: before the ` +
      `last acknowledgement), without the pauses that the harness makes. A value below the workload's rate is the ` +
      `brokers' limit. Absent when that time was shorter than ${leastMs / 1000} s.`,
  ],
  ['ackMsP50', 'Half of those messages were acknowledged within this time after being sent, ms.'],
  ['ackMsP99', '99 % of those messages were acknowledged within this time after being sent, ms.'],
] as const

export function loadOf(table: MessageTable, events: readonly TrialEvent[]): Load {
  const { rows } = table
  let first = Infinity
  let last = 0
  for (let row = 0; row < rows; row++) {
    const ackedAt = table.ackedAt.get(row)
    if (ackedAt < 0) continue
    if (ackedAt < first) first = ackedAt
    if (ackedAt > last) last = ackedAt
  }
  const to = events.find(event => event.kind === 'fault')?.t ?? last
  const from = Math.max(first, to - spanMs)
  const took = to - from - pausedBetween(pausesOf(events), from, to)
  if (!(took >= leastMs)) return {}
  let count = 0
  const waits: number[] = []
  for (let row = 0; row < rows; row++) {
    const ackedAt = table.ackedAt.get(row)
    if (ackedAt < from || ackedAt >= to) continue
    count += 1
    if (!table.isUntimed(row)) waits.push(ackedAt - table.sentAt.get(row))
  }
  if (count === 0) return {}
  const ackedPerSec = Math.round((count * 1000) / took)
  if (waits.length === 0) return { ackedPerSec }
  waits.sort((a, b) => a - b)
  const at = (part: number) =>
    Math.round((waits[Math.min(waits.length - 1, Math.floor(waits.length * part))] ?? 0) * 10) / 10
  return { ackedPerSec, ackMsP50: at(0.5), ackMsP99: at(0.99) }
}
