/** How the committed offsets of a group are lost: they expire, or the only broker that has them loses its disk. */
import { provedFaults } from '../../shared/autopsy/input.ts'
import type { AutopsyInput } from '../../shared/autopsy/input.ts'
import { topicSetting } from './settings.ts'

/** `from`: the group's last recorded commit; `to`: when the next consumer began. A phrase, or undefined. */
export function offsetsLost(
  _: number,
  { from, to }: { from: number; to: number },
  input: AutopsyInput,
): string | undefined {
  const minutes = topicSetting(input, 'offsets.retention.minutes')
  if (minutes !== undefined && to - from >= Number(minutes) * 60_000)
    return `had expired (offsets.retention.minutes=${minutes})`
  if (Number(topicSetting(input, 'offsets.topic.replication.factor') ?? 3) > 1) return undefined
  const hit = provedFaults(input.events, ['wipe-disk', 'power-loss']).find(
    ({ fault, injected }) => fault.t >= from && injected <= to,
  )
  return hit && `was lost with the disk of ${hit.fault.nodes.join(', ')}, which may have had its only copy`
}
