/** Losses of producers that do not ask for an answer (acks=0, one-way): the message never reached a leader. */
import { evidenceOf } from '../../../history/fault-evidence.ts'
import type { TrialEvent } from '../../../history/events.ts'
import type { Cause } from '../../../model/causes.ts'
import { acks } from '../../shared/autopsy/evidence.ts'
import type { Evidence } from '../../shared/autopsy/evidence.ts'
import { count, span, was } from '../../shared/autopsy/words.ts'
import type { Messages } from '../../shared/autopsy/words.ts'

/** Faults that end a broker's process, and those that swallow what a client sends without telling it. */
const deadly: ReadonlySet<string> = new Set(['crash'])
const swallowing: ReadonlySet<string> = new Set(['cut'])

type Fault = Extract<TrialEvent, { kind: 'fault' }>

/** Sent surely after the leader of their partition was dead and before the next was elected. */
export function sentWithoutLeader(p: number, messages: Messages, evidence: Evidence): Cause | undefined {
  const { epochs, events } = evidence
  if (acks(evidence) !== '0') return undefined
  const sent = sendsOf(messages, evidence)
  const changes = epochs.changes(p)
  for (const fault of injectedBefore(sent.from, deadly, events)) {
    const leader = changes.findLast(change => change.t <= fault.t)
    if (!leader || !fault.nodes.includes(`broker-${leader.leader}`)) continue
    const elected = changes.find(change => change.t > fault.t && change.leader >= 0 && change.epoch > leader.epoch)
    // The election was seen late, by the observer's margin at most.
    if (!elected || sent.to > elected.earliest) continue
    return {
      code: 'never-reached-leader',
      text: `${count(messages)} ${was(messages)} sent after broker ${leader.leader}, the leader, was killed and before broker ${elected.leader} was elected in epoch ${elected.epoch}; nobody could take them, and nothing was asked.`,
    }
  }
  return undefined
}

/** Sent surely while a proved fault swallowed everything that producers send. */
export function neverReached(messages: Messages, evidence: Evidence): Cause | undefined {
  const { events } = evidence
  if (acks(evidence) !== '0') return undefined
  const sent = sendsOf(messages, evidence)
  for (const fault of injectedBefore(sent.from, swallowing, events)) {
    const healed = events.find(event => event.kind === 'healed' && event.id === fault.id)
    if (fault.target !== 'producer' || !evidenceOf(fault.id, events)?.complete || !healed || sent.to > healed.t)
      continue
    return {
      code: 'never-reached-leader',
      text: `${count(messages)} ${was(messages)} sent while fault ${fault.id} swallowed everything between producers and brokers; the final log has no trace of them, and nothing was asked.`,
    }
  }
  return undefined
}

function sendsOf(messages: Messages, { lane }: Evidence): { from: number; to: number } {
  return span(messages, s => lane.table.sentAt.get(s))
}

/** Faults of `kinds` that had surely taken hold by `t`. */
function injectedBefore(t: number, kinds: ReadonlySet<string>, events: readonly TrialEvent[]): Fault[] {
  return events.flatMap(event => {
    if (event.kind !== 'fault' || !kinds.has(event.fault)) return []
    return events.some(other => other.kind === 'injected' && other.id === event.id && other.t <= t) ? [event] : []
  })
}
