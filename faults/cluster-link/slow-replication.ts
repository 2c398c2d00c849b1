import { byName } from '../contract/by-name.ts'
import type { Fault } from '../contract/fault.ts'
import { positive } from '../contract/params.ts'
import { mostBehind } from './follower-lag.ts'

const defaultMs = 300
/** Readings of the replicas while the fault lasts: enough for minutes. */
const mostLooks = 5000

/** What a node answers to its replicas arrives late. Toxiproxy lists the toxic, and followers were seen behind. */
export const slowReplication: Fault = {
  id: 'slow-replication',
  kind: 'cluster-link',
  effects: ['delays-copies'],
  title: "Delay a leader's replication link",
  models: 'Followers far away, or a congested network between brokers: replication works, late.',
  cannotModel: 'Loss of packets; a slow follower: its own requests to other nodes are not delayed.',
  needs: ['docker'],
  targets: ['leader', 'master', 'first-master'],
  params: {
    ms: { doc: `delay of what leaves the node, milliseconds (${defaultMs})`, default: defaultMs, check: positive },
  },
  async inject(context, { nodes }, params) {
    const ms = Number(params['ms'] ?? defaultMs)
    const links = new Map(nodes.map(node => [node, context.replicationLink(node)]))
    const toxic = {
      name: 'slow-replication',
      type: 'latency',
      stream: 'downstream',
      attributes: { latency: ms },
    } as const
    for (const link of links.values()) await link.addToxic(toxic)
    const behind = new Map(nodes.map(({ id }) => [id, 0]))
    let over = false
    const watching = context.settled(
      async () => {
        const ends = await context.replicaEnds()
        for (const { id } of nodes) behind.set(id, Math.max(behind.get(id) ?? 0, mostBehind(ends, id)))
      },
      () => over,
      mostLooks,
    )
    // The trial's end stops the watching too. The trial reports that itself.
    watching.catch(() => {})
    return {
      async evidence() {
        over = true
        const present = await byName([...links.values()], async link => link.toxics())
        const seen = Object.fromEntries(
          [...links].map(([node, link]) => [
            node.name,
            { toxics: present.get(link.name) ?? [], followersBehind: behind.get(node.id) ?? 0 },
          ]),
        )
        const complete = Object.values(seen).every(node => node.toxics.includes(toxic.name) && node.followersBehind > 0)
        return { complete: nodes.length > 0 && complete, seen: { ms, ...seen } }
      },
      heal: async () => {
        over = true
        for (const link of links.values()) await link.removeToxic(toxic.name)
      },
    }
  },
}
