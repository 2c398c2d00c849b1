/** A controller elected a master that was not in the SyncStateSet. */
import type { EpochChange } from '../../../history/epoch-change.ts'
import type { Cause } from '../../../model/causes.ts'
import { hits, isrBefore, provedFaults } from '../../shared/autopsy/input.ts'
import type { AutopsyInput } from '../../shared/autopsy/input.ts'
import { brokerSetting } from './group-copies.ts'
import { brokers, count, it, span } from '../../shared/autopsy/wording.ts'
import type { Messages } from '../../shared/autopsy/wording.ts'

/**
 * The master that acknowledged them was killed, and the broker elected next was outside the SyncStateSet, which it rejoins
 * only with everything that the master has. Undefined where a part of this was not seen.
 */
export function electedFromOutside(
  p: number,
  messages: Messages,
  input: AutopsyInput,
  { master, next }: { master: EpochChange; next: EpochChange | undefined },
): Cause | undefined {
  if (!next || next.leader === master.leader) return undefined
  const acked = span(messages, s => input.lane.table.ackedAt.get(s))
  const set = isrBefore(p, next, input)
  const killed = provedFaults(input.events, ['crash']).find(
    ({ fault, injected }) => hits(fault, master.leader) && injected >= acked.to && fault.t <= next.t,
  )
  if (!killed || !set?.includes(master.leader) || set.includes(next.leader)) return undefined
  if (brokerSetting(p, 'enableElectUncleanMaster', input) !== 'true') return undefined
  return {
    code: 'unclean-election',
    text:
      `${count(messages)}: acknowledged by broker ${master.leader}, master in epoch ${master.epoch}, which was then ` +
      `killed; the SyncStateSet was ${brokers(set)} alone, ` +
      `but broker ${next.leader} was elected in epoch ${next.epoch}, as enableElectUncleanMaster allows, and the ` +
      `old master truncated its log to the new one's. ` +
      `enableElectUncleanMaster=false, which waits for broker ${master.leader}, or inSyncReplicas=2 with ` +
      `minInSyncReplicas=2, which does not acknowledge them, would have kept ${it(messages)}.`,
  }
}
