/** A master of RocketMQ that a controller elected although it was not in the SyncStateSet. */
import type { EpochChange } from '../../../history/epochs.ts'
import type { Cause } from '../../../model/causes.ts'
import { hits, isrBefore, provedFaults } from '../../shared/autopsy/evidence.ts'
import type { Evidence } from '../../shared/autopsy/evidence.ts'
import { brokerSetting } from './where-stored.ts'
import { brokers, count, it, span } from '../../shared/autopsy/words.ts'
import type { Messages } from '../../shared/autopsy/words.ts'

/**
 * They were acknowledged by a master that was then killed, and the one elected next had left the set, to which it would have
 * come back only with all that the master had. Undefined where something of that was not seen.
 */
export function electedFromOutside(
  p: number,
  messages: Messages,
  evidence: Evidence,
  { master, next }: { master: EpochChange; next: EpochChange | undefined },
): Cause | undefined {
  if (!next || next.leader === master.leader) return undefined
  const acked = span(messages, s => evidence.lane.table.ackedAt.get(s))
  const set = isrBefore(p, next, evidence)
  const killed = provedFaults(evidence.events, ['crash']).find(
    ({ fault, injected }) => hits(fault, master.leader) && injected >= acked.to && fault.t <= next.t,
  )
  if (!killed || !set?.includes(master.leader) || set.includes(next.leader)) return undefined
  if (brokerSetting(p, 'enableElectUncleanMaster', evidence) !== 'true') return undefined
  return {
    code: 'unclean-election',
    text:
      `${count(messages)}: acknowledged by broker ${master.leader}, master in epoch ${master.epoch}, which was then killed; the SyncStateSet was ${brokers(set)} alone, ` +
      `but broker ${next.leader} was elected in epoch ${next.epoch}, as enableElectUncleanMaster allows, and the old master truncated its log to the new one's. ` +
      `enableElectUncleanMaster=false, which waits for broker ${master.leader}, or inSyncReplicas=2 with minInSyncReplicas=2, which does not acknowledge them, would have kept ${it(messages)}.`,
  }
}
