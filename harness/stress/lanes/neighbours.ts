/** Settings that are one step away from the user's. What they lose shows how near a schedule comes to a loss. */
import type { DrawnLane } from '../../../model/stress/stress.ts'
import type { Ladder } from '../../../systems/shared/stress/facts.ts'
import type { Subject } from '../subject.ts'

/** For each ladder the step towards fewer promises and the step towards more, where there is one. */
export function neighbours({ own, consumes }: Subject, ladders: readonly Ladder[]): DrawnLane[] {
  return ladders
    .filter(({ name }) => consumes || !asksForConsumer(name))
    .flatMap(({ name, values, default: otherwise }) => {
      const value = own[name] ?? otherwise
      const at = values.findIndex(known => String(known) === String(value))
      // A value that the ladder does not know has no neighbours on it.
      if (at < 0) return []
      return [values[at - 1], values[at + 1]].flatMap((step): DrawnLane[] =>
        step === undefined ? [] : [{ kind: 'neighbour', settings: { [name]: step, ...consequences(name, step) } }],
      )
    })
}

const asksForConsumer = (name: string): boolean =>
  name.startsWith('consumer.') ||
  ['workload.commit', 'workload.commitCall', 'workload.processing', 'workload.onPoison'].includes(name)

/** An application that commits by itself switches the client's own commits off, and back. */
function consequences(name: string, value: unknown): DrawnLane['settings'] {
  if (name === 'producer.acks' && value !== 'all') return { 'producer.enable.idempotence': false }
  return name === 'consumer.enable.auto.commit' && value === true ? { 'workload.commit': 'library' } : {}
}
