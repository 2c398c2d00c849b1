/** What a trial asks of a system to follow an application in the middle. */
import type { Lane } from '../../model/plan.ts'
import type { Look } from '../../model/wait.ts'

/** One record of the topic that an application writes. */
export interface OutputRecord {
  p: number
  o: number
  /** When it became readable, ms since 1970. */
  timestamp: number
  key: Buffer | null
  value: Buffer | null
  headers: readonly (readonly [name: string, value: Buffer])[]
}

/** Reads what an application has written, from the first record on: what is committed, or outside of transactions. */
export interface ApplicationOutput {
  /** The records that have become readable since the last call. Throws when brokers do not answer; then ask again. */
  read(): Promise<OutputRecord[]>
  /** What lies in the topic and has not been read, in words; empty at the end of every partition. */
  unreadable(): Promise<string[]>
  /** By partition: the next offset to read. */
  positions(): { p: number; o: number }[]
}

/** Follows an application in the middle through what brokers tell about it. */
export interface FollowedApplications {
  /** Commits the first offset of every partition for the application's group, which has no members yet. */
  begin(lane: Lane): Promise<void>
  /** The state of the application's group as its coordinator reports it. `Stable`: its members have their partitions. */
  groupState(lane: Lane): Promise<string>
  output(lane: Lane): ApplicationOutput
  /** One attempt to write a fence record to the topic that the application writes. The value is its offset. */
  writeFence(lane: Lane, p: number): Promise<Look<number>>
}
