/**
 * Decides when a step fires: when the state that its trigger names is seen in every lane that the trigger speaks of.
 */
import { countedKeys, triggerWords } from '../../../model/trigger-words.ts'
import type { Trigger } from '../../../model/plan.ts'
import type { TrialContext } from '../context.ts'
import { noStatus } from '../../../workloads/messages.ts'
import type { LaneStatus } from '../../../workloads/messages.ts'
import { sameSet } from '../../../systems/shared/same-set.ts'
import { abilityOf } from '../../../systems/shared/live-system.ts'
import type { ObservedPartition } from '../../../systems/shared/live-system.ts'
import { waitFor } from '../../../model/wait.ts'

type Counters = Pick<LaneStatus, (typeof countedKeys)[number]>
type TriggerContext = Pick<TrialContext, 'trial' | 'system' | 'observer' | 'producers' | 'consumers' | 'log' | 'signal'>

/** The earlier states that a trigger compares the present with. */
export interface Baseline {
  /** Counters by lane when each window opened, by window. */
  windows: Map<string, Map<string, Counters>>
  /** Counters by lane when the last step ended. */
  lastStep: Map<string, Counters>
  /** When the last step ended, ms on the trial's clock; before the first step: when the schedule began. */
  lastStepAt: number
  /** Partitions before the last injection. */
  partitions: ObservedPartition[]
}

const ofConsumers: ReadonlySet<string> = new Set(['processed', 'committed'])
const zero: Counters = { sent: 0, acked: 0, rejected: 0, delivered: 0, processed: 0, committed: 0 }

/** Present counters by lane. */
export function countersOf({ trial, producers, consumers }: TriggerContext): Map<string, Counters> {
  return new Map(
    trial.lanes.map(({ id }) => {
      const { sent, acked, rejected } = producers.status(id)
      const { delivered, processed, committed } = consumers?.status(id) ?? zero
      return [id, { sent, acked, rejected, delivered, processed, committed }]
    }),
  )
}

/** Waits until the trigger's state is seen; resolves with it in words. Throws WaitExpired with the state last seen. */
export async function waitForTrigger(context: TriggerContext, trigger: Trigger, baseline: Baseline): Promise<string> {
  const what = `${triggerWords(trigger)} (lanes ${trigger.lanes.join(', ')})`
  return waitFor({ what, limitMs: trigger.limitMs, intervalMs: 10, signal: context.signal }, async () => {
    context.producers.assertAlive()
    const unmet = [
      ...unmetCounts(context, trigger, baseline),
      ...unmetProgress(context, trigger),
      ...unmetReplicas(context, trigger, baseline),
      ...unmetRecovery(context, trigger, baseline),
      ...unmetTime(context, trigger, baseline),
    ]
    // Brokers are asked only when all else is met: what they have flushed before that may not include the last
    // messages.
    if (trigger.flushed && unmet.length === 0) unmet.push(...(await abilityOf(context, 'unflushed')(trigger.lanes)))
    return unmet.length === 0 ? { value: what, seen: what } : { seen: unmet.join('; ') }
  })
}

function unmetCounts(context: TriggerContext, trigger: Trigger, baseline: Baseline): string[] {
  const now = countersOf(context)
  const from = trigger.sinceLastStep
    ? baseline.lastStep
    : trigger.in === undefined
      ? undefined
      : baseline.windows.get(trigger.in)
  return trigger.lanes.flatMap(lane => {
    const base = from?.get(lane) ?? zero
    return countedKeys.flatMap(key => {
      const wanted = trigger[key]
      const have = (now.get(lane) ?? zero)[key] - base[key]
      const about = ofConsumers.has(key) ? (context.consumers?.describe(lane) ?? '') : ''
      return wanted !== undefined && have < wanted ? [`${lane}: ${have} of ${wanted} ${key}${about}`] : []
    })
  })
}

/** What is unfinished at this moment: sends, commits and work, and client processes that have ended. */
function unmetProgress({ producers, consumers }: TriggerContext, trigger: Trigger): string[] {
  const below = (lane: string, have: number, wanted: number | undefined, what: string) =>
    have < (wanted ?? 0) ? [`${lane}: ${have} of ${wanted} ${what}`] : []
  return trigger.lanes.flatMap(lane => {
    const { inFlight } = producers.status(lane)
    const { uncommitted, backlog } = consumers?.status(lane) ?? noStatus
    const ended = [...producers.fleet.endedIn(lane), ...(consumers?.fleet.endedIn(lane) ?? [])]
    return [
      ...below(lane, inFlight, trigger.unanswered, 'unanswered'),
      ...below(lane, uncommitted, trigger.uncommitted, 'uncommitted'),
      ...below(lane, backlog, trigger.backlog, 'waiting for a worker'),
      ...(trigger.clientGone && ended.length === 0 ? [`${lane}: all its client processes run`] : []),
    ]
  })
}

function unmetRecovery({ system }: TriggerContext, trigger: Trigger, baseline: Baseline): string[] {
  if (!trigger.recovered) return []
  const { seen, recovered } = system.recovery(baseline.lastStepAt)
  return recovered ? [] : [seen]
}

function unmetTime({ log }: TriggerContext, { elapsedMs = 0 }: Trigger, { lastStepAt }: Baseline): string[] {
  const passed = log.now() - lastStepAt
  return passed < elapsedMs ? [`${Math.floor(passed / 1000)} of ${elapsedMs / 1000} s have passed`] : []
}

function unmetReplicas({ observer }: TriggerContext, trigger: Trigger, baseline: Baseline): string[] {
  if (trigger.isr === undefined && trigger.leaderChanged === undefined && trigger.offline === undefined) return []
  const now = observer.partitions(trigger.lanes)
  // When no broker answers, no partition has a leader.
  if (now.length === 0) return trigger.offline ? [] : ['no broker answered']
  return now.flatMap(({ lane, p, view }) => {
    const before = baseline.partitions.find(known => known.lane === lane && known.p === p)?.view
    const isrMet =
      trigger.isr === undefined ||
      (trigger.isr === 'leader' ? sameSet(view.isr ?? [], [view.leader]) : view.isr?.length === trigger.isr)
    const leaderMet =
      trigger.leaderChanged === undefined ||
      (view.leader >= 0 && before !== undefined && view.epoch > before.epoch && view.leader !== before.leader)
    const offlineMet = trigger.offline === undefined || view.leader === -1
    if (isrMet && leaderMet && offlineMet) return []
    return [`${lane}-${p}: leader ${view.leader} epoch ${view.epoch} isr ${view.isr?.join(',') ?? 'not agreed on'}`]
  })
}
