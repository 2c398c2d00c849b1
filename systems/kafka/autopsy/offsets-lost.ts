/** How the committed offsets of a group are lost: they expire, or the only broker that has them loses its disk. */
import { provedFaults } from '../../shared/autopsy/input.ts'
import type { AutopsyInput } from '../../shared/autopsy/input.ts'
import { topicSetting } from './settings.ts'

/**
 * `from`: the group's last recorded commit; `emptySince`: when its last member was gone; `to`: when the next consumer began.
 * A phrase, or undefined. Offsets expire only while a group has no members (KIP-211). A disk explains their loss where the
 * broker with the group's offsets was hit: the coordinator, or the only broker.
 */
export function offsetsLost(
  _: number,
  { from, emptySince, to }: { from: number; emptySince: number; to: number },
  input: AutopsyInput,
): string | undefined {
  const minutes = topicSetting(input, 'offsets.retention.minutes')
  if (minutes !== undefined && to - Math.max(from, emptySince) >= Number(minutes) * 60_000)
    return `had expired (offsets.retention.minutes=${minutes})`
  if (Number(topicSetting(input, 'offsets.topic.replication.factor') ?? 3) > 1) return undefined
  const isOnly = input.trial.cluster['brokers'] === 1
  const hit = provedFaults(input.events, ['wipe-disk', 'power-loss']).find(
    ({ fault, injected }) =>
      fault.t >= from && injected <= to && (isOnly || fault.target.split('+').includes('coordinator')),
  )
  return hit && `was lost with the disk of ${hit.fault.nodes.join(', ')}, which had its only copy`
}
