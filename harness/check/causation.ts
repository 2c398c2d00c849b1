/**
 * Elections and brokers that went away although no step of the schedule had caused it: before the first fault, or between
 * a recovery and the next fault. From a fault to the recovery whatever happens is the fault's doing.
 */
import type { TrialEvent } from '../history/events.ts'
import type { Epochs } from './epochs.ts'

/** One text for each. The observer sees a change late, so one seen soon after a recovery may belong to the fault. */
export function uncausedChanges(events: readonly TrialEvent[], epochs: Epochs): string[] {
  const marks = events.filter(event => event.kind === 'fault' || event.kind === 'recovered')
  const underFault = (t: number) => marks.findLast(mark => mark.t <= t)?.kind === 'fault'
  const margin = Number.isFinite(epochs.marginMs) ? epochs.marginMs : 0
  const caused = (t: number) => underFault(t) || underFault(t - margin)
  const elections = epochs.elections().filter(({ t }) => !caused(t))
  const ends = brokersThatEnded(events).filter(({ t }) => !caused(t))
  return [
    ...elections.map(({ t, leader, epoch }) => `an election that no step caused: leader ${leader} in epoch ${epoch} at ${Math.round(t)} ms`),
    ...ends.map(({ t, broker }) => `${broker} went away at ${Math.round(t)} ms, which no step caused`),
  ]
}

/** Brokers are down before they are up for the first time; that is their boot. */
function brokersThatEnded(events: readonly TrialEvent[]): { t: number; broker: string }[] {
  const up = new Set<string>()
  return events.flatMap(event => {
    if (event.kind !== 'broker') return []
    if (event.up) up.add(event.broker)
    return !event.up && up.delete(event.broker) ? [{ t: event.t, broker: event.broker }] : []
  })
}
