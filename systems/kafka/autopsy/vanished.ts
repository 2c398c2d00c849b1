/**
 * Messages that replicas once held: how each copy ended, and which broker was elected without them.
 *
 * A copy ended at the first extract of its broker that lacks it. Between that extract and the one before, the broker lost
 * power, or its disk was replaced, or its log names a leader epoch that begins at or before the messages: it truncated to
 * that. Any other end is not established. The leader that continued at their offsets is read from the logs and from what
 * the observer saw.
 */
import type { EpochChange } from '../../../history/epoch-change.ts'
import type { ReplicaExtract } from '../../../history/replicas.ts'
import { isPosition } from '../../shared/autopsy/replica-copies.ts'
import type { ReplicaCopies } from '../../shared/autopsy/replica-copies.ts'
import { dataFaults, hits, provedFaults, replicationFactor } from '../../shared/autopsy/input.ts'
import type { AutopsyInput } from '../../shared/autopsy/input.ts'
import type { MessageGroup } from '../../shared/autopsy/groups.ts'
import type { Explanation } from '../../shared/autopsy/system-autopsy.ts'
import { acks } from './settings.ts'
import { electedWithout, lostOnDisk } from './vanished-text.ts'
import { span } from '../../shared/autopsy/wording.ts'

export interface Copy {
  broker: number
  /** The last extract that has it. */
  held: ReplicaExtract
  end:
    | { how: 'power' | 'wiped' }
    /** To where `epoch` begins. */
    | { how: 'truncated'; epoch: number; offset: number; restarted: boolean }
    | { how: 'unknown'; missing: string }
}

export interface Vanished {
  p: number
  group: MessageGroup
  offsets: { from: number; to: number }
  /** The epoch in which they were appended, and its leader. */
  epoch: number
  leader: number
  copies: readonly Copy[]
  /** Brokers whose replica surely never had them. */
  without: readonly number[]
  /** Brokers that have a replica, as many as the topic's replication factor says. */
  replicas: number
  /** The election after which the log went on without them, and the offset where it went on. */
  elected: { change: EpochChange; offset: number } | undefined
}

/** Undefined: no extract holds the messages. */
export function explainVanished(
  p: number,
  group: MessageGroup,
  copies: ReplicaCopies,
  input: AutopsyInput,
): Explanation {
  const held = group.findings.find(isPosition)
  if (!held) return undefined
  const changes = input.epochs.changes(p)
  const leader = changes.find(change => change.epoch === held.epoch && change.leader >= 0)
  if (!leader) return { undecided: `the leader of epoch ${held.epoch} was not observed` }
  const offsets = offsetsOf(group, copies)
  const found = copiesOf(group, offsets.from, held.epoch, copies, input)
  const vanished: Vanished = {
    p,
    group,
    offsets,
    epoch: held.epoch,
    leader: leader.leader,
    copies: found,
    without: copies.brokers.filter(broker => neverHad(broker, group, copies, input)),
    replicas: replicationFactor(input),
    elected: electedAfter(held.epoch, offsets.from, changes, copies),
  }
  return judge(vanished, input)
}

function judge(vanished: Vanished, input: AutopsyInput): Explanation {
  const { copies, elected, without } = vanished
  const unknown = copies.flatMap(({ broker, end }) =>
    end.how === 'unknown' ? [`what became of the copy on broker ${broker} (${end.missing})`] : [],
  )
  if (unknown.length > 0) return { undecided: unknown.join('; ') }
  const surviving = copies.filter(({ end }) => end.how === 'truncated')
  const own = copies.find(({ broker }) => broker === elected?.change.leader)
  // The elected broker had them once and lost them with its disk.
  if (own?.end.how === 'power' || own?.end.how === 'wiped') return lostOnDisk(vanished, own.end.how, input)
  if (surviving.length === 0) {
    const unread = vanished.replicas - new Set([...copies.map(({ broker }) => broker), ...without]).size
    if (unread > 0 && elected && elected.change.leader !== vanished.leader)
      return { undecided: `whether the ${unread === 1 ? 'replica' : `${unread} replicas`} without an extract had them` }
    const last = copies.toSorted((a, b) => a.held.t - b.held.t).at(-1)
    return lostOnDisk(vanished, last?.end.how === 'wiped' ? 'wiped' : 'power', input)
  }
  if (!elected) return { undecided: 'which broker was elected when the log went on without them' }
  if (own || !without.includes(elected.change.leader))
    return { undecided: `whether broker ${elected.change.leader}, elected in epoch ${elected.change.epoch}, had them` }
  return electedWithout(vanished, elected, acks(input), input)
}

