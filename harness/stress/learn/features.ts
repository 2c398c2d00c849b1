/**
 * What a trial showed, as a small set of words that is recorded anyway: elections, sizes of the ISR, roles that were hit, open
 * answers, redeliveries, which replicas held acknowledged messages alone, outcomes. A word that no trial has shown before
 * makes the trial worth following.
 */
import type { TrialEvent } from '../../../history/events.ts'
import { countWords } from '../../../model/outcomes.ts'
import type { CellVerdict } from '../../../model/verdict.ts'

/** Acknowledged messages that lay on some of the replicas only, at the moment when most of them did. */
export interface Held {
  replicas: number
  of: number
}

export interface Shown {
  events: readonly TrialEvent[]
  own: readonly CellVerdict[]
  neighbours: readonly CellVerdict[]
  held: readonly Held[]
}

/** Outcomes whose number says how far something went. */
const telling = countWords.filter(word => !['sent', 'acked', 'stored', 'processed', 'effects'].includes(word))
const mostSizes = 5
const longWaitsMs = [1000, 5000, 15_000, 60_000] as const

/** Sorted, each once. */
export function featuresOf({ events, own, neighbours, held }: Shown): string[] {
  const features = [
    ...electionFeatures(events),
    ...held.map(({ replicas, of }) => `held by ${replicas} of ${of}`),
    ...own.flatMap(cell => outcomeFeatures('own', cell)),
    ...neighbours.flatMap(cell => outcomeFeatures('neighbour', cell)),
  ]
  return [...new Set(features)].toSorted()
}

/** 0, 1, 2-9, 10-99… */
export function magnitude(count: number): string {
  if (count < 2) return String(count)
  const least = count < 10 ? 2 : 10 ** Math.floor(Math.log10(count))
  return `${least}-${10 ** (Math.floor(Math.log10(count)) + 1) - 1}`
}

function electionFeatures(events: readonly TrialEvent[]): string[] {
  const lane = events.find(event => event.kind === 'leader')?.lane
  const epochs = new Set<string>()
  let isLeaderless = false
  const sizes: number[] = []
  for (const event of events) {
    if (event.kind === 'leader' && event.lane === lane) {
      if (event.leader < 0) isLeaderless = true
      else epochs.add(`${event.p} ${event.epoch}`)
    }
    if (event.kind === 'isr' && event.lane === lane && event.p === 0 && sizes.at(-1) !== event.isr.length)
      sizes.push(event.isr.length)
  }
  const roles = new Set(events.flatMap(event => (event.kind === 'fault' ? [event.target] : [])))
  return [
    `elections ${magnitude(Math.max(0, epochs.size - 1))}`,
    `hit ${[...roles].toSorted().join('+') || 'nothing'}`,
    ...(isLeaderless ? ['leaderless'] : []),
    ...(sizes.length > 1 ? [`isr ${sizes.slice(0, mostSizes).join('>')}`] : []),
  ]
}

function outcomeFeatures(kind: string, { counts, lost, skipped, recovery }: CellVerdict): string[] {
  const causes = new Set([...lost, ...skipped].map(({ cause }) => cause.code))
  const away = longWaitsMs.findLast(limit => (recovery.unavailableMs ?? 0) >= limit)
  return [
    ...telling.flatMap(word => (counts[word] > 0 ? [`${kind} ${word} ${magnitude(counts[word])}`] : [])),
    ...[...causes].map(code => `${kind} ${code}`),
    ...(away === undefined ? [] : [`${kind} unavailable for ${away / 1000} s`]),
  ]
}

/** Offsets at which a lane's messages were acknowledged, by partition, with the time of the acknowledgement. */
export type AckedOffsets = ReadonlyMap<number, readonly { o: number; t: number }[]>

interface End {
  at: string
  t: number
  done: number
  broker: number
  p: number
  end: number
}

/** For each reading of the replicas: how many of them held acknowledged messages that others lacked. */
export function heldAlone(extracts: readonly End[], acked: AckedOffsets): Held[] {
  const found = new Map<string, Held>()
  for (const [p, offsets] of acked)
    for (const extract of extracts.filter(one => one.p === p)) {
      // The other replicas as they were last read by then.
      const ends = new Map<number, number>()
      for (const other of extracts) if (other.p === p && other.t <= extract.done) ends.set(other.broker, other.end)
      if (ends.size < 2) continue
      const latest = offsets.findLast(({ t }) => t < extract.t)
      if (latest === undefined) continue
      const holders = [...ends.values()].filter(end => end > latest.o).length
      if (holders > 0 && holders < ends.size) found.set(`${holders}/${ends.size}`, { replicas: holders, of: ends.size })
    }
  return [...found.values()]
}
