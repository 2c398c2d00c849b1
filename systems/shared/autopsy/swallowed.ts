/** Losses of producers that wait for no answer: the message was sent while nothing could take it. */
import type { Cause } from '../../../model/causes.ts'
import { hits, provedFaults } from './input.ts'
import type { AutopsyInput } from './input.ts'
import { count, span, was } from './wording.ts'
import type { Messages } from './wording.ts'

/** Sent while a proved fault dropped everything that producers sent. `why`: why the producer learnt nothing. */
export function swallowedByCut(messages: Messages, { lane, events }: AutopsyInput, why: string): Cause | undefined {
  const sent = span(messages, s => lane.table.sentAt.get(s))
  const cut = provedFaults(events, ['cut']).find(
    ({ fault, injected, healed }) =>
      fault.target === 'producer' && injected <= sent.from && sent.to <= healed && Number.isFinite(healed),
  )
  return (
    cut && {
      code: 'never-reached-leader',
      text:
        `${count(messages)} ${was(messages)} sent while fault ${cut.fault.id} swallowed everything between producers ` +
        `and brokers. The final log has no trace of them, and ${why}.`,
    }
  )
}

/** Sent after the leader was surely dead and before another could have been elected or the dead one started again. */
export function sentToDeadLeader(
  p: number,
  messages: Messages,
  { lane, events, epochs }: AutopsyInput,
  why: string,
): Cause | undefined {
  const sent = span(messages, s => lane.table.sentAt.get(s))
  const changes = epochs.changes(p)
  for (const { fault, injected, healed } of provedFaults(events, ['crash'])) {
    const leader = changes.findLast(change => change.t <= fault.t)
    if (injected > sent.from || !leader || !hits(fault, leader.leader)) continue
    const elected = changes.find(change => change.t > fault.t && change.leader >= 0 && change.epoch > leader.epoch)
    // The observer saw the election late, by its margin at most.
    if (!elected || sent.to > Math.min(elected.earliest, healed)) continue
    return {
      code: 'never-reached-leader',
      text:
        `${count(messages)} ${was(messages)} sent after broker ${leader.leader}, the leader, was killed and before broker ` +
        `${elected.leader} was elected in epoch ${elected.epoch}. No broker could take them, and ${why}.`,
    }
  }
  return undefined
}
