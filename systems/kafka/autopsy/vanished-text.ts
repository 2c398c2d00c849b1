/** Sentences about messages that replicas once held, and the settings that would have kept them. */
import type { Cause } from '../../../model/causes.ts'
import { hits, isrBefore, provedFaults, replicationFactor } from '../../shared/autopsy/input.ts'
import { acks, isUncleanAllowed, minInSync, topicSetting } from './settings.ts'
import type { AutopsyInput } from '../../shared/autopsy/input.ts'
import type { Copy, Vanished } from './vanished.ts'
import { handedOver, transferBehind, transferred } from './transfer.ts'
import { brokers, count, it, offsets, span } from '../../shared/autopsy/wording.ts'

type Isr = readonly number[]
type Elected = NonNullable<Vanished['elected']>

/** A replica that lacked them was elected. */
export function electedWithout(vanished: Vanished, elected: Elected, asked: string, input: AutopsyInput): Cause {
  const { group, leader, copies } = vanished
  const isr = isrBefore(vanished.p, elected.change, input)
  const outside = isr !== undefined && !isr.includes(elected.change.leader)
  const unclean = outside && isUncleanAllowed(input)
  const notInSync = `, ${unclean ? 'although it' : 'which'} was not among the in-sync replicas (${isr?.join(', ')})`
  const since = span(group, s => input.lane.table.sentAt.get(s)).from
  const transfer =
    outside || asked === 'all' ? undefined : transferBehind(vanished.p, { leader, since }, elected.change, input)
  const sentences = [
    `${count(group)} (${offsets(vanished.offsets, group)}) lay ` +
      `${isOnlyHolder(vanished, elected, input) ? 'only ' : ''}on ${holders(vanished)}, because ` +
      `${reason(vanished, asked, isr, input)}; ` +
      `${electionOf(elected)}${transfer ? `, ${handedOver(transfer)}` : ''}${outside ? notInSync : ''}; ` +
      `${ends(copies, leader)}.`,
    ...(outside && !unclean && minInSync(input) > 1
      ? [
          `Broker ${elected.change.leader} was eligible all the same: with min.insync.replicas=${minInSync(input)} the ` +
            'high watermark stands still as soon as too few replicas are in step, so one that left then has all below it ' +
            '(KIP-966).',
        ]
      : []),
    ...electionRemedy(elected, asked, isr, unclean, leader, input).map(text => `${text} would have kept ${it(group)}.`),
  ]
  return {
    code: unclean ? 'unclean-election' : transfer ? transferred : 'truncated-after-election',
    text: sentences.join(' '),
  }
}

/** All copies, or the copy of the elected broker, were lost with a disk. */
export function lostOnDisk(vanished: Vanished, how: 'power' | 'wiped', input: AutopsyInput): Cause {
  const { group, elected, copies } = vanished
  const by = (wanted: Copy['end']['how']) => copies.filter(({ end }) => end.how === wanted).map(({ broker }) => broker)
  const [dark, wiped, truncated] = [by('power'), by('wiped'), copies.filter(({ end }) => end.how === 'truncated')]
  const cuts = [
    ...(dark.length > 0
      ? [
          `in the page ${dark.length === 1 ? 'cache' : 'caches'} of ${brokers(dark)}, which lost power before ` +
            `${group.count === 1 ? 'it was' : 'they were'} synced or written back: none was on disk there when the power ` +
            'was back',
        ]
      : []),
    ...(wiped.length > 0
      ? [
          `on ${brokers(wiped)}, ${wiped.length === 1 ? 'whose disk was' : 'whose disks were'} replaced by ` +
            (wiped.length === 1 ? 'an empty one' : 'empty ones'),
        ]
      : []),
    ...(truncated.length > 0 ? [`on ${brokers(truncated.map(({ broker }) => broker))}`] : []),
  ]
  const went = elected
    ? `; broker ${elected.change.leader} came to lead in epoch ${elected.change.epoch} with a log that ended at ` +
      `offset ${elected.offset}${truncated.length > 0 ? `, and ${ends(truncated, elected.change.leader)}` : ''}`
    : ''
  const remedies = how === 'power' ? powerRemedy(input) : wipeRemedy(vanished, input)
  return {
    code: how === 'power' ? 'unsynced-pages' : 'disk-wiped',
    text:
      `${count(group)} (${offsets(vanished.offsets, group)}) lay ` +
      `${cuts.join(', and ')}${went}.${remedies.map(text => ` ${text} would have kept ${it(group)}.`).join('')}`,
  }
}

