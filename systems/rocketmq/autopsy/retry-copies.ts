/**
 * A message sent back for another delivery is stored by the broker as a copy. The broker waits for neither flush nor slave
 * before it answers, so the copy can be lost.
 */
import { handlingOf, hits, provedFaults } from '../../shared/autopsy/input.ts'
import type { AutopsyInput } from '../../shared/autopsy/input.ts'

/** Results of a listener after which the client sends the message back. Its offset is passed once the broker has answered. */
const sendsBack: ReadonlySet<string> = new Set(['reconsume-later', 'return-null', 'throw'])

/**
 * How the copies of a failed message were lost: with the page cache of the master that took them, or with that master, where
 * another leads now. `committed`: when the offset passed it; `delivered`: its last delivery. Undefined: no such loss was seen
 * after both, or the client does not send back.
 */
export function copiesLostWith(
  p: number,
  { committed, delivered }: { committed: number; delivered: number },
  input: AutopsyInput,
): string | undefined {
  const { trial, cell, epochs, events } = input
  const consumer = trial.lanes.find(lane => lane.id === cell.lane)?.consumer
  if (consumer?.settings['messageModel'] === 'BROADCASTING' || !sendsBack.has(handlingOf(input)?.onPoison ?? ''))
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
