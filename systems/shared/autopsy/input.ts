/** What an autopsy reads, and the questions about faults and settings that several explanations ask. */
import type { EpochChange } from '../../../history/epoch-change.ts'
import type { Epochs } from '../../../history/epochs.ts'
import type { FaultEvent, TrialEvent } from '../../../history/events.ts'
import { evidenceOf } from '../../../history/fault-evidence.ts'
import type { ReplicaExtract } from '../../../history/replicas.ts'
import type { Cell, Handling, Lane, Trial } from '../../../model/plan.ts'
import type { LaneFacts } from './lane-facts.ts'

export interface AutopsyInput {
  cell: Cell
  trial: Trial
  lane: LaneFacts
  epochs: Epochs
  events: readonly TrialEvent[]
  /** Extracts of the lane's replica logs; empty where none were taken. */
  replicas: readonly ReplicaExtract[]
}

/** A fault whose effect was read back. Times are ms of the trial. */
export interface ProvedFault {
  fault: FaultEvent
  /** By when it had surely taken hold. */
  injected: number
  /** When it was healed; Infinity: never. */
  healed: number
}

/** Faults of these kinds with complete evidence. */
export function provedFaults(events: readonly TrialEvent[], kinds: readonly string[]): ProvedFault[] {
  return events.flatMap(event => {
    if (event.kind !== 'fault' || !kinds.includes(event.fault) || evidenceOf(event.id, events)?.complete !== true)
      return []
    const at = (kind: 'injected' | 'healed') => events.find(other => other.kind === kind && other.id === event.id)?.t
    return [{ fault: event, injected: at('injected') ?? Infinity, healed: at('healed') ?? Infinity }]
  })
}

export function hits(fault: FaultEvent, broker: number): boolean {
  return fault.nodes.includes(`broker-${broker}`)
}

/** Faults that can remove data from a broker's disk or page cache. */
export const dataFaults: readonly string[] = ['power-loss', 'wipe-disk', 'disk-error']

/**
 * The first fault between `from` and `to` that may have removed data of `broker`, with or without evidence: enough to doubt
 * what the broker kept, not enough to name a cause.
 */
export function dataFaultAt(
  broker: number,
  { from, to }: { from: number; to: number },
  events: readonly TrialEvent[],
): FaultEvent | undefined {
  return events.find(
    (event): event is FaultEvent =>
      event.kind === 'fault' &&
      dataFaults.includes(event.fault) &&
      hits(event, broker) &&
      event.t >= from &&
      event.t <= to,
  )
}

/**
 * The in-sync replicas as last seen before an election. A replica outside rejoins only with everything that the leader had
 * acknowledged, so a replica that lacks messages and was seen outside was still outside at the election.
 */
export function isrBefore(
  p: number,
  elected: Pick<EpochChange, 't'>,
  { events, cell }: Pick<AutopsyInput, 'events' | 'cell'>,
): readonly number[] | undefined {
  const last = events.findLast(
    event => event.kind === 'isr' && event.lane === cell.lane && event.p === p && event.t < elected.t,
  )
  return last?.kind === 'isr' ? last.isr : undefined
}

/** The in-sync replicas that were surely unchanged from `from` to `to`; undefined where that was not seen. */
export function isrDuring(
  p: number,
  { from, to }: { from: number; to: number },
  { events, cell, epochs }: Pick<AutopsyInput, 'events' | 'cell' | 'epochs'>,
): readonly number[] | undefined {
  const changes = events.flatMap(event =>
    event.kind === 'isr' && event.lane === cell.lane && event.p === p ? [event] : [],
  )
  const disturbed = changes.some(event => event.t > from && event.t <= to + epochs.marginMs)
  return disturbed ? undefined : changes.findLast(event => event.t <= from)?.isr
}

export type Settled = Pick<AutopsyInput, 'cell' | 'trial'>

export const laneOf = ({ cell, trial }: Settled): Lane | undefined => trial.lanes.find(found => found.id === cell.lane)

export function replicationFactor(settled: Settled): number {
  return laneOf(settled)?.topic.replicationFactor ?? 1
}

export function handlingOf(settled: Settled): Handling | undefined {
  return laneOf(settled)?.consumer?.handling
}
