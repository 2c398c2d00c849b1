import { each } from './each.ts'
import type { Fault, ReplicaEnds } from './fault.ts'

/**
 * The node's replication link becomes a black hole. Kafka: followers' fetches reach it, its answers never leave;
 * RocketMQ: neither does what slaves send. Heartbeats and elections go elsewhere and go on, so the node stays leader or
 * master; clients reach it too.
 */
export const cutReplication: Fault = {
  id: 'cut-replication',
  title: "Cut a leader's replication link",
  models:
    'A leader that clients and controllers still reach while its followers do not: an asymmetric network failure, a stuck fetcher.',
  cannotModel: 'A full partition: the controller goes on seeing every broker.',
  needs: ['docker'],
  targets: ['leader', 'master', 'first-master'],
  params: {},
  async inject(context, { nodes }) {
    const cuts = nodes.map(node => ({ node, link: context.replicationLink(node) }))
    const toxics = context.replicationStreams.map(
      stream => ({ name: `cut-replication-${stream}`, type: 'timeout', stream, attributes: { timeout: 0 } }) as const,
    )
    for (const { link } of cuts) for (const toxic of toxics) await link.addToxic(toxic)
    const present = await each(
      cuts.map(({ link }) => link),
      async link => link.toxics(),
    )
    const moved = (then: ReplicaEnds[], now: ReplicaEnds[]) =>
      nodes.flatMap(node => compare(then, now, node.id).followersMoved)
    // Answers that had left before the toxic still arrive.
    const before = await context.settled(
      () => context.replicaEnds(),
      (now, then) => moved(then, now).length === 0,
    )
    const logs = new Map(nodes.map(node => [node.name, context.logEnd(node)]))
    const look = async () => {
      const after = await context.replicaEnds()
      return Object.fromEntries(
        cuts.map(({ node, link }) => {
          const compared = compare(before, after, node.id)
          const logBytes = (context.logEnd(node) ?? 0) - (logs.get(node.name) ?? 0)
          return [
            node.name,
            {
              toxics: present.get(link.name) ?? [],
              link: link.name,
              ...compared,
              leaderGrew: compared.leaderGrew || logBytes > 0,
              ...(logs.get(node.name) === undefined ? {} : { logBytes }),
            },
          ]
        }),
      )
    }
    return {
      /** The toxics are there, and while each leader's log grew no follower's did. What was sent just now may take a moment to show. */
      async evidence() {
        const grew = (found: Awaited<ReturnType<typeof look>>) =>
          Object.values(found).every(({ leaderGrew }) => leaderGrew)
        const first = await look()
        const seen = grew(first) ? first : await context.settled(look, grew)
        const complete = Object.values(seen).every(
          node =>
            toxics.every(({ name }) => node.toxics.includes(name)) &&
            node.leaderGrew &&
            node.followersMoved.length === 0,
        )
        return { complete: cuts.length > 0 && complete, seen }
      },
      heal: async () => {
        for (const { link } of cuts) for (const { name } of toxics) await link.removeToxic(name)
      },
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
