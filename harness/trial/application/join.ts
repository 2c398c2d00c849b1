/** Waits until an application works: its group has members with partitions. */
import { LossproofError } from '../../../model/errors.ts'
import type { Lane } from '../../../model/plan.ts'
import { waitFor } from '../../../model/wait.ts'
import type { FollowedApplications } from '../../../systems/shared/followed-applications.ts'
import type { Fleet } from '../clients/fleet.ts'

const joinLimitMs = 90_000

/**
 * Throws LossproofError('client') with its last lines when a process ends before, WaitExpired when its group gets no
 * members.
 */
export async function waitUntilJoined(
  lane: Lane,
  { applications, fleet, signal }: { applications: FollowedApplications; fleet: Fleet; signal: AbortSignal },
  limitMs = joinLimitMs,
): Promise<void> {
  const group = lane.consumer?.group ?? ''
  const what = `the application of ${lane.id} in its group ${group}`
  await waitFor({ what, limitMs, signal }, async () => {
    const [died] = fleet.diedIn(lane.id)
    if (died)
      throw new LossproofError('client', `the application of ${lane.id} (${died.process}) did not start: ${died.how}`)
    const state = await applications.groupState(lane)
    const seen = `its process runs, and the state of the group is ${state}`
    return state === 'Stable' ? { value: true, seen } : { seen }
  })
}
