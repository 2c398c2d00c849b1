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
  let first = Infinity
  let last = 0
  table.each(s => {
    if (!table.has(s, 'acked')) return
    first = Math.min(first, table.ackedAt.get(s))
    last = Math.max(last, table.ackedAt.get(s))
  })
  const to = events.find(event => event.kind === 'fault')?.t ?? last
  const from = Math.max(first, to - spanMs)
  const took = to - from - pausedBetween(pausesOf(events), from, to)
  if (!(took >= leastMs)) return {}
  const waits: number[] = []
  table.each(s => {
    const acked = table.has(s, 'acked') ? table.ackedAt.get(s) : -1
    if (acked >= from && acked < to) waits.push(acked - table.sentAt.get(s))
  })
  if (waits.length === 0) return {}
  waits.sort((a, b) => a - b)
  const at = (part: number) =>
    Math.round((waits[Math.min(waits.length - 1, Math.floor(waits.length * part))] ?? 0) * 10) / 10
  return { ackedPerSec: Math.round((waits.length * 1000) / took), ackMsP50: at(0.5), ackMsP99: at(0.99) }
}
