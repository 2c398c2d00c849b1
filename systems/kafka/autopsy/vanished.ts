/**
 * Messages that replicas once held: where each copy went, who was elected without them, and what that comes down to.
 *
 * A copy ends at the first extract of its broker that no longer has it. Between the two the broker lost power, or its disk
 * was replaced, or its log names a leader epoch that begins at or before the messages: it truncated to that. Anything else
 * is not established. The leader that went on at their offsets is read from the logs and from what the observer saw.
 */
import type { EpochChange } from '../../../history/epochs.ts'
import type { ReplicaExtract } from '../../../history/replicas.ts'
import type { Cause } from '../../../model/causes.ts'
import type { Copies, Place } from '../../shared/autopsy/copies.ts'
import { acks, hits, provedFaults } from '../../shared/autopsy/evidence.ts'
import type { Evidence } from '../../shared/autopsy/evidence.ts'
import type { Group } from '../../shared/autopsy/groups.ts'
import { electedWithout, lostOnDisk } from './vanished-causes.ts'
import { span } from '../../shared/autopsy/words.ts'

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
  group: Group
  offsets: { from: number; to: number }
  /** In which they were appended, and who led then. */
  epoch: number
  leader: number
  copies: readonly Copy[]
  /** Brokers with a replica of which it is known that they never had them. */
  without: readonly number[]
  /** Who was elected when the log went on without them, and where it went on. */
  elected: { change: EpochChange; offset: number } | undefined
}

/** `undecided`: why these extracts do not tell. Undefined: no extract holds the messages. */
export function explainVanished(
  p: number,
  group: Group,
  copies: Copies,
  evidence: Evidence,
): Cause | { undecided: string } | undefined {
  const held = group.findings.find(isPlace)
  if (!held) return undefined
  const changes = evidence.epochs.changes(p)
  const leader = changes.find(change => change.epoch === held.epoch && change.leader >= 0)
  if (!leader) return { undecided: `nobody saw who led in epoch ${held.epoch}` }
  const offsets = offsetsOf(group, copies)
  const found = copiesOf(group, offsets.from, held.epoch, copies, evidence)
  const vanished: Vanished = {
    p,
    group,
    offsets,
    epoch: held.epoch,
    leader: leader.leader,
    copies: found,
    without: copies.brokers.filter(broker => neverHad(broker, group, copies, evidence)),
    elected: electedAfter(held.epoch, offsets.from, changes, copies),
  }
  return judge(vanished, evidence)
}

function judge(vanished: Vanished, evidence: Evidence): Cause | { undecided: string } {
  const { copies, elected, without } = vanished
  const unknown = copies.flatMap(({ broker, end }) =>
    end.how === 'unknown' ? [`what became of the copy on broker ${broker} (${end.missing})`] : [],
  )
  if (unknown.length > 0) return { undecided: unknown.join('; ') }
  const surviving = copies.filter(({ end }) => end.how === 'truncated')
  const own = copies.find(({ broker }) => broker === elected?.change.leader)
  // The one that came to lead had them once and lost them, or nobody had them any more.
  if (own?.end.how === 'power' || own?.end.how === 'wiped') return lostOnDisk(vanished, own.end.how, evidence)
  if (surviving.length === 0) {
    const last = copies.toSorted((a, b) => a.held.t - b.held.t).at(-1)
    return lostOnDisk(vanished, last?.end.how === 'wiped' ? 'wiped' : 'power', evidence)
  }
  if (!elected) return { undecided: 'who was elected when the log went on without them' }
  if (own || !without.includes(elected.change.leader))
    return { undecided: `whether broker ${elected.change.leader}, elected in epoch ${elected.change.epoch}, had them` }
  return electedWithout(vanished, elected, acks(evidence), evidence)
}

const isPlace = (finding: Group['findings'][number]): finding is Place => typeof finding !== 'string'

/** In the first extract that has them. */
function offsetsOf(group: Group, copies: Copies): { from: number; to: number } {
  const index = group.findings.findIndex(isPlace)
  const offset = (s: number) => {
    const found = copies.find(index, s, -1)
    return isPlace(found) ? found.offset : NaN
  }
  return span(group, offset)
}

function copiesOf(group: Group, from: number, epoch: number, copies: Copies, evidence: Evidence): Copy[] {
  return copies.brokers.flatMap(broker => {
    const own = copies.of(broker)
    const last = own.findLast(index => isPlace(group.findings[index] ?? 'unknown'))
    const held = last === undefined ? undefined : copies.extracts[last]
    if (last === undefined || !held) return []
    const next = own.find(index => index > last)
    const gone = next === undefined ? undefined : copies.extracts[next]
    return [
      {
        broker,
        held,
        end: gone
          ? endOf(held, gone, group.findings[next ?? 0] === 'absent', from, epoch, evidence)
          : { how: 'unknown', missing: 'no later extract of it' },
      },
    ]
  })
}

/**
 * No extract of the broker has them, and none can have been missed: its disk was not hit since they were sent, or it was read
 * without them between their acknowledgement and that.
 */
function neverHad(broker: number, group: Group, copies: Copies, { lane, events }: Evidence): boolean {
  const own = copies.of(broker)
  if (!own.every(index => group.findings[index] === 'absent')) return false
  const sent = span(group, s => lane.table.sentAt.get(s)).from
  const hit = events.find(
    event =>
      event.kind === 'fault' &&
      (event.fault === 'power-loss' || event.fault === 'wipe-disk') &&
      hits(event, broker) &&
      event.t >= sent,
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
  { events }: Evidence,
): Copy['end'] {
  if (!isGone) return { how: 'unknown', missing: gone.partial ?? 'its records could not be opened' }
  const between = (kind: string) =>
    provedFaults(events, [kind]).some(
      ({ fault, injected }) => hits(fault, held.broker) && injected >= held.t && injected <= gone.t,
    )
  if (between('wipe-disk')) return { how: 'wiped' }
  if (between('power-loss')) {
    // Only what was read before the broker started again tells what its disk had kept.
    return gone.state === 'down'
      ? { how: 'power' }
      : { how: 'unknown', missing: 'its disk was not read between the power loss and its start' }
  }
  const truncated = gone.epochs
    .filter(([later, offset]) => later > epoch && offset <= from)
    .toSorted(([a], [b]) => a - b)[0]
  if (!truncated) return { how: 'unknown', missing: 'its log names no later epoch that begins at them' }
  return { how: 'truncated', epoch: truncated[0], offset: truncated[1], restarted: held.state === 'down' }
}

/**
 * The first election after `epoch` whose leader's own log went on at or before `from`: it did not have them. A log forgets an
 * epoch in which nothing was written when the next begins; who was elected in such a one is passed over here, and where that
 * leaves copies unexplained the cause stays open.
 */
function electedAfter(
  epoch: number,
  from: number,
  changes: readonly EpochChange[],
  copies: Copies,
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
