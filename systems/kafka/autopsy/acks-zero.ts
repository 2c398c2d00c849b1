/** Losses with acks=0: the producer asks for no answer, so a message that never reaches a leader counts as acknowledged. */
import type { Cause } from '../../../model/causes.ts'
import { hits, provedFaults } from '../../shared/autopsy/input.ts'
import type { AutopsyInput } from '../../shared/autopsy/input.ts'
import { count, span, was } from '../../shared/autopsy/wording.ts'
import type { Messages } from '../../shared/autopsy/wording.ts'
import { acks } from './settings.ts'

/** Sent after the leader of their partition was surely dead and before the next could have been elected. */
export function sentWithoutLeader(p: number, messages: Messages, input: AutopsyInput): Cause | undefined {
  if (acks(input) !== '0') return undefined
  const sent = sendsOf(messages, input)
  const changes = input.epochs.changes(p)
  for (const { fault, injected } of provedFaults(input.events, ['crash'])) {
    const leader = changes.findLast(change => change.t <= fault.t)
    if (injected > sent.from || !leader || !hits(fault, leader.leader)) continue
    const elected = changes.find(change => change.t > fault.t && change.leader >= 0 && change.epoch > leader.epoch)
    // The observer saw the election late, by its margin at most.
    if (!elected || sent.to > elected.earliest) continue
    return {
      code: 'never-reached-leader',
      text:
        `${count(messages)} ${was(messages)} sent after broker ${leader.leader}, the leader, was killed and before ` +
        `broker ${elected.leader} was elected in epoch ${elected.epoch}. No broker could take them, and with acks=0 ` +
        'the producer waits for no answer.',
    }
  }
  return undefined
}

/** Sent while a proved fault dropped everything that producers sent. */
export function swallowedByCut(messages: Messages, input: AutopsyInput): Cause | undefined {
  if (acks(input) !== '0') return undefined
  const sent = sendsOf(messages, input)
  const cut = provedFaults(input.events, ['cut']).find(
    ({ fault, injected, healed }) =>
      fault.target === 'producer' && injected <= sent.from && sent.to <= healed && Number.isFinite(healed),
  )
  return (
    cut && {
      code: 'never-reached-leader',
      text:
        `${count(messages)} ${was(messages)} sent while fault ${cut.fault.id} swallowed everything between producers ` +
        'and brokers. The final log has no trace of them, and with acks=0 the producer waits for no answer.',
    }
  )
}

function sendsOf(messages: Messages, { lane }: AutopsyInput): { from: number; to: number } {
  return span(messages, s => lane.table.sentAt.get(s))
}
