/** What happened to a master, from events: faults that were proved, and where its slaves' logs end. */
import type { EpochChange } from '../../../history/epoch-change.ts'
import type { FaultEvent, TrialEvent } from '../../../history/events.ts'
import { hits, provedFaults } from '../../shared/autopsy/input.ts'
import type { AutopsyInput } from '../../shared/autopsy/input.ts'
import { brokersOfGroup } from './group-copies.ts'
import type { LossFacts } from './loss-facts.ts'

/** Faults of these kinds at that broker, with complete evidence, in the order of their times. */
export function proved({ events }: AutopsyInput, master: EpochChange, kinds: readonly string[]): FaultEvent[] {
  return provedFaults(events, kinds).flatMap(({ fault }) => (hits(fault, master.leader) ? [fault] : []))
}

/** Proved faults that cut all slaves of this master off from it. */
export function slavesCutOff({ p, input, master }: Pick<LossFacts, 'p' | 'input' | 'master'>): FaultEvent[] {
  const slaves = brokersOfGroup(p, input).filter(id => id !== master.leader)
  return slaves.length === 0
    ? []
    : provedFaults(input.events, ['partition', 'isolate']).flatMap(({ fault }) =>
        slaves.every(id => hits(fault, id)) ? [fault] : [],
      )
}

/** By when a fault had surely taken hold. Until then the broker acknowledges. */
export function hasHeldAt({ id, t }: FaultEvent, { events }: AutopsyInput): number {
  return events.find(event => event.kind === 'injected' && event.id === id)?.t ?? t
}

/** When a fault was healed; Infinity: never. */
export function healedAt({ id }: FaultEvent, { events }: AutopsyInput): number {
  return events.find(event => event.kind === 'healed' && event.id === id)?.t ?? Infinity
}

/** The first fault that ended the master or its disk after all were acknowledged. */
export function lostAfter({ input, master, acked }: LossFacts): FaultEvent | undefined {
  return proved(input, master, ['crash', 'power-loss', 'wipe-disk']).find(fault => hasHeldAt(fault, input) >= acked.to)
}

/** Where slaves alone serve: the queue offset after their last message. */
export function sealedAt({ p, input }: LossFacts): number | undefined {
  const sealed = input.events.find(
    (event): event is Extract<TrialEvent, { kind: 'sealed' }> =>
      event.kind === 'sealed' && event.lane === input.cell.lane && event.p === p,
  )
  return sealed?.o
}
