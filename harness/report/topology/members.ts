/** The nodes and clients that the topology of a cell shows. */
import type { LaneTimeline } from '../timeline/lane-timeline.ts'
import { brokerName } from './scene-parts.ts'
import type { CellHistory, SceneClient } from './scene-parts.ts'

/** Names differ in their last part only: `broker-1`, `broker-2`. */
const byName = (a: string, b: string): number => a.localeCompare(b, 'en', { numeric: true })
const storesMessages = (name: string): boolean => name.startsWith(brokerName(0).slice(0, -1))
const isNodeHit = ({ part }: CellHistory['trial']['hits'][number]): boolean =>
  part !== 'client' && part !== 'client-links'

export interface MemberNames {
  brokers: string[]
  others: string[]
  /** Brokers of the trial that hold nothing of the cell, and that no drawn fault hit. */
  left: string[]
}

/**
 * Brokers that hold a replica of the cell, and every other node of the trial. A fault that hit none of them shows the brokers
 * that it hit, because it is part of the cell's story.
 */
export function nodesOf({ trial, lane }: Pick<CellHistory, 'trial' | 'lane'>): MemberNames {
  const holding = new Set(
    lane.partitions.flatMap(({ leaders, isr }) =>
      [...leaders.map(({ leader }) => leader), ...isr.flatMap(one => one.isr)].filter(id => id >= 0).map(brokerName),
    ),
  )
  const nodeHits = trial.hits.filter(isNodeHit)
  const known = new Set([
    ...trial.nodes,
    ...trial.brokers.map(({ broker }) => broker),
    ...nodeHits.flatMap(({ names }) => names),
  ])
  const shown = new Set(holding.size === 0 ? [...known].filter(storesMessages) : holding)
  const others = [...known].filter(name => !storesMessages(name))
  for (const { names } of nodeHits)
    if (!names.some(name => shown.has(name) || others.includes(name))) for (const name of names) shown.add(name)
  return {
    brokers: [...shown].toSorted(byName),
    others: others.toSorted(byName),
    left: [...known].filter(name => storesMessages(name) && !shown.has(name)).toSorted(byName),
  }
}

/** A lane without recorded clients, such as that of a failed trial, has a producer all the same. */
export function clientsOf({ clients = [] }: Pick<LaneTimeline, 'clients'>): Pick<SceneClient, 'name' | 'role'>[] {
  const producers = clients.filter(({ role }) => role === 'producer')
  return [
    ...(producers.length === 0 ? [{ name: 'producer', role: 'producer' as const }] : producers),
    ...clients.filter(({ role }) => role === 'consumer'),
  ].toSorted((a, b) => b.role.localeCompare(a.role) || byName(a.name, b.name))
}
