/** The configuration that a client of the user receives as JSON. docs/own-client.md documents every key. */
import type { Settings } from '../../../model/plan.ts'
import type { ConsumerLaneConfig, ProcessBase, ProducerLaneConfig } from '../../messages.ts'

/** Raised when a key changes its meaning. New keys do not raise it. */
const protocol = 1

interface Shared {
  protocol: number
  lane: string
  /** Name of this process, unique in the trial. */
  process: string
  clientId: string
  bootstrap: string[]
  topic: string
  /** Start of the trial on CLOCK_MONOTONIC, ns, as text. */
  t0: string
  /** Settings of the scenario, under the names that it gives. */
  settings: Settings
}

export interface OwnProducerConfig extends Shared {
  role: 'producer'
  partitions: number
  /** Messages a second, and bytes of each payload. */
  rate: number
  size: number
  /** Number of its first message. */
  firstNumber: number
  /** Number after the last message; null: no limit. */
  messages: number | null
  /** Messages in one send call. */
  batch: number
  /** Most unanswered messages. */
  maxInFlight: number
}

export interface OwnConsumerConfig extends Shared {
  role: 'consumer'
  group: string
  commit: 'library' | 'before' | 'after'
  commitCall: 'sync' | 'async'
  unit: 'message' | 'batch'
  /** Duration of the work on one message, ms. */
  processMs: number
}

export type OwnConfig = OwnProducerConfig | OwnConsumerConfig

export function producerConfig({ process, t0 }: ProcessBase, lane: ProducerLaneConfig): OwnProducerConfig {
  const { workload } = lane
  return {
    role: 'producer',
    ...shared(lane, process, t0),
    partitions: lane.partitions,
    rate: workload.ratePerSec,
    size: workload.sizeBytes,
    firstNumber: lane.firstNumber,
    messages: workload.messages ?? null,
    batch: workload.batch,
    maxInFlight: workload.maxInFlight,
  }
}

export function consumerConfig({ process, t0 }: ProcessBase, lane: ConsumerLaneConfig): OwnConsumerConfig {
  const { commit, commitCall, unit, processMs } = lane.handling
  return {
    role: 'consumer',
    ...shared(lane, process, t0),
    group: lane.group,
    commit,
    commitCall,
    unit,
    processMs,
  }
}

function shared(lane: ProducerLaneConfig | ConsumerLaneConfig, process: string, t0: string): Shared {
  const { clientId, bootstrap, topic, settings } = lane
  return { protocol, lane: lane.lane, process, clientId, bootstrap, topic, t0, settings }
}