/** Their offsets in the first extract that has them. */
function offsetsOf(group: MessageGroup, copies: ReplicaCopies): { from: number; to: number } {
  const index = group.findings.findIndex(isPosition)
  const offset = (s: number) => {
    const found = copies.find(index, s, -1)
    return isPosition(found) ? found.offset : NaN
  }
  return span(group, offset)
}

function copiesOf(
  group: MessageGroup,
  from: number,
  epoch: number,
  copies: ReplicaCopies,
  input: AutopsyInput,
): Copy[] {
  return copies.brokers.flatMap(broker => {
    const own = copies.of(broker)
    const last = own.findLast(index => isPosition(group.findings[index] ?? 'unknown'))
    const held = last === undefined ? undefined : copies.extracts[last]
    if (last === undefined || !held) return []
    const next = own.find(index => index > last)
    const gone = next === undefined ? undefined : copies.extracts[next]
    return [
      {
        broker,
        held,
        end: gone
          ? endOf(held, gone, group.findings[next ?? 0] === 'absent', from, epoch, input)
          : { how: 'unknown', missing: 'no later extract of it' },
      },
    ]
  })
}

/**
 * No extract of the broker has them, and no copy went unseen: its disk was not hit since they were sent, or an extract
 * between their acknowledgement and that hit lacks them.
 */
function neverHad(broker: number, group: MessageGroup, copies: ReplicaCopies, { lane, events }: AutopsyInput): boolean {
  const own = copies.of(broker)
  if (!own.every(index => group.findings[index] === 'absent')) return false
  const sent = span(group, s => lane.table.sentAt.get(s)).from
  const hit = events.find(
    event => event.kind === 'fault' && dataFaults.includes(event.fault) && hits(event, broker) && event.t >= sent,
  )
  const acked = span(group, s => lane.table.ackedAt.get(s)).to
  return (
    hit === undefined ||
    own.some(index => {
      const { t = 0, at } = copies.extracts[index] ?? {}
      return t >= acked && (t < hit.t || at === 'dark' || at === 'killed')
    })
  )
}

function endOf(
  held: ReplicaExtract,
  gone: ReplicaExtract,
  isGone: boolean,
  from: number,
  epoch: number,
  { events }: AutopsyInput,
): Copy['end'] {
  if (!isGone) return { how: 'unknown', missing: gone.partial ?? 'its records could not be opened' }
  const between = (kind: string) =>
    provedFaults(events, [kind]).some(
      ({ fault, injected }) => hits(fault, held.broker) && injected >= held.t && injected <= gone.t,
    )
  if (between('wipe-disk')) return { how: 'wiped' }
  if (between('power-loss')) {
    // Only an extract taken before the broker starts again shows what its disk had kept.
    return gone.state === 'down'
      ? { how: 'power' }
      : { how: 'unknown', missing: 'its disk was not read between the power loss and its start' }
  }
  if (between('disk-error'))
    return { how: 'unknown', missing: 'its disk failed, and was not read before it was repaired' }
  const truncated = gone.epochs
    .filter(([later, offset]) => later > epoch && offset <= from)
    .toSorted(([a], [b]) => a - b)[0]
  if (!truncated) return { how: 'unknown', missing: 'its log names no later epoch that begins at them' }
  return { how: 'truncated', epoch: truncated[0], offset: truncated[1], restarted: held.state === 'down' }
}

/**
 * The first election after `epoch` whose leader's own log went on at or before `from`: that leader lacked them. A log
 * forgets an epoch in which nothing was written when the next one begins. Leaders of such epochs are passed over here;
 * where that leaves copies unexplained, the cause stays open.
 */
function electedAfter(
  epoch: number,
  from: number,
  changes: readonly EpochChange[],
  copies: ReplicaCopies,
): Vanished['elected'] {
  for (const change of changes) {
    if (change.epoch <= epoch || change.leader < 0) continue
    const starts = copies
      .of(change.leader)
      .flatMap(index => copies.extracts[index]?.epochs.filter(([began]) => began === change.epoch) ?? [])
    const start = starts[0]?.[1]
    if (start !== undefined && start <= from) return { change, offset: start }
  }
  return undefined
}
