import type { Fault, ReplicaEnds } from './fault.ts'

const toxic = 'cut-replication'

/**
 * The node's replication link becomes a black hole: followers' fetches reach it, its answers never leave. Heartbeats
 * and elections use the controller listener and go on, so the node stays leader and un-fenced; clients reach it too.
 */
export const cutReplication: Fault = {
  id: 'cut-replication',
  title: "Cut a leader's replication link",
  models: 'A leader that clients and controllers still reach while its followers do not: an asymmetric network failure, a stuck fetcher.',
  cannotModel: 'A full partition: the controller goes on seeing every broker.',
  needs: ['docker'],
  targets: ['leader', 'master', 'first-master'],
  params: {},
  async inject(context, { nodes }) {
    const [node] = nodes
    if (!node || nodes.length !== 1) throw new Error('cut-replication takes one node')
    const link = context.replicationLink(node)
    await link.addToxic({ name: toxic, type: 'timeout', stream: 'downstream', attributes: { timeout: 0 } })
    const present = (await link.toxics()).includes(toxic)
    // Answers that had left before the toxic still arrive.
    const before = await context.settled(() => context.replicaEnds(), (now, then) => compare(then, now, node.id).followersMoved.length === 0)
    return {
      /** The toxic is there, and while the leader's end offsets grew no follower's did. */
      async evidence() {
        const after = await context.replicaEnds()
        const growth = compare(before, after, node.id)
        const complete = present && growth.leaderGrew && growth.followersMoved.length === 0
        return { complete, seen: { toxic: present ? toxic : 'absent', link: link.name, ...growth } }
      },
      heal: async () => link.removeToxic(toxic),
    }
  },
}

/** How far the partitions that `leader` leads moved on it and on its followers. Exported for its test. */
export function compare(before: ReplicaEnds[], after: ReplicaEnds[], leader: number) {
  const followersMoved: string[] = []
  let records = 0
  for (const now of after) {
    if (now.leader !== leader) continue
    const then = before.find(ends => ends.lane === now.lane && ends.partition === now.partition)
    if (!then) continue
    records += (now.ends[leader] ?? 0) - (then.ends[leader] ?? 0)
    for (const [broker, end] of Object.entries(now.ends)) {
      if (Number(broker) === leader) continue
      const moved = end - (then.ends[Number(broker)] ?? end)
      if (moved !== 0) followersMoved.push(`${now.lane}-${now.partition} on broker ${broker}: ${moved}`)
    }
  }
  return { leaderGrew: records > 0, leaderRecords: records, followersMoved }
}
