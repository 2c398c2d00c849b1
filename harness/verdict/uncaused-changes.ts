/**
 * Elections and broker failures that no step of the schedule caused: before the first fault, or between a recovery and the
 * next fault. From a fault to the recovery a change counts as the fault's effect, except an election between brokers that no
 * fault has hit, long after everything was healed: a broker that a busy machine kept from answering.
 */
import type { FaultEvent, TrialEvent } from '../../history/events.ts'
import type { Epochs } from '../../history/epochs.ts'

/** How long after the last heal an election between untouched brokers may still be an effect of the faults, in ms. */
const aftermathMs = 10_000

/** One text for each. The observer sees changes late: a change that may have happened during a fault belongs to the fault. */
export function uncausedChanges(events: readonly TrialEvent[], epochs: Epochs): string[] {
  const marks = events.filter(event => event.kind === 'fault' || event.kind === 'recovered')
  const underFault = (t: number) => marks.findLast(mark => mark.t <= t)?.kind === 'fault'
  const caused = ({ t, earliest }: { t: number; earliest: number }) => {
    // Without an `observer` event the earliest time is unknown: then the time at which it was seen counts.
    const from = Number.isFinite(earliest) ? earliest : t
    return underFault(from) || marks.some(mark => mark.kind === 'fault' && mark.t > from && mark.t <= t)
  }
  const elections = epochs.elections().filter(election => !caused(election) || isStray(election, events))
  const ends = brokersThatEnded(events, epochs).filter(end => !caused(end))
  return [
    ...elections.map(
      ({ t, leader, epoch }) =>
        `an election that no step caused: leader ${leader} in epoch ${epoch} at ${Math.round(t)} ms`,
    ),
    ...ends.map(({ t, broker }) => `${broker} went away at ${Math.round(t)} ms, which no step caused`),
  ]
}

/** `before`: who led before. */
function isStray(
  { leader, before, earliest }: { leader: number; before: number; earliest: number },
  events: readonly TrialEvent[],
): boolean {
  const faults = events.filter((event): event is FaultEvent => event.kind === 'fault' && event.t <= earliest)
  const healedAt = ({ id }: FaultEvent) =>
    events.find(event => event.kind === 'healed' && event.id === id)?.t ?? Infinity
  const healed = Math.max(...faults.map(healedAt))
  const touched = new Set(faults.flatMap(({ nodes }) => nodes))
  // Who controls elections is known by its role only: after such a fault any election can be an effect.
  const hitsBrokersAlone = faults.every(
    ({ target, nodes }) => !target.includes('controller') && nodes.every(node => node.startsWith('broker-')),
  )
  const isUntouched = [leader, before].every(id => id >= 0 && !touched.has(`broker-${id}`))
  return faults.length > 0 && hitsBrokersAlone && isUntouched && earliest > healed + aftermathMs
}

/**
 * A broker that has not been up yet is booting, not failing. One that is back without a restart ran all the time: a busy
 * machine kept it from answering the observer. What that changes in the cluster are elections, which count by themselves.
 */
function brokersThatEnded(
  events: readonly TrialEvent[],
  epochs: Epochs,
): { t: number; broker: string; earliest: number }[] {
  const up = new Set<string>()
  return events.flatMap((event, at) => {
    if (event.kind !== 'broker') return []
    if (event.up) up.add(event.broker)
    return !event.up && up.delete(event.broker) && !isBackWithoutRestart(events, at)
      ? [{ t: event.t, broker: event.broker, earliest: epochs.earliest(event) }]
      : []
  })
}

/** `at`: where the events tell that the broker went away. */
function isBackWithoutRestart(events: readonly TrialEvent[], at: number): boolean {
  const gone = events[at]
  if (gone?.kind !== 'broker') return false
  const back = events.slice(at + 1).find(event => event.kind === 'broker' && event.broker === gone.broker)
  return back?.kind === 'broker' && back.up && back.restarted === false
}
