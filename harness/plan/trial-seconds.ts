/** About how long a trial takes, in seconds. */
import type { Trial } from '../../model/plan.ts'

/**
 * A rough estimate from measured trials: 12 s for boot and load, 6 s for each step that injects a fault, the times that
 * steps wait for, and the time beyond 12 s in which a limited number of messages is sent and processed.
 */
export function trialSeconds({ schedule, lanes }: Pick<Trial, 'schedule' | 'lanes'>): number {
  const usual = 12
  const faults = 6 * schedule.filter(step => step.inject.length > 0).length
  const waitedMs = schedule.reduce((sum, { after }) => sum + (after.elapsedMs ?? 0), 0)
  const load = Math.max(0, ...lanes.map(loadSeconds))
  return usual + faults + waitedMs / 1000 + Math.max(0, load - usual)
}

function loadSeconds({ workload, consumer }: Trial['lanes'][number]): number {
  const { messages = 0, ratePerSec } = workload
  const processMs = consumer?.handling.processMs ?? 0
  return messages * Math.max(1 / ratePerSec, processMs / 1000)
}
