import { LossproofError } from '../../model/errors.ts'
import type { Fault } from '../contract/fault.ts'
import type { Leadership } from '../contract/partition.ts'

const newLeader = /^(preferred|follower|broker-\d+)$/

/** Leadership moves while every node runs. The observer proves it: a later epoch, the wanted leader, the old one still in the ISR. */
export const leaderTransfer: Fault = {
  id: 'leader-transfer',
  kind: 'cluster',
  effects: ['moves-leadership', 'gentle'],
  title: 'Hand leadership over to another in-sync replica',
  models: 'An operator or a balancer that moves leaders: a preferred election, before or after maintenance.',
  cannotModel: 'The loss of a leader: here the old leader hands over while it runs.',
  needs: ['docker'],
  abilities: ['transfer-leadership'],
  targets: ['leader'],
  params: {
    to: {
      doc: 'the new leader: `follower` (default, the first in-sync one), `preferred` (the first replica), or a broker by name',
      default: 'follower',
      check: value =>
        typeof value === 'string' && newLeader.test(value)
          ? undefined
          : `expected follower, preferred or a broker such as broker-2, got ${JSON.stringify(value)}`,
    },
  },
  refuses: (brokers, { to }) =>
    numberOf(to) > brokers || numberOf(to) === 0 ? `there is no ${String(to)} among ${brokers} brokers` : undefined,
  async inject(context, { nodes }, params) {
    const [oldLeader] = nodes
    const before = context.leaders().filter(partition => partition.leader === oldLeader?.id)
    const wanted = wantedLeader(before, String(params['to'] ?? 'follower'))
    await context.transferLeadership(before, wanted)
    return {
      async evidence() {
        const now = await context.settled(
          async () => context.leaders(),
          later => moved(before, later, wanted),
        )
        return {
          complete: before.length > 0 && moved(before, now, wanted),
          seen: { from: oldLeader?.name, to: `broker-${wanted}`, leaders: samePartitions(before, now).map(describe) },
        }
      },
      // Leadership stays with the new leader, as after a real transfer.
      heal: async () => {},
    }
  },
}

/** `broker-2` → 2; NaN for any other word. */
const numberOf = (word: unknown) => Number(String(word).replace('broker-', ''))

function wantedLeader(partitions: readonly Leadership[], to: string): number {
  const [first] = partitions
  if (!first) throw new LossproofError('cluster', 'leader-transfer: its target leads no partition')
  const named = to.startsWith('broker-') ? numberOf(to) : undefined
  const found =
    named ??
    (to === 'preferred'
      ? first.replicas[0]
      : first.replicas.find(id => id !== first.leader && first.isr?.includes(id) === true))
  if (found === undefined || found === first.leader)
    throw new LossproofError(
      'cluster',
      `leader-transfer: found no new leader "${to}" for ${first.lane}-${first.partition}; broker-${first.leader} leads it now`,
    )
  return found
}

function samePartitions(before: readonly Leadership[], now: readonly Leadership[]): Leadership[] {
  return before.flatMap(then => now.find(later => later.lane === then.lane && later.partition === then.partition) ?? [])
}

function moved(before: readonly Leadership[], now: readonly Leadership[], wanted: number): boolean {
  const same = samePartitions(before, now)
  return (
    same.length === before.length &&
    same.every((later, at) => {
      const then = before[at]
      return (
        then !== undefined &&
        later.leader === wanted &&
        later.epoch > then.epoch &&
        later.isr?.includes(then.leader) === true
      )
    })
  )
}

const describe = ({ lane, partition, leader, epoch, isr }: Leadership) =>
  `${lane}-${partition}: broker-${leader} in epoch ${epoch}, isr ${isr?.join(',') ?? 'unknown: brokers disagree'}`
