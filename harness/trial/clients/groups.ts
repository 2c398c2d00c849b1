/** Decides which lanes share a client process. A client at which a fault is aimed gets a process of its own. Pure. */
import { clientRoles } from '../../../faults/fault.ts'
import { findFault } from '../../../faults/index.ts'
import { runsIn } from '../../../workloads/clients/catalog.ts'
import type { Lane, Trial } from '../../../model/plan.ts'

export interface ClientGroup {
  /** `producer-1`, unique in the trial. */
  name: string
  lanes: Lane[]
}

export function groupProducers(trial: Trial): ClientGroup[] {
  return named(
    'producer',
    targeted(trial).has('producer')
      ? trial.lanes.map(lane => [lane])
      : shared(trial.lanes, lane => lane.producer.client),
  )
}

/**
 * Members of a consumer group with several members get their own processes too, and so does one whose handler may end
 * the process.
 */
export function groupConsumers(trial: Trial): ClientGroup[] {
  const consuming = trial.lanes.filter(lane => lane.consumer !== undefined)
  const roles = targeted(trial)
  const ownProcess = (lane: Lane) =>
    roles.has('consumer') ||
    roles.has('first-consumer') ||
    (lane.consumer?.instances ?? 1) > 1 ||
    (lane.consumer?.handling.onPoison ?? '').startsWith('throw')
  const own = consuming
    .filter(ownProcess)
    .flatMap(lane => Array.from({ length: lane.consumer?.instances ?? 1 }, () => [lane]))
  return named(consuming.some(lane => lane.app) ? 'app' : 'consumer', [
    ...shared(
      consuming.filter(lane => !ownProcess(lane)),
      lane => lane.consumer?.client ?? '',
    ),
    ...own,
  ])
}

/** Which member of the consumer group of `lane` the process at index `at` is, from 0. */
export function memberOf(groups: readonly ClientGroup[], at: number, lane: Lane): number {
  return groups.slice(0, at).filter(({ lanes }) => lanes.includes(lane)).length
}

/** Roles at which the schedule aims faults that act on client processes. */
function targeted({ schedule }: Trial): Set<string> {
  const calls = schedule.flatMap(step => step.inject).filter(call => findFault(call.fault)?.kind === 'client')
  return new Set(calls.map(call => clientRoles.find(role => role === call.target) ?? ''))
}

/**
 * One process for all lanes whose client libraries run in the same environment: Node.js, or a container. A command of the
 * user's serves one lane.
 */
function shared(lanes: readonly Lane[], clientOf: (lane: Lane) => string): Lane[][] {
  return [...Map.groupBy(lanes, lane => environmentOf(clientOf(lane), lane)).values()]
}

const environmentOf = (client: string, lane: Lane): string =>
  runsIn(client) === 'command' ? `command ${lane.id}` : runsIn(client)

function named(role: string, groups: Lane[][]): ClientGroup[] {
  return groups.map((lanes, at) => ({ name: `${role}-${at + 1}`, lanes }))
}
