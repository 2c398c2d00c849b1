/** The messages and partitions of one lane over time, for the page of its cell. */
import type { MessageTable } from '../../check/table/table.ts'
import { sentIn } from '../../verdict/windows.ts'
import type { Window } from '../../verdict/windows.ts'
import type { TrialEvent } from '../../../history/events.ts'
import { consumerTimeline } from './consumer-timeline.ts'
import type { ConsumerTimeline, ReadConsumers } from './consumer-timeline.ts'
import { fatesOf } from './fates.ts'
import type { Fates } from './fate-words.ts'
import { seriesOf } from './series.ts'
import type { Series } from './series.ts'

/** Leaders and in-sync replicas of one partition or queue. The first entry of each list is the initial state. */
export interface PartitionTimeline {
  p: number
  leaders: { t: number; leader: number; epoch: number }[]
  isr: { t: number; isr: number[] }[]
}

export interface LaneTimeline {
  series: Series
  /** Messages a second that the workload intends to send. */
  ratePerSec?: number
  /** Absent where the lane has no consumer. */
  consumers?: ConsumerTimeline
  /** Client processes of the lane. Absent where none was recorded. */
  clients?: { name: string; role: 'producer' | 'consumer' }[]
  fates: Fates
  /** First and last message number of each window in which a message was sent. */
  windows: { name: string; from: number; to: number }[]
  partitions: PartitionTimeline[]
  /** Number of partitions that the page leaves out. */
  morePartitions: number
}

const maxPartitions = 12
const maxChanges = 200

/** A span of the trial, ms since its start. */
export interface TimeSpan {
  from: number
  to: number
}

/** What a timeline is made from. */
export interface LaneHistory {
  table: MessageTable
  lane: string
  /** Of the trial. */
  events: readonly TrialEvent[]
  windows: readonly Window[]
  span: TimeSpan
  ratePerSec?: number | undefined
  /** Absent where the lane has no consumer. `sharesWork`: they are one group, and not each gets every message. */
  consumers?: { read: ReadConsumers; sharesWork: boolean } | undefined
  clients?: LaneTimeline['clients']
}

/** `maxRuns`: runs of messages with one fate that the page can hold. */
export function laneTimeline(
  { table, lane, events, windows, span, ratePerSec, consumers, clients = [] }: LaneHistory,
  maxRuns: number,
): LaneTimeline {
  const partitions = partitionsOf(lane, events)
  return {
    series: seriesOf(table, span),
    ...(consumers === undefined
      ? {}
      : { consumers: consumerTimeline(table, span, consumers.read, consumers.sharesWork) }),
    ...(clients.length === 0 ? {} : { clients }),
    ...(ratePerSec === undefined ? {} : { ratePerSec }),
    fates: fatesOf(table, maxRuns),
    windows: windows.flatMap(window => numbersIn(table, window)),
    partitions: partitions.slice(0, maxPartitions),
    morePartitions: Math.max(0, partitions.length - maxPartitions),
  }
}

const clientFile = /^((producer|consumer)-\d+)(?:\.\d+)?\.jsonl$/

/** The clients that wrote the files of a lane. A process that was started again wrote a file of its own: `consumer-1.2.jsonl`. */
export function clientsIn(fileNames: readonly string[]): NonNullable<LaneTimeline['clients']> {
  const found = new Map<string, { name: string; role: 'producer' | 'consumer' }>()
  for (const file of fileNames) {
    const [, name, role] = clientFile.exec(file) ?? []
    if (name !== undefined && (role === 'producer' || role === 'consumer')) found.set(name, { name, role })
  }
  return [...found.values()]
}

function numbersIn(table: MessageTable, window: Window): LaneTimeline['windows'] {
  const isIn = sentIn(table, window)
  let from = Infinity
  let to = -1
  for (let row = 0, { rows } = table; row < rows; row++) {
    if (!isIn(row)) continue
    from = Math.min(from, table.numberOf(row))
    to = Math.max(to, table.numberOf(row))
  }
  return to < 0 ? [] : [{ name: window.name, from, to }]
}

/** Partitions whose leader or in-sync replicas changed come first. */
function partitionsOf(lane: string, events: readonly TrialEvent[]): PartitionTimeline[] {
  const found = new Map<number, PartitionTimeline>()
  const of = (p: number) => {
    const known = found.get(p) ?? { p, leaders: [], isr: [] }
    found.set(p, known)
    return known
  }
  for (const event of events) {
    if (event.kind === 'leader' && event.lane === lane) {
      const { leaders } = of(event.p)
      if (leaders.length < maxChanges) leaders.push({ t: round(event.t), leader: event.leader, epoch: event.epoch })
    } else if (event.kind === 'isr' && event.lane === lane) {
      const { isr } = of(event.p)
      if (isr.length < maxChanges) isr.push({ t: round(event.t), isr: event.isr })
    }
  }
  const changes = ({ leaders, isr }: PartitionTimeline) => (leaders.length > 1 ? 2 : 0) + (isr.length > 1 ? 1 : 0)
  return [...found.values()].toSorted((a, b) => changes(b) - changes(a) || a.p - b.p)
}

const round = (t: number) => Math.round(t)
