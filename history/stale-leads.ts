/**
 * Leaders that were replaced and may not know it yet. A leader that is frozen or cut off goes on acknowledging in its own
 * epoch, also after the observer has seen the next one, so an acknowledgement of that time may be of either leader.
 */
import type { EpochChange } from './epoch-change.ts'
import type { FaultEvent, TrialEvent } from './events.ts'

/** From when until when a replaced leader of `epoch` may have acknowledged; ms. */
export interface StaleLead {
  epoch: number
  from: number
  to: number
}

/** Faults that cut nodes off from each other. Which side a leader was on is not recorded. */
const cutsOff: ReadonlySet<string> = new Set(['partition', 'partition-ring', 'isolate'])
const freezes: ReadonlySet<string> = new Set(['pause', 'disk-freeze'])
const kills: ReadonlySet<string> = new Set(['crash', 'stop', 'restart', 'rolling-restart', 'power-loss', 'wipe-disk'])
/** A leader that is reachable again learns of its successor within this time. */
const learnsMs = 5000

/** `changes`: of one partition, in the order of time. */
export function staleLeads(changes: readonly EpochChange[], events: readonly TrialEvent[]): StaleLead[] {
  const faults = events.filter(event => event.kind === 'fault')
  return changes.flatMap((lead, at) => {
    const next = lead.leader < 0 ? undefined : changes.slice(at + 1).find(({ leader }) => leader !== lead.leader)
    if (next === undefined) return []
    const ends = faults.flatMap(fault => keptUnaware(fault, lead, next, events) ?? [])
    if (ends.length === 0) return []
    const died = faults.flatMap(fault =>
      kills.has(fault.fault) && hits(fault, lead.leader) && fault.t >= lead.t ? timeOf('injected', fault, events) : [],
    )
    const to = Math.min(Math.max(...ends), ...died)
    return to > next.earliest ? [{ epoch: lead.epoch, from: next.earliest, to }] : []
  })
}

/** Until when the fault may have kept the leader from learning that it was replaced. Undefined: the fault did not. */
function keptUnaware(
  fault: FaultEvent,
  lead: EpochChange,
  next: EpochChange,
  events: readonly TrialEvent[],
): number | undefined {
  const concerns = cutsOff.has(fault.fault) || (freezes.has(fault.fault) && hits(fault, lead.leader))
  if (!concerns || fault.t > next.t + learnsMs) return undefined
  const healed = timeOf('healed', fault, events)[0] ?? Infinity
  return healed < next.earliest ? undefined : healed + learnsMs
}

const hits = ({ nodes }: FaultEvent, leader: number) => nodes.includes(`broker-${leader}`)

/** No time where there is no such event: a kill that is not known to have taken hold ends nothing. */
const timeOf = (kind: 'injected' | 'healed', { id }: FaultEvent, events: readonly TrialEvent[]): number[] =>
  events.flatMap(event => (event.kind === kind && event.id === id ? [event.t] : []))
