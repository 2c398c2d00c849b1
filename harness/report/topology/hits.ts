/** What each fault hits, from the table of faults: for the topology in the page and for the pictures of docs/faults.md. */
import type { TrialEvent } from '../../../history/events.ts'
import { faults } from '../../../faults/index.ts'
import type { Fault } from '../../../faults/fault.ts'
import type { Hit, HitPart, Mark } from './hit-words.ts'

/** The part of its targets that a fault hits, and what it does to that part. */
export type HitKind = Pick<Hit, 'part' | 'mark' | 'ends'>

/** Faults between nodes differ in the links that they hit, which nothing else in the table tells. */
const betweenNodes: Readonly<Record<string, { part: HitPart; mark: Mark }>> = {
  'cut-replication': { part: 'replication', mark: 'gone' },
  'slow-replication': { part: 'replication', mark: 'slow' },
  partition: { part: 'other-nodes', mark: 'gone' },
  'partition-ring': { part: 'across-ring', mark: 'gone' },
  isolate: { part: 'every-link', mark: 'gone' },
}

/** Throws for a fault between nodes that nobody described in `betweenNodes`. */
export function hitKind({ id, kind, effects }: Pick<Fault, 'id' | 'kind' | 'effects'>): HitKind {
  const has = (...wanted: Fault['effects'][number][]) => wanted.some(effect => effects.includes(effect))
  const mark: Mark = has('slows') ? 'slow' : has('silences-node', 'silences-client') ? 'silent' : 'gone'
  const ends = has('ends-node')
  switch (kind) {
    case 'process':
      return { part: 'process', mark, ends: false }
    case 'client':
      return { part: 'client', mark, ends: false }
    case 'client-link':
      return { part: 'client-links', mark, ends: false }
    case 'disk':
      return { part: has('loses-unflushed') ? 'machine' : 'disk', mark, ends }
    case 'cluster':
      return has('moves-leadership')
        ? { part: 'leadership', mark: 'moved', ends: false }
        : { part: 'process', mark, ends: false }
    case 'cluster-link': {
      const between = betweenNodes[id]
      if (between === undefined) throw new Error(`harness/report/topology/hits.ts does not say which links ${id} hits`)
      return { ...between, ends: false }
    }
  }
}

/** Every fault of the trial with its times. A fault that this version does not know hits an unnamed part of its nodes. */
export function hitsOf(events: readonly TrialEvent[]): Hit[] {
  return events.flatMap((event): Hit[] => {
    if (event.kind !== 'fault') return []
    const known = faults.find(({ id }) => id === event.fault)
    const healed = events.find(other => other.kind === 'healed' && other.id === event.id)
    return [
      {
        fault: event.fault,
        target: event.target,
        names: event.nodes,
        from: Math.round(event.t),
        ...(healed === undefined ? {} : { to: Math.round(healed.t) }),
        ...(known === undefined ? { part: 'unknown', mark: 'gone', ends: false } : hitKind(known)),
      },
    ]
  })
}
