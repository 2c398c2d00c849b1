/** A slave serves without knowing the topic. */
import type { EpochChange } from '../../../history/epoch-change.ts'
import type { Cause } from '../../../model/causes.ts'
import { hits, provedFaults } from '../../shared/autopsy/input.ts'
import type { AutopsyInput } from '../../shared/autopsy/input.ts'
import { count, it, span } from '../../shared/autopsy/wording.ts'
import type { Messages } from '../../shared/autopsy/wording.ts'

/**
 * At the end no broker that serves knew the topic. A slave knows the topics that it copied from its master, so it had not
 * copied this one when the master was lost.
 */
export function servedWithoutTopic(
  p: number,
  messages: Messages,
  { lane, cell, events }: AutopsyInput,
  master: EpochChange,
): Cause | undefined {
  const sealed = events.find(event => event.kind === 'sealed' && event.lane === cell.lane && event.p === p)
  const acked = span(messages, s => lane.table.ackedAt.get(s))
  const gone = provedFaults(events, ['crash', 'power-loss', 'wipe-disk']).find(
    ({ fault, injected, healed }) => hits(fault, master.leader) && injected >= acked.to && healed === Infinity,
  )
  if (sealed?.kind !== 'sealed' || !sealed.topicUnknown || !gone) return undefined
  return {
    code: 'topic-unknown',
    text:
      `${count(messages)}: acknowledged by broker ${master.leader}, master in epoch ${master.epoch}, which was then ` +
      `lost (${gone.fault.fault}); no broker that serves knows the topic (${sealed.seen}). ` +
      'A slave copies topics from its master only now and then. Creating the topic on slaves as well, or waiting ' +
      `until they know it, would have kept ${it(messages)} readable.`,
  }
}
