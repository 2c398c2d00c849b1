/** What the topology of a cell looks like at one moment: who leads, who is in sync, and what faults hit. */
import { isInForce } from './hit-words.ts'
import type { Mark } from './hit-words.ts'
import { linksOf } from './links.ts'
import { clientsOf, nodesOf } from './members.ts'
import { brokerName } from './scene-parts.ts'
import type { CellHistory, Scene, SceneClient, SceneNode } from './scene-parts.ts'

/** The last entry that was made until `t`, else the first one: the initial state is seen a moment after the trial began. */
export const stateAt = <E extends { t: number }>(entries: readonly E[], t: number): E | undefined =>
  entries.findLast(entry => entry.t <= t) ?? entries[0]

const maxNamedPartitions = 3

/** `t`: ms since the trial began. */
export function sceneAt(history: CellHistory, t: number): Scene {
  const { trial, lane, words } = history
  const names = nodesOf(history)
  const hits = trial.hits.filter(hit => isInForce(hit, t))
  const partitions = lane.partitions.map(({ p, leaders, isr }) => ({
    p,
    leader: stateAt(leaders, t)?.leader ?? -1,
    isr: stateAt(isr, t)?.isr,
  }))
  const node = (name: string): SceneNode => {
    const led = partitions.filter(({ leader }) => brokerName(leader) === name).map(({ p }) => p)
    const copies = partitions.filter(({ isr }) => isr?.some(id => brokerName(id) === name))
    const held = lane.partitions.some(({ isr }) => isr.some(one => one.isr.some(id => brokerName(id) === name)))
    const named = led.slice(0, maxNamedPartitions).join(', ')
    const more = led.length > maxNamedPartitions ? ` +${led.length - maxNamedPartitions}` : ''
    return {
      name,
      leads: led.length > 0,
      down: trial.brokers.findLast(one => one.broker === name && one.t <= t)?.up === false,
      role:
        led.length > 0 ? `${words.leader} ${named}${more}` : copies.length > 0 ? 'in sync' : held ? 'not in sync' : '',
      ...markedBy(hits, name),
    }
  }
  const clients = clientsOf(lane).map((client): SceneClient => {
    const hit = hits.find(({ part, names: hitNames }) => part === 'client' && hitNames.includes(client.name))
    return { ...client, ...(hit === undefined ? {} : { mark: hit.mark }) }
  })
  const scene = { clients, brokers: names.brokers.map(node), others: names.others.map(node) }
  return { ...scene, links: linksOf(scene, partitions, lane.partitions, hits) }
}

/** The worst mark wins: what is gone is not slow. */
const worst: readonly Mark[] = ['gone', 'silent', 'slow', 'moved']

function markedBy(hits: CellHistory['trial']['hits'], name: string): Pick<SceneNode, 'process' | 'disk'> {
  const on = (...wanted: string[]) =>
    hits.filter(
      ({ names, part, ends }) => names.includes(name) && (wanted.includes(part) || (ends && wanted[0] === 'process')),
    )
  const markOf = (found: CellHistory['trial']['hits']) => worst.find(mark => found.some(hit => hit.mark === mark))
  const process = markOf(on('process', 'machine', 'leadership', 'unknown'))
  const disk = markOf(on('disk', 'machine'))
  return { ...(process === undefined ? {} : { process }), ...(disk === undefined ? {} : { disk }) }
}
