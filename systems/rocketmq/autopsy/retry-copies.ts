/** RocketMQ: what was sent back is a copy in the broker, stored without waiting for flush or slave. */
import { handlingOf, hits, provedFaults } from '../../shared/autopsy/evidence.ts'
import type { Evidence } from '../../shared/autopsy/evidence.ts'

/** What a listener can do that makes the client send a message back; its offset is passed only when the broker has answered that. */
const sendsBack: ReadonlySet<string> = new Set(['reconsume-later', 'return-null', 'throw'])

/**
 * How the copies of a message went whose handler had failed: with the page cache of the master that took them, or with the master
 * itself, where another leads now. `committed`: when the offset passed it; `delivered`: its last delivery. Undefined: no such loss
 * was seen behind both, or the client does not send back.
 */
export function copiesLostWith(
  p: number,
  { committed, delivered }: { committed: number; delivered: number },
  evidence: Evidence,
): string | undefined {
  const { trial, cell, epochs, events } = evidence
  const consumer = trial.lanes.find(lane => lane.id === cell.lane)?.consumer
  if (
    trial.system !== 'rocketmq' ||
    consumer?.settings['messageModel'] === 'BROADCASTING' ||
    !sendsBack.has(handlingOf(evidence)?.onPoison ?? '')
  )
    return undefined
  const master = epochs.changes(p).findLast(change => change.leader >= 0 && change.t <= committed)
  if (!master) return undefined
  const after = (kinds: string[]) =>
    provedFaults(events, kinds).find(
      ({ fault, injected }) => hits(fault, master.leader) && injected >= Math.max(committed, delivered),
    )
  if (after(['power-loss'])) return `when broker ${master.leader} lost power`
  if (after(['wipe-disk'])) return `with the disk of broker ${master.leader}`
  const next = epochs
    .changes(p)
    .find(change => change.t > master.t && change.leader >= 0 && change.leader !== master.leader)
  return after(['crash']) && next
    ? `with broker ${master.leader}, which was killed: broker ${next.leader}, which then led, had none of them`
    : undefined
}
