/**
 * Messages that no replica ever held. Their absence at the end does not show that: every broker that led since they were
 * sent must have an extract from after its lead (it was down, or the trial had ended) that lacks them.
 */
import type { Cause } from '../../../model/causes.ts'
import type { ReplicaCopies } from '../../shared/autopsy/replica-copies.ts'
import { hits, provedFaults } from '../../shared/autopsy/input.ts'
import { acks } from './settings.ts'
import type { AutopsyInput } from '../../shared/autopsy/input.ts'
import type { MessageGroup } from '../../shared/autopsy/groups.ts'
import { brokers, count, it, seconds, span, was } from '../../shared/autopsy/wording.ts'

/** Undefined: an extract holds them, or a needed extract is missing. */
export function explainNeverStored(
  p: number,
  group: MessageGroup,
  copies: ReplicaCopies,
  input: AutopsyInput,
): Cause | undefined {
  const { table } = input.lane
  const sent = span(group, s => table.sentAt.get(s))
  const leaders = leadersSince(p, sent.from, input)
  if (leaders.length === 0 || group.findings.some(finding => finding !== 'absent')) return undefined
  if (!leaders.every(lead => wasClosed(lead, copies))) return undefined
  const who = brokers(leaders.map(({ broker }) => broker))
  const nobody =
    `${count(group)} ${was(group)} never on any replica: the ${leaders.length === 1 ? 'log' : 'logs'} of ${who}, ` +
    `which led then or later, never had ${it(group)}.`
  const asked = acks(input)
  if (asked === '0')
    return {
      code: 'never-reached-leader',
      text: `${nobody} ${whereTo(p, sent, input)} With acks=0 the producer waits for no answer; acks=1 or all would have reported it.`,
    }
  return namesNoOffset(group, input) ? droppedByClient(nobody, group, input) : undefined
}

/** Whether no acknowledgement names an offset. Every answer to a request with acks=1 or all does. */
export function namesNoOffset(group: MessageGroup, { lane }: AutopsyInput): boolean {
  return span(group, s => lane.table.ackOffset.get(s)).to < 0
}

/** `found`: the sentences that say which replicas held them, if any. */
export function droppedByClient(found: string, group: MessageGroup, input: AutopsyInput): Cause {
  return {
    code: 'dropped-by-client',
    text:
      `${found} With acks=${acks(input)} each answer of a broker names an offset, and the ` +
      `${group.count === 1 ? 'acknowledgement names' : 'acknowledgements name'} none: the client reported success ` +
      `without an answer. No setting of the brokers would have kept ${it(group)}; another client, or one partition ` +
      'a send, would.',
  }
}

interface Lead {
  broker: number
  from: number
  /** Infinity: it led until the end. */
  to: number
}

/** The leaders at `from` and later, each with the time of its lead. */
function leadersSince(p: number, from: number, { epochs }: AutopsyInput): Lead[] {
  const changes = epochs.changes(p)
  return changes.flatMap((change, at) => {
    const to = changes[at + 1]?.t ?? Infinity
    return change.leader >= 0 && to >= from ? [{ broker: change.leader, from: change.earliest, to }] : []
  })
}

/** Whether an extract shows the broker's log after its lead: it was killed or frozen for good, or leads until the end and was read then. */
function wasClosed({ broker, from, to }: Lead, copies: ReplicaCopies): boolean {
  return copies.of(broker).some(index => {
    const extract = copies.extracts[index]
    if (!extract || extract.partial !== undefined) return false
    if (!Number.isFinite(to)) return extract.at === 'end'
    return extract.t >= from && ((extract.at === 'killed' && extract.state === 'down') || extract.at === 'dark')
  })
}

/** What the history shows of where the messages went instead. */
function whereTo(p: number, sent: { from: number; to: number }, { events, epochs }: AutopsyInput): string {
  const when = `between ${seconds(sent.from)} and ${seconds(sent.to)}`
  const cut = provedFaults(events, ['cut']).find(
    ({ fault, injected }) => fault.target === 'producer' && injected <= sent.from,
  )
  if (cut) {
    const after = sent.to > cut.healed ? `, the last of them ${seconds(sent.to - cut.healed)} after it was healed` : ''
    return `They were sent ${when}, while fault ${cut.fault.id} swallowed everything between producers and brokers${after}.`
  }
  const changes = epochs.changes(p)
  const dead = provedFaults(events, ['crash', 'wipe-disk', 'power-loss']).findLast(({ fault, injected }) => {
    const leader = changes.findLast(change => change.t <= fault.t)
    return injected <= sent.from && leader !== undefined && hits(fault, leader.leader)
  })
  if (!dead) return `They were sent ${when}.`
  const leader = changes.findLast(change => change.t <= dead.fault.t)
  const next = changes.find(
    change => change.t > dead.fault.t && change.leader >= 0 && change.epoch > (leader?.epoch ?? -1),
  )
  const elected = next ? `; broker ${next.leader} was elected in epoch ${next.epoch} at ${seconds(next.t)}` : ''
  return `They were sent ${when}, after broker ${leader?.leader ?? ''}, the leader, had died at ${seconds(dead.injected)}${elected}.`
}
