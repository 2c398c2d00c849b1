/** When a step fires: on observed state, for every lane that its trigger speaks of. */
import type { Trigger } from '../plan/types.ts'
import type { TrialContext } from './context.ts'
import type { Observed } from './observer.ts'
import { sameSet } from './view.ts'
import { waitFor } from './wait.ts'

/** What a trigger compares with: counters when each window opened, leaders before the last injection. */
export interface Baseline {
  windows: Map<string, Map<string, { sent: number; acked: number }>>
  partitions: Observed[]
}

/** Waits until the trigger's state is seen; returns it in words. Throws WaitExpired with the state last seen. */
export async function waitForTrigger(context: TrialContext, trigger: Trigger, baseline: Baseline): Promise<string> {
  const what = describeTrigger(trigger)
  return waitFor({ what, limitMs: trigger.limitMs, intervalMs: 10, signal: context.signal }, () => {
    context.producers.assertAlive()
    const unmet = [...unmetCounts(context, trigger, baseline), ...unmetReplicas(context, trigger, baseline)]
    return unmet.length === 0 ? { value: what, seen: what } : { seen: unmet.join('; ') }
  })
}

export function describeTrigger(trigger: Trigger): string {
  const parts = [
    trigger.acked === undefined ? [] : [`${trigger.acked} acked`],
    trigger.sent === undefined ? [] : [`${trigger.sent} sent`],
    trigger.in === undefined ? [] : [`in window ${trigger.in}`],
    trigger.isr === undefined ? [] : [trigger.isr === 'leader' ? 'ISR is the leader alone' : `ISR has ${trigger.isr}`],
    trigger.leaderChanged === undefined ? [] : ['leader changed'],
    trigger.offline === undefined ? [] : ['no leader'],
  ]
  return `${parts.flat().join(', ')} (lanes ${trigger.lanes.join(', ')})`
}

function unmetCounts(context: TrialContext, trigger: Trigger, baseline: Baseline): string[] {
  return trigger.lanes.flatMap(lane => {
    const status = context.producers.status(lane)
    const base = (trigger.in === undefined ? undefined : baseline.windows.get(trigger.in)?.get(lane)) ?? { sent: 0, acked: 0 }
    const counted = { acked: status.acked - base.acked, sent: status.sent - base.sent }
    return [
      ...(trigger.acked !== undefined && counted.acked < trigger.acked ? [`${lane}: ${counted.acked} of ${trigger.acked} acked`] : []),
      ...(trigger.sent !== undefined && counted.sent < trigger.sent ? [`${lane}: ${counted.sent} of ${trigger.sent} sent`] : []),
    ]
  })
}

function unmetReplicas(context: TrialContext, trigger: Trigger, baseline: Baseline): string[] {
  if (trigger.isr === undefined && trigger.leaderChanged === undefined && trigger.offline === undefined) return []
  const now = context.observer.partitions(trigger.lanes)
  // Where no broker answers at all, none leads.
  if (now.length === 0) return trigger.offline ? [] : ['no broker answered']
  return now.flatMap(({ lane, p, view }) => {
    const seen = `${lane}-${p}: leader ${view.leader} epoch ${view.epoch} isr ${view.isr?.join(',') ?? 'disputed'}`
    const then = baseline.partitions.find(known => known.lane === lane && known.p === p)?.view
    const isrMet =
      trigger.isr === undefined ||
      (trigger.isr === 'leader' ? sameSet(view.isr ?? [], [view.leader]) : view.isr?.length === trigger.isr)
    const leaderMet = trigger.leaderChanged === undefined || (view.leader >= 0 && then !== undefined && view.epoch > then.epoch && view.leader !== then.leader)
    const offlineMet = trigger.offline === undefined || view.leader === -1
    return isrMet && leaderMet && offlineMet ? [] : [seen]
  })
}
