/** What the check of a lane is told, and what it finds. */
import type { Counts } from '../../model/verdict.ts'
import type { StoredLog } from './final-log/final-log.ts'
import type { Expected } from './final-log/gaps.ts'
import type { Epochs } from '../../history/epochs.ts'
import type { ExpectedOutput, Outputs } from './outputs.ts'
import type { Removal } from './set-outcomes.ts'
import type { MessageTable } from './table/table.ts'

export interface LaneContext extends Expected, Removal {
  /** The leader epochs that were observed; undefined when none were. */
  epochs: Epochs | undefined
  /** Every n-th message was poison; undefined when none was. */
  poisonEvery?: number | undefined
  answeredWith?: AnsweredWith
  /** Whether the plan has a consumer in this lane; undefined: the lane's files decide. */
  consumer?: boolean | undefined
  /** The application of the lane, as planned; undefined: it has none, or the lane's files decide. */
  output?: ExpectedOutput | undefined
}

/** By code: the messages with an attempt that was answered with it. */
export type AnsweredWith = ReadonlyMap<string, ReadonlySet<number>>

export interface LaneResult {
  counts: Counts
  table: MessageTable
  logs: ReadonlyMap<number, StoredLog>
  /** The final log is complete: a message that is absent from it is gone. */
  complete: boolean
  /** Why the final log or the drain is not complete. */
  gaps: string[]
  /** Whether the message of a row was sent as poison and is stored. */
  poisoned: (row: number) => boolean
  hasConsumer: boolean
  /** What its application wrote; undefined where the lane has none. */
  outputs: Outputs | undefined
  /** Names of the producers, by the rank that the table has of them. */
  producers: readonly string[]
  /** Whether anything was ever handed to a consumer. */
  delivered: boolean
  /** Only for codes that an expectation names. */
  answeredWith: AnsweredWith
}
