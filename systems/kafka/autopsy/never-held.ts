/**
 * Messages that no replica ever held. That takes more than their absence at the end: of everyone who led since they were sent
 * there has to be an extract from when its lead was over (it was down, or the trial was at its end) without them.
 */
import type { Cause } from '../../../model/causes.ts'
import type { Copies } from '../../shared/autopsy/copies.ts'
import { acks, hits, provedFaults } from '../../shared/autopsy/evidence.ts'
import type { Evidence } from '../../shared/autopsy/evidence.ts'
import type { Group } from '../../shared/autopsy/groups.ts'
import { brokers, count, it, seconds, span, was } from '../../shared/autopsy/words.ts'

/** Undefined: an extract holds them, or one that it takes is missing. */
export function explainNeverHeld(p: number, group: Group, copies: Copies, evidence: Evidence): Cause | undefined {
  const { table } = evidence.lane
  const sent = span(group, s => table.sentAt.get(s))
  const leaders = leadersSince(p, sent.from, evidence)
  if (leaders.length === 0 || group.findings.some(finding => finding !== 'absent')) return undefined
  if (!leaders.every(lead => wasClosed(lead, copies))) return undefined
  const who = brokers(leaders.map(({ broker }) => broker))
  const nobody = `${count(group)} ${was(group)} never on any replica: the ${leaders.length === 1 ? 'log' : 'logs'} of ${who}, to lead then or later, never had ${it(group)}.`
  const asked = acks(evidence)
  if (asked === '0')
    return {
      code: 'never-reached-leader',
      text: `${nobody} ${whereTo(p, sent, evidence)} With acks=0 the producer is told nothing: acks=1 or all would have told it.`,
    }
  return namesNoOffset(group, evidence) ? droppedByClient(nobody, group, evidence) : undefined
}

/** Every answer to a request with acks names an offset. */
export function namesNoOffset(group: Group, { lane }: Evidence): boolean {
  return span(group, s => lane.table.ackOffset.get(s)).to < 0
}

/** `found`: where they lay, if anywhere, as a sentence or more. */
export function droppedByClient(found: string, group: Group, evidence: Evidence): Cause {
  return {
    code: 'dropped-by-client',
    text: `${found} With acks=${acks(evidence)} each answer of a broker names an offset, and the ${group.count === 1 ? 'acknowledgement names' : 'acknowledgements name'} none: the client reported success without an answer. No setting of the brokers would have kept ${it(group)}; another client, or one partition a send, would.`,
  }
}

interface Lead {
  broker: number
  from: number
  /** Infinity: it led until the end. */
  to: number
}

/** Everyone who led at `from` or later, with when. */
function leadersSince(p: number, from: number, { epochs }: Evidence): Lead[] {
  const changes = epochs.changes(p)
  return changes.flatMap((change, at) => {
    const to = changes[at + 1]?.t ?? Infinity
    return change.leader >= 0 && to >= from ? [{ broker: change.leader, from: change.earliest, to }] : []
  })
}

/** One that was killed, or frozen for good, holds all that it ever will; one that leads at the end has been read behind everything else. */
function wasClosed({ broker, from, to }: Lead, copies: Copies): boolean {
  return copies.of(broker).some(index => {
    const extract = copies.extracts[index]
    if (!extract || extract.partial !== undefined) return false
    if (!Number.isFinite(to)) return extract.at === 'end'
    return extract.t >= from && ((extract.at === 'killed' && extract.state === 'down') || extract.at === 'dark')
  })
}

/** What is known of where they went instead. */
function whereTo(p: number, sent: { from: number; to: number }, { events, epochs }: Evidence): string {
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
