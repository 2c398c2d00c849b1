/**
 * What the harness and its client processes say to each other over the process's IPC channel.
 */
import type { ClientConfig } from './clients/client.ts'
import type { Handling, Sending, Workload } from '../model/plan.ts'

interface LaneConfig extends ClientConfig {
  lane: string
  /** Absolute path of the lane file that this process alone writes. */
  file: string
  /** Id of the client library. */
  client: string
}

export interface ProducerLane extends LaneConfig {
  partitions: number
  workload: Workload
  sending: Sending
  /** Number of its first message: a client that is started again goes on behind what it had sent. */
  firstNumber: number
  /** Folder of the lane's local stores, which outlive its processes. */
  stores: string
}

export interface ConsumerLane extends LaneConfig {
  group: string
  handling: Handling
  stores: string
  /** Folder of the lane's files. */
  folder: string
}

export interface ReaderLane {
  lane: string
  file: string
  /** Id of the library that reads: another than the writer's, where there is one. */
  client: string
  bootstrap: string[]
  addresses?: Record<string, string>
  queues?: { brokerName: string; queueId: number }[]
  /** RocketMQ: a group that every broker knows. */
  group?: string
  topic: string
  /**
   * Each partition is read from its first record to its stable end; it must be past the fence. `topicUnknown`: brokers have said
   * that they do not know the topic; where the reader is told so too, that is the end.
   */
  partitions: { p: number; fenceOffset: number; topicUnknown?: true }[]
  limitMs: number
}

export interface ProcessBase {
  /** Name of the process, unique in the trial. */
  process: string
  /** The trial's zero on the machine's monotonic clock, nanoseconds, decimal (bigint does not survive JSON). */
  t0: string
}

export type ProcessConfig =
  | (ProcessBase & { role: 'producer'; lanes: ProducerLane[] })
  | (ProcessBase & { role: 'consumer'; lanes: ConsumerLane[] })
  | (ProcessBase & { role: 'reader'; lanes: ReaderLane[] })

/** Harness → process. A producer starts paused; a `pause` is carried out when a status counts it in `pauses`. */
export type Command =
  { type: 'start'; config: ProcessConfig } | { type: 'pause' } | { type: 'resume' } | { type: 'stop' }

/** Counters of one lane in one process since it began. */
export interface LaneStatus {
  /** Messages, not attempts. */
  sent: number
  acked: number
  rejected: number
  unknown: number
  /** Messages under way: sent, or waiting for their next attempt. */
  inFlight: number
  overflow: number
  /** In the local spool. */
  spooled: number
  delivered: number
  /** Each message once, however often it comes to this process. */
  processed: number
  parked: number
  /** Offsets covered by commits, over all partitions. */
  committed: number
  /** Messages delivered whose offsets are not committed, over all partitions. */
  uncommitted: number
  /** Delivered and handed to a worker that has not come to them. */
  backlog: number
}

export const noStatus: LaneStatus = {
  sent: 0,
  acked: 0,
  rejected: 0,
  unknown: 0,
  inFlight: 0,
  overflow: 0,
  spooled: 0,
  delivered: 0,
  processed: 0,
  parked: 0,
  committed: 0,
  uncommitted: 0,
  backlog: 0,
}

/**
 * Process → harness. `ready`: connected, header lines written. `status`: every 25 ms and at once after a pause, of which
 * `pauses` counts those carried out. `done`: nothing more will be written (producer and consumer: after `stop`; reader:
 * every partition read, but for `failures`).
 */
export type Report =
  | { type: 'ready' }
  | { type: 'status'; paused: boolean; pauses: number; lanes: Record<string, LaneStatus> }
  | { type: 'done'; lanes: Record<string, LaneStatus>; failures?: string[] }
  | { type: 'fatal'; error: string }
