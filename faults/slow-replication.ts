import { each } from './each.ts'
import { positive } from './fault.ts'
import type { Fault, ReplicaEnds } from './fault.ts'

const defaultMs = 300
/** Looks at the replicas while it lasts: minutes of them. */
const mostLooks = 5000

/** What replicas ask of a node, and what it answers, arrives late. Proved by Toxiproxy, and by followers that were seen behind. */
export const slowReplication: Fault = {
  id: 'slow-replication',
  title: "Delay a leader's replication link",
  models: 'Followers far away, or a congested network between brokers: replication works, late.',
  cannotModel: 'Loss of packets; a slow follower: its own requests to others are not delayed.',
  needs: ['docker'],
  targets: ['leader', 'master', 'first-master'],
  params: {
    ms: { doc: `delay of what leaves the node, milliseconds (${defaultMs})`, default: defaultMs, check: positive },
  },
  async inject(context, { nodes }, params) {
    const ms = Number(params['ms'] ?? defaultMs)
    const cuts = nodes.map(node => ({ node, link: context.replicationLink(node) }))
    const toxic = {
      name: 'slow-replication',
      type: 'latency',
      stream: 'downstream',
      attributes: { latency: ms },
    } as const
    for (const { link } of cuts) await link.addToxic(toxic)
    const behind = new Map(nodes.map(({ id }) => [id, 0]))
    let over = false
    const watching = context.settled(
      async () => {
        const ends = await context.replicaEnds()
        for (const { id } of nodes) behind.set(id, Math.max(behind.get(id) ?? 0, lagBehind(ends, id)))
      },
      () => over,
      mostLooks,
    )
    // It ends with the trial's own signal too, and that is not this fault's to tell.
    watching.catch(() => {})
    return {
      async evidence() {
        over = true
        const present = await each(
          cuts.map(({ link }) => link),
          async link => link.toxics(),
        )
        const seen = Object.fromEntries(
          cuts.map(({ node, link }) => [
            node.name,
            { toxics: present.get(link.name) ?? [], followersBehind: behind.get(node.id) ?? 0 },
          ]),
        )
        const complete = Object.values(seen).every(node => node.toxics.includes(toxic.name) && node.followersBehind > 0)
        return { complete: cuts.length > 0 && complete, seen: { ms, ...seen } }
      },
      heal: async () => {
        over = true
        for (const { link } of cuts) await link.removeToxic(toxic.name)
      },
    }
  },
}

/** Most messages by which a follower of `leader` was behind it. */
function lagBehind(ends: readonly ReplicaEnds[], leader: number): number {
  return Math.max(
    0,
    ...ends
      .filter(partition => partition.leader === leader)
      .map(({ ends: at }) => (at[leader] ?? 0) - Math.min(...Object.values(at))),
  )
}
