/** What the page tells of one cell beyond its verdict: its own messages and partitions over time. */
import type { MessageTable } from '../../check/table/table.ts'
import { sentIn } from '../../verdict/windows.ts'
import type { Window } from '../../verdict/windows.ts'
import type { TrialEvent } from '../../../history/events.ts'
import { fatesOf } from './fates.ts'
import type { Fates } from './fate-words.ts'
import { seriesOf } from './series.ts'
import type { Series } from './series.ts'

/** One partition (or queue) as the observer saw it; the first entry of each list is the initial state. */
export interface PartitionStory {
  p: number
  leaders: { t: number; leader: number; epoch: number }[]
  isr: { t: number; isr: number[] }[]
}

export interface LaneStory {
  series: Series
  fates: Fates
  /** First and last number sent in each window that has any. */
  windows: { name: string; from: number; to: number }[]
  partitions: PartitionStory[]
  /** Partitions that the page leaves out. */
  morePartitions: number
}

const mostPartitions = 12
const mostChanges = 200

export interface Extent {
  /** The part of the trial that is drawn, ms. */
  from: number
  to: number
}

export function laneStory(
  table: MessageTable,
  lane: string,
  events: readonly TrialEvent[],
  windows: readonly Window[],
  extent: Extent,
  mostRuns: number,
): LaneStory {
  const partitions = partitionsOf(lane, events)
  return {
    series: seriesOf(table, extent.from, extent.to),
    fates: fatesOf(table, mostRuns),
    windows: windows.flatMap(window => spanOf(table, window)),
    partitions: partitions.slice(0, mostPartitions),
    morePartitions: Math.max(0, partitions.length - mostPartitions),
  }
}

function spanOf(table: MessageTable, window: Window): LaneStory['windows'] {
  const isIn = sentIn(table, window)
  let from = Infinity
  let to = -1
  table.each(s => {
    if (!isIn(s)) return
    from = Math.min(from, s)
    to = Math.max(to, s)
  })
  return to < 0 ? [] : [{ name: window.name, from, to }]
}

/** Those that changed first: they are the ones to look at. */
function partitionsOf(lane: string, events: readonly TrialEvent[]): PartitionStory[] {
  const found = new Map<number, PartitionStory>()
  const of = (p: number) => {
    const known = found.get(p) ?? { p, leaders: [], isr: [] }
    found.set(p, known)
    return known
  }
  for (const event of events) {
    if (event.kind === 'leader' && event.lane === lane) {
      const { leaders } = of(event.p)
      if (leaders.length < mostChanges) leaders.push({ t: round(event.t), leader: event.leader, epoch: event.epoch })
    } else if (event.kind === 'isr' && event.lane === lane) {
      const { isr } = of(event.p)
      if (isr.length < mostChanges) isr.push({ t: round(event.t), isr: event.isr })
    }
  }
  const changes = ({ leaders, isr }: PartitionStory) => (leaders.length > 1 ? 2 : 0) + (isr.length > 1 ? 1 : 0)
  return [...found.values()].toSorted((a, b) => changes(b) - changes(a) || a.p - b.p)
}

const round = (t: number) => Math.round(t)
