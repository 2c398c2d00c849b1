/** Whether an election was ordered: an operator or a balancer handed leadership over while the old leader ran. */
import type { EpochChange } from '../../../history/epoch-change.ts'
import { hits, provedFaults } from '../../shared/autopsy/input.ts'
import type { AutopsyInput, ProvedFault } from '../../shared/autopsy/input.ts'
import { seconds } from '../../shared/autopsy/wording.ts'

/** The cause of messages that such an election removed. */
export const transferred = 'truncated-after-transfer'

export const handedOver = ({ fault }: ProvedFault): string =>
  `because leadership was handed over on purpose (${fault.id}, ${seconds(fault.t)})`

/**
 * The proved transfer of partition `p` away from `leader` that `change` was the effect of. Undefined where another change
 * came in between, where the transfer may have come after it, or where another fault of the old leader since `since` may
 * have caused the election.
 */
export function transferBehind(
  p: number,
  { leader, since }: { leader: number; since: number },
  change: EpochChange,
  { events, epochs }: AutopsyInput,
): ProvedFault | undefined {
  const transfer = provedFaults(events, ['leader-transfer']).findLast(
    ({ fault }) => hits(fault, leader) && fault.t >= since && fault.t <= change.t,
  )
  if (transfer === undefined) return undefined
  const first = epochs.changes(p).find(({ t, leader: next }) => t >= transfer.fault.t && next >= 0)
  const isItsEffect = first?.epoch === change.epoch && first.leader === change.leader && change.leader !== leader
  const disturbed = events.some(
    event =>
      event.kind === 'fault' &&
      event.fault !== 'leader-transfer' &&
      hits(event, leader) &&
      event.t >= since &&
      event.t <= change.t,
  )
  return isItsEffect && !disturbed ? transfer : undefined
}
