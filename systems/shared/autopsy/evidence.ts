/** What an autopsy looks at, and the questions about faults and settings that several explanations ask. */
import type { EpochChange, Epochs } from '../../../history/epochs.ts'
import { evidenceOf } from '../../../history/fault-evidence.ts'
import type { LaneFacts } from './lane-facts.ts'
import type { TrialEvent } from '../../../history/events.ts'
import type { ReplicaExtract } from '../../../history/replicas.ts'
import { Settings } from '../../../model/plan.ts'
import type { Cell, Handling, SettingValue, Trial } from '../../../model/plan.ts'

export interface Evidence {
  cell: Cell
  trial: Trial
  lane: LaneFacts
  epochs: Epochs
  events: readonly TrialEvent[]
  /** Of the lane's replicas; none where none were taken. */
  replicas: readonly ReplicaExtract[]
}

export type Fault = Extract<TrialEvent, { kind: 'fault' }>

/** A fault that left evidence, with when it had surely been caused and when it was over. */
export interface Proved {
  fault: Fault
  injected: number
  /** Infinity: never healed. */
  healed: number
}

/** Faults of these kinds of which evidence was read back. */
export function provedFaults(events: readonly TrialEvent[], kinds: readonly string[]): Proved[] {
  return events.flatMap(event => {
    if (event.kind !== 'fault' || !kinds.includes(event.fault) || evidenceOf(event.id, events)?.complete !== true)
      return []
    const at = (kind: 'injected' | 'healed') => events.find(other => other.kind === kind && other.id === event.id)?.t
    return [{ fault: event, injected: at('injected') ?? Infinity, healed: at('healed') ?? Infinity }]
  })
}

export function hits(fault: Fault, broker: number): boolean {
  return fault.nodes.includes(`broker-${broker}`)
}

/**
 * The in-sync replicas as last seen before an election. A replica that has left them comes back only with all that the
 * leader had acknowledged; so one that lacks messages and was seen outside was still outside then.
 */
export function isrBefore(
  p: number,
  elected: Pick<EpochChange, 't'>,
  { events, cell }: Pick<Evidence, 'events' | 'cell'>,
): readonly number[] | undefined {
  const last = events.findLast(
    event => event.kind === 'isr' && event.lane === cell.lane && event.p === p && event.t < elected.t,
  )
  return last?.kind === 'isr' ? last.isr : undefined
}

type Questioned = Pick<Evidence, 'cell' | 'trial'>

/** The topic's own setting, else that of its brokers; undefined: the default. */
export function topicSetting({ cell, trial }: Questioned, name: string): SettingValue | undefined {
  const lane = trial.lanes.find(found => found.id === cell.lane)
  const brokers = Settings.catch({}).parse(trial.cluster['broker'])
  return lane?.topic.settings[name] ?? cell.settings[`topic.${name}`] ?? brokers[name] ?? undefined
}

export function replicationFactor({ cell, trial }: Questioned): number {
  return trial.lanes.find(found => found.id === cell.lane)?.topic.replicationFactor ?? 1
}

export function minInSync(questioned: Questioned): number {
  return Number(topicSetting(questioned, 'min.insync.replicas') ?? 1)
}

/** As the producer's acks: `0`, `1` or `all`, which is the default of every client. */
export function acks({ cell, trial }: Questioned): string {
  const lane = trial.lanes.find(found => found.id === cell.lane)
  const set = String(lane?.producer.settings['acks'] ?? cell.settings['producer.acks'] ?? 'all')
  return set === '-1' ? 'all' : set
}

export function handlingOf({ cell, trial }: Questioned): Handling | undefined {
  return trial.lanes.find(found => found.id === cell.lane)?.consumer?.handling
}
