import { byName } from '../contract/by-name.ts'
import type { Fault } from '../contract/fault.ts'
import type { ReplicaEnds } from '../contract/partition.ts'
import { replicasMoved } from './follower-lag.ts'

/**
 * The node's replication link drops everything. Heartbeats and elections use other connections and go on, so the node
 * stays leader or master, and clients reach it too.
 */
export const cutReplication: Fault = {
  id: 'cut-replication',
  kind: 'cluster-link',
  effects: ['delays-copies'],
  weaker: ['slow-replication'],
  title: "Cut a leader's replication link",
  models:
    'A leader that clients and controllers still reach while its followers do not: an asymmetric network failure, a stuck fetcher.',
  cannotModel: 'A full partition: the controller goes on seeing every broker.',
  needs: ['docker'],
  targets: ['leader', 'master', 'first-master'],
  params: {},
  async inject(context, { nodes }) {
    const links = new Map(nodes.map(node => [node, context.replicationLink(node)]))
    const toxics = context.replicationStreams.map(
      stream => ({ name: `cut-replication-${stream}`, type: 'timeout', stream, attributes: { timeout: 0 } }) as const,
    )
    for (const link of links.values()) for (const toxic of toxics) await link.addToxic(toxic)
    const present = await byName([...links.values()], async link => link.toxics())
    const noFollowerMoved = (now: ReplicaEnds[], then: ReplicaEnds[]) =>
      nodes.every(({ id }) => replicasMoved(then, now, id).followersMoved.length === 0)
    // Answers that were on their way before the toxic came still arrive.
    const before = await context.settled(async () => context.replicaEnds(), noFollowerMoved)
    const logEnds = new Map(nodes.map(node => [node.id, context.logEnd(node)]))
    const look = async () => {
      const after = await context.replicaEnds()
      return Object.fromEntries(
        [...links].map(([node, link]) => {
          const moved = replicasMoved(before, after, node.id)
          const logEndBefore = logEnds.get(node.id)
          const logBytes = (context.logEnd(node) ?? 0) - (logEndBefore ?? 0)
          return [
            node.name,
            {
              toxics: present.get(link.name) ?? [],
              link: link.name,
              ...moved,
              leaderGrew: moved.leaderGrew || logBytes > 0,
              ...(logEndBefore === undefined ? {} : { logBytes }),
            },
          ]
        }),
      )
    }
    return {
      /** Complete when the toxics are listed and, while each leader's log grew, no follower's log did. */
      async evidence() {
        const allGrew = (found: Awaited<ReturnType<typeof look>>) =>
          Object.values(found).every(({ leaderGrew }) => leaderGrew)
        const first = await look()
        // What was sent just now can take a moment to show.
        const seen = allGrew(first) ? first : await context.settled(look, allGrew)
        const complete = Object.values(seen).every(
          node =>
            toxics.every(({ name }) => node.toxics.includes(name)) &&
            node.leaderGrew &&
            node.followersMoved.length === 0,
        )
        return { complete: nodes.length > 0 && complete, seen }
      },
      heal: async () => {
        for (const link of links.values()) for (const { name } of toxics) await link.removeToxic(name)
      },
    }
  },
}
