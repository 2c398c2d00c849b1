/**
 * Elections and brokers that went away although no step of the schedule had caused it: before the first fault, or between
 * a recovery and the next fault. From a fault to the recovery whatever happens is the fault's doing.
 */
import type { TrialEvent } from '../../history/events.ts'
import type { Epochs } from '../../history/epochs.ts'

/** One text for each. The observer sees a change late: one that may have happened while a fault was at work belongs to it. */
export function uncausedChanges(events: readonly TrialEvent[], epochs: Epochs): string[] {
  const marks = events.filter(event => event.kind === 'fault' || event.kind === 'recovered')
  const underFault = (t: number) => marks.findLast(mark => mark.t <= t)?.kind === 'fault'
  const caused = ({ t, earliest }: { t: number; earliest: number }) => {
    // Unknown without the observer's word on its gaps: then only what was seen counts.
    const from = Number.isFinite(earliest) ? earliest : t
    return underFault(from) || marks.some(mark => mark.kind === 'fault' && mark.t > from && mark.t <= t)
  }
  const elections = epochs.elections().filter(election => !caused(election))
  const ends = brokersThatEnded(events, epochs).filter(end => !caused(end))
  return [
    ...elections.map(
      ({ t, leader, epoch }) =>
        `an election that no step caused: leader ${leader} in epoch ${epoch} at ${Math.round(t)} ms`,
    ),
    ...ends.map(({ t, broker }) => `${broker} went away at ${Math.round(t)} ms, which no step caused`),
  ]
}

/** Brokers are down before they are up for the first time; that is their boot. */
function brokersThatEnded(
  events: readonly TrialEvent[],
  epochs: Epochs,
): { t: number; broker: string; earliest: number }[] {
  const up = new Set<string>()
  return events.flatMap(event => {
    if (event.kind !== 'broker') return []
    if (event.up) up.add(event.broker)
    return !event.up && up.delete(event.broker)
      ? [{ t: event.t, broker: event.broker, earliest: epochs.earliest(event) }]
      : []
  })
}
