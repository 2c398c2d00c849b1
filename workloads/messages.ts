/** The messages between the harness and its client processes, sent over the process's IPC channel. */
import type { ClientConfig, PartitionRead } from './clients/client.ts'
import type { Handling, Sending, Workload } from '../model/plan.ts'
import type { PayloadFormat } from './payload-format.ts'

interface LaneConfig extends ClientConfig {
  lane: string
  /** Absolute path of the lane file. Only this process writes it. */
  file: string
  /** Id of the client library. */
  client: string
}

export interface ProducerLaneConfig extends LaneConfig {
  partitions: number
  workload: Workload
  sending: Sending
  /** What the messages contain. */
  payload?: PayloadFormat
  /** Each message has an id, by which the output of an application names it: in the key, or in the header of this name. */
  ids?: { tag: string; header?: string }
  /** Number of its first message. A restarted client continues after the last number that it had sent. */
  firstNumber: number
  /** Folder of the lane's local stores. They outlive its processes. */
  stores: string
}

export interface ConsumerLaneConfig extends LaneConfig {
  group: string
  handling: Handling
  /** The tags that this member of the group wants, such as `A||B`. Absent: every message. */
  subscription?: string
  stores: string
  /** Of an application: the topic that it writes, and which of the processes of its lane it is, from 0. */
  out?: string
  instance?: number
  /** What the messages contain. */
  payload: PayloadFormat
  /** Folder of the lane's files. */
  folder: string
}

/** Reads each of `partitions` from its first record to its stable end. */
export interface ReaderLaneConfig extends Omit<
  PartitionRead,
  'p' | 'fenceOffset' | 'topicUnknown' | 'onStart' | 'onRecords'
> {
  lane: string
  file: string
  /** Id of the library that reads: not the one that wrote, where the system has two. */
  client: string
  /** What the messages contain. */
  payload: PayloadFormat
  partitions: Pick<PartitionRead, 'p' | 'fenceOffset' | 'topicUnknown'>[]
}

export interface ProcessBase {
  /** Name of the process, unique in the trial. */
  process: string
  /** Start of the trial on the machine's monotonic clock, in nanoseconds, as decimal text (JSON has no bigint). */
  t0: string
}

export type ProcessConfig =
  | (ProcessBase & { role: 'producer'; lanes: ProducerLaneConfig[] })
  | (ProcessBase & { role: 'consumer'; lanes: ConsumerLaneConfig[] })
  | (ProcessBase & { role: 'reader'; lanes: ReaderLaneConfig[] })

/** Harness → process. A producer starts paused. A `pause` is done when a status report counts it in `pauses`. */
export type Command =
  { type: 'start'; config: ProcessConfig } | { type: 'pause' } | { type: 'resume' } | { type: 'stop' }

/** Counters of one lane in one process, since the process started. */
export interface LaneStatus {
  /** Messages, not attempts. */
  sent: number
  acked: number
  rejected: number
  unknown: number
  /** Messages in flight: sent and unanswered, or waiting for their next attempt. */
  inFlight: number
  /** Messages that were due and not sent, because the in-flight limit was reached. */
  overflow: number
  /** Messages in the local spool. */
  spooled: number
  delivered: number
  /** Counts each message once, however often it is delivered to this process. */
  processed: number
  parked: number
  /** Offsets covered by commits, summed over all partitions. */
  committed: number
  /** Messages delivered whose offsets are not committed, summed over all partitions. */
  uncommitted: number
  /** Messages handed to a worker that it has not handled yet. */
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
 * Process → harness. `ready`: connected, and the header lines are written. `status`: sent every 25 ms, and at once
 * after a pause; `pauses` counts the pauses done. `done`: nothing more will be written. A producer or consumer sends it
 * after `stop`; a reader when it has read every partition except those in `failures`.
 */
export type Report =
  | { type: 'ready' }
  | { type: 'status'; paused: boolean; pauses: number; lanes: Record<string, LaneStatus> }
  | { type: 'done'; lanes: Record<string, LaneStatus>; failures?: string[] }
  | { type: 'fatal'; error: string }
