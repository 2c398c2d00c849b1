/** The links of a topology at one moment, and which of them faults hit. */
import { pairsAcrossRing } from '../../../faults/cluster-link/partition-ring.ts'
import type { PartitionTimeline } from '../timeline/lane-timeline.ts'
import { clientLinkOf } from './hit-words.ts'
import type { Hit, Mark } from './hit-words.ts'
import { brokerName } from './scene-parts.ts'
import type { Scene, SceneLink } from './scene-parts.ts'

interface PartitionState {
  p: number
  /** -1: none. */
  leader: number
  isr: readonly number[] | undefined
}

export function linksOf(
  { clients, brokers, others }: Omit<Scene, 'links'>,
  now: readonly PartitionState[],
  partitions: readonly PartitionTimeline[],
  hits: readonly Hit[],
): SceneLink[] {
  const links = new Map<string, SceneLink>()
  const link = (kind: SceneLink['kind'], from: string, to: string): SceneLink => {
    // A link between two nodes may be there already, seen from the other end.
    const known = links.get(`${from}>${to}`) ?? (kind === 'peer' ? links.get(`${to}>${from}`) : undefined)
    const made = known ?? { kind, from, to }
    if (known === undefined) links.set(`${from}>${to}`, made)
    return made
  }
  const drawn = new Set([...brokers, ...others].map(({ name }) => name))
  for (const { p, leader, isr } of now) {
    if (leader < 0) continue
    const source = brokerName(leader)
    for (const { name } of clients) link('client', name, source)
    const all = new Set(partitions.find(one => one.p === p)?.isr.flatMap(one => one.isr))
    for (const id of all) {
      if (id === leader) continue
      const copy = link('copy', source, brokerName(id))
      if (isr?.includes(id) === false) copy.behind = true
    }
  }
  for (const other of others) for (const broker of brokers) link('peer', other.name, broker.name)
  const mark = (kind: SceneLink['kind'], from: string, to: string, by: Mark) => {
    if (from === to || !(drawn.has(from) || kind === 'client') || !drawn.has(to)) return
    // A link without direction begins at the node that the fault hit.
    if (kind === 'peer' && links.get(`${to}>${from}`)?.kind === 'peer') links.delete(`${to}>${from}`)
    link(kind, from, to).mark = by
  }
  for (const hit of hits) hitLinks(hit, { brokers, others, clients }, mark)
  const stopped = new Set(
    [...brokers, ...others]
      .filter(({ process, down }) => down || process === 'gone' || process === 'silent')
      .map(({ name }) => name),
  )
  return [...links.values()].map(one => (stopped.has(one.from) || stopped.has(one.to) ? { ...one, idle: true } : one))
}

function hitLinks(
  { part, names, mark: by }: Hit,
  { brokers, others, clients }: Omit<Scene, 'links'>,
  mark: (kind: SceneLink['kind'], from: string, to: string, by: Mark) => void,
): void {
  const nodes = [...brokers, ...others].map(({ name }) => name)
  if (part === 'replication')
    for (const name of names) for (const broker of brokers) mark('copy', name, broker.name, by)
  if (part === 'other-nodes' || part === 'every-link')
    for (const name of names) for (const other of nodes) if (!names.includes(other)) mark('peer', name, other, by)
  if (part === 'every-link')
    for (const name of names) for (const client of clients) mark('client', client.name, name, by)
  if (part === 'across-ring') for (const [a, b] of pairsAcrossRing(names)) mark('peer', a, b, by)
  if (part === 'client-links')
    for (const name of names) {
      const { role, broker = -1 } = clientLinkOf(name) ?? {}
      for (const client of clients) if (client.role === role) mark('client', client.name, brokerName(broker), by)
    }
}
