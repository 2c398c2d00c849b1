/**
 * Elections and broker failures that no step of the schedule caused: before the first fault, or between a recovery and the
 * next fault. From a fault to the recovery every change counts as the fault's effect.
 */
import type { TrialEvent } from '../../history/events.ts'
import type { Epochs } from '../../history/epochs.ts'

/** One text for each. The observer sees changes late: a change that may have happened during a fault belongs to the fault. */
export function uncausedChanges(events: readonly TrialEvent[], epochs: Epochs): string[] {
  const marks = events.filter(event => event.kind === 'fault' || event.kind === 'recovered')
  const underFault = (t: number) => marks.findLast(mark => mark.t <= t)?.kind === 'fault'
  const caused = ({ t, earliest }: { t: number; earliest: number }) => {
    // Without an `observer` event the earliest time is unknown: then the time at which it was seen counts.
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

/** A broker that has not been up yet is booting, not failing. */
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