/**
 * Every other replica of the topic was read without them, after the acknowledgements and before it knew of the election.
 */
function isOnlyHolder(
  { p, group, copies, without, replicas: expected }: Vanished,
  { change }: Elected,
  { lane, replicas }: AutopsyInput,
): boolean {
  const acked = span(group, s => lane.table.ackedAt.get(s))
  const early = (broker: number) =>
    replicas.some(
      found =>
        found.p === p &&
        found.broker === broker &&
        found.t >= acked.to &&
        found.epochs.every(([epoch]) => epoch < change.epoch) &&
        found.runs.every(([, , epoch]) => epoch < change.epoch),
    )
  const others = [...new Set(replicas.flatMap(found => (found.p === p ? [found.broker] : [])))].filter(
    broker => !copies.some(copy => copy.broker === broker),
  )
  return copies.length + others.length >= expected && others.every(broker => without.includes(broker) && early(broker))
}

function holders({ copies, leader, epoch }: Vanished): string {
  const ids = copies.map(({ broker }) => broker)
  if (ids.length === 1 && ids[0] === leader) return `broker ${leader}, the leader in epoch ${epoch}`
  return ids.includes(leader) ? `${brokers(ids)} (broker ${leader} led in epoch ${epoch})` : brokers(ids)
}

const electionOf = ({ change, offset }: Elected) =>
  `broker ${change.leader} was elected in epoch ${change.epoch} at offset ${offset}`

/** Why the other replicas lacked them, as far as the history shows. */
function reason({ leader, group }: Vanished, asked: string, isr: Isr | undefined, input: AutopsyInput): string {
  const { table } = input.lane
  const [sent, acked] = [span(group, s => table.sentAt.get(s)), span(group, s => table.ackedAt.get(s))]
  const cut = provedFaults(input.events, ['cut-replication']).some(
    ({ fault, injected, healed }) => hits(fault, leader) && injected <= sent.from && healed >= acked.to,
  )
  const alone = isr?.length === 1 && isr[0] === leader
  const why =
    asked === 'all'
      ? alone
        ? `acks=all waits for the in-sync replicas alone, which was broker ${leader} by itself`
        : `the others had not fetched ${it(group)}`
      : `acks=${asked} does not wait`
  return `${cut ? 'replication was cut and ' : ''}${why}`
}

/** `broker 1 truncated to 100 when it came back`. */
function ends(copies: readonly Copy[], leader: number): string {
  const alike = new Map<string, number[]>()
  for (const { broker, end } of copies) {
    if (end.how !== 'truncated') continue
    const when = end.restarted ? 'came back' : broker === leader ? 'learnt of it' : 'followed'
    const key = `truncated to ${end.offset} when ${when}`
    alike.set(key, [...(alike.get(key) ?? []), broker])
  }
  return [...alike]
    .map(([key, ids]) => `${brokers(ids)} ${key.replace('when ', ids.length === 1 ? 'when it ' : 'when they ')}`)
    .join(', ')
}

function electionRemedy(
  { change }: Elected,
  asked: string,
  isr: Isr | undefined,
  unclean: boolean,
  leader: number,
  input: AutopsyInput,
): string[] {
  if (unclean) {
    return [
      'unclean.leader.election.enable=false, which waits for broker ' +
        `${leader},${asked === 'all' && minInSync(input) < 2 ? ' or min.insync.replicas=2, which does not acknowledge them,' : ''}`,
    ]
  }
  const wouldWait = isr?.includes(change.leader) === true || minInSync(input) > 1
  return asked !== 'all' && wouldWait ? ['acks=all'] : []
}

function powerRemedy(input: AutopsyInput): string[] {
  const synced = String(topicSetting(input, 'flush.messages')) === '1'
  const alone = replicationFactor(input) === 1
  return synced
    ? []
    : [
        'flush.messages=1, which syncs before it ' +
          `acknowledges,${alone ? ' or a replica that keeps its power (replication.factor=3, acks=all)' : ''}`,
      ]
}

function wipeRemedy({ copies }: Vanished, input: AutopsyInput): string[] {
  const factor = replicationFactor(input)
  if (factor < 3)
    return [
      `${factor === 1 ? 'Further replicas' : 'A third replica'} (replication.factor=3)${acks(input) === 'all' ? '' : ' with acks=all'}`,
    ]
  return minInSync(input) < 2 && copies.length > 0
    ? ['min.insync.replicas=2, with which no disk is ever the only one that counts,']
    : []
}
