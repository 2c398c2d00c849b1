/** What the end offsets of replicas say about followers. Pure. */
import type { ReplicaEnds } from '../contract/partition.ts'

export interface ReplicasMoved {
  leaderGrew: boolean
  leaderRecords: number
  /** `a-0 on broker 2: 12`, for every follower whose end offset changed. */
  followersMoved: string[]
}

/** How far the partitions that `leader` leads moved on it and on its followers, between two readings. */
export function replicasMoved(
  before: readonly ReplicaEnds[],
  after: readonly ReplicaEnds[],
  leader: number,
): ReplicasMoved {
  const followersMoved: string[] = []
  let leaderRecords = 0
  for (const now of after) {
    if (now.leader !== leader) continue
    const then = before.find(ends => ends.lane === now.lane && ends.partition === now.partition)
    if (!then) continue
    leaderRecords += (now.ends[leader] ?? 0) - (then.ends[leader] ?? 0)
    for (const [broker, end] of Object.entries(now.ends)) {
      if (Number(broker) === leader) continue
      const moved = end - (then.ends[Number(broker)] ?? end)
      if (moved !== 0) followersMoved.push(`${now.lane}-${now.partition} on broker ${broker}: ${moved}`)
    }
  }
  return { leaderGrew: leaderRecords > 0, leaderRecords, followersMoved }
}

/** The most messages by which a follower is behind `leader`. */
export function mostBehind(ends: readonly ReplicaEnds[], leader: number): number {
  const lags = ends
    .filter(partition => partition.leader === leader)
    .map(({ ends: at }) => (at[leader] ?? 0) - Math.min(...Object.values(at)))
  return Math.max(0, ...lags)
}
