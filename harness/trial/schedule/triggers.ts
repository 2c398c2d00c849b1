/** When a step fires: on observed state, for every lane that its trigger speaks of. */
import { countedKeys, triggerWords } from '../../../model/trigger-words.ts'
import type { Trigger } from '../../../model/plan.ts'
import type { TrialContext } from '../context.ts'
import { noStatus } from '../../../workloads/messages.ts'
import type { LaneStatus } from '../../../workloads/messages.ts'
import { sameSet } from '../../../systems/shared/same-set.ts'
import type { Observed } from '../../../systems/shared/live-system.ts'
import { waitFor } from '../../../model/wait.ts'

type Counted = Pick<LaneStatus, (typeof countedKeys)[number]>

/** What a trigger compares with: counters when each window opened and when the last step was done, leaders before the last injection. */
export interface Baseline {
  windows: Map<string, Map<string, Counted>>
  lastStep: Map<string, Counted>
  /** When the last step was done, on the trial's clock. */
  lastStepAt: number
  partitions: Observed[]
}

const none: Counted = { sent: 0, acked: 0, rejected: 0, delivered: 0, processed: 0, committed: 0 }

/** Counters of every lane as they are now. */
export function countersOf({ trial, producers, consumers }: TrialContext): Map<string, Counted> {
  return new Map(
    trial.lanes.map(({ id }) => {
      const { sent, acked, rejected } = producers.status(id)
      const { delivered, processed, committed } = consumers?.status(id) ?? none
      return [id, { sent, acked, rejected, delivered, processed, committed }]
    }),
  )
}

/** Waits until the trigger's state is seen; returns it in words. Throws WaitExpired with the state last seen. */
export async function waitForTrigger(context: TrialContext, trigger: Trigger, baseline: Baseline): Promise<string> {
  const what = `${triggerWords(trigger)} (lanes ${trigger.lanes.join(', ')})`
  return waitFor({ what, limitMs: trigger.limitMs, intervalMs: 10, signal: context.signal }, async () => {
    context.producers.assertAlive()
    const unmet = [
      ...unmetCounts(context, trigger, baseline),
      ...unmetFlights(context, trigger),
      ...unmetReplicas(context, trigger, baseline),
      ...unmetRecovery(context, trigger, baseline),
    ]
    // Asked last, when all else is met: what is flushed may have been written before the rest was there.
    if (trigger.flushed && unmet.length === 0) unmet.push(...(await context.system.unflushed(trigger.lanes)))
    return unmet.length === 0 ? { value: what, seen: what } : { seen: unmet.join('; ') }
  })
}

function unmetCounts(context: TrialContext, trigger: Trigger, baseline: Baseline): string[] {
  const now = countersOf(context)
  const from = trigger.sinceLastStep
    ? baseline.lastStep
    : trigger.in === undefined
      ? undefined
      : baseline.windows.get(trigger.in)
  return trigger.lanes.flatMap(lane => {
    const base = from?.get(lane) ?? none
    return countedKeys.flatMap(key => {
      const wanted = trigger[key]
      const have = (now.get(lane) ?? none)[key] - base[key]
      return wanted !== undefined && have < wanted ? [`${lane}: ${have} of ${wanted} ${key}`] : []
    })
  })
}

/** What is under way at this moment. */
function unmetFlights({ producers, consumers }: TrialContext, trigger: Trigger): string[] {
  return trigger.lanes.flatMap(lane => {
    const { inFlight } = producers.status(lane)
    const { uncommitted, backlog } = consumers?.status(lane) ?? noStatus
    const gone = [...producers.fleet.goneOf(lane), ...(consumers?.fleet.goneOf(lane) ?? [])]
    return [
      ...(inFlight < (trigger.unanswered ?? 0) ? [`${lane}: ${inFlight} of ${trigger.unanswered} unanswered`] : []),
      ...(uncommitted < (trigger.uncommitted ?? 0)
        ? [`${lane}: ${uncommitted} of ${trigger.uncommitted} uncommitted`]
        : []),
      ...(backlog < (trigger.backlog ?? 0) ? [`${lane}: ${backlog} of ${trigger.backlog} waiting for a worker`] : []),
      ...(trigger.clientGone && gone.length === 0 ? [`${lane}: all its clients run`] : []),
    ]
  })
}

function unmetRecovery(context: TrialContext, trigger: Trigger, baseline: Baseline): string[] {
  if (!trigger.recovered) return []
  const { seen, whole } = context.system.recovery(baseline.lastStepAt)
  return whole ? [] : [seen]
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
    const leaderMet =
      trigger.leaderChanged === undefined ||
      (view.leader >= 0 && then !== undefined && view.epoch > then.epoch && view.leader !== then.leader)
    const offlineMet = trigger.offline === undefined || view.leader === -1
    return isrMet && leaderMet && offlineMet ? [] : [seen]
  })
}
