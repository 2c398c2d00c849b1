/** Lanes whose clients no fault targets share a process; a client that a fault may end is a process of its own. Pure. */
import { clientRoles } from '../../../faults/fault.ts'
import { faultGroups } from '../../../faults/index.ts'
import { runsIn } from '../../../workloads/clients/catalog.ts'
import type { Lane, Trial } from '../../../model/plan.ts'

export interface ClientGroup {
  /** `producer-1`, unique in the trial. */
  name: string
  lanes: Lane[]
}

const clientFaults: ReadonlySet<string> = new Set(faultGroups.client.map(fault => fault.id))

export function groupProducers(trial: Trial): ClientGroup[] {
  return named(
    'producer',
    targeted(trial).has('producer')
      ? trial.lanes.map(lane => [lane])
      : shared(trial.lanes, lane => lane.producer.client),
  )
}

/** A member of a group of several, or one whose handler may end it, is a process of its own too. */
export function groupConsumers(trial: Trial): ClientGroup[] {
  const consuming = trial.lanes.filter(lane => lane.consumer !== undefined)
  const roles = targeted(trial)
  const alone = (lane: Lane) =>
    roles.has('consumer') ||
    roles.has('first-consumer') ||
    (lane.consumer?.instances ?? 1) > 1 ||
    (lane.consumer?.handling.onPoison ?? '').startsWith('throw')
  const own = consuming
    .filter(alone)
    .flatMap(lane => Array.from({ length: lane.consumer?.instances ?? 1 }, () => [lane]))
  return named('consumer', [
    ...shared(
      consuming.filter(lane => !alone(lane)),
      lane => lane.consumer?.client ?? '',
    ),
    ...own,
  ])
}

/** Roles at which the schedule aims faults of client processes. */
function targeted({ schedule }: Trial): Set<string> {
  const calls = schedule.flatMap(step => step.inject).filter(call => clientFaults.has(call.fault))
  return new Set(calls.map(call => clientRoles.find(role => role === call.target) ?? ''))
}

/** One process for the libraries that run in the same kind of place. */
function shared(lanes: readonly Lane[], clientOf: (lane: Lane) => string): Lane[][] {
  return [...Map.groupBy(lanes, lane => runsIn(clientOf(lane))).values()]
}

function named(role: string, groups: Lane[][]): ClientGroup[] {
  return groups.map((lanes, at) => ({ name: `${role}-${at + 1}`, lanes }))
}
