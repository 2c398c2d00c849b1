/** What a system contributes to explaining losses. The generic part is harness/autopsy. */
import type { Cause, CauseDefinitions } from '../../../model/causes.ts'
import type { AutopsyInput, Settled } from './input.ts'
import type { MessageGroup } from './groups.ts'
import type { ReplicaCopies } from './replica-copies.ts'
import type { Messages } from './wording.ts'

/** Evidence was found, but it leaves more than one explanation: `undecided` says what is open. */
export interface Undecided {
  undecided: string
}

/** Undefined: nothing in the history speaks for any explanation. */
export type Explanation = Cause | Undecided | undefined

export const isCause = (explanation: Explanation): explanation is Cause =>
  explanation !== undefined && 'code' in explanation

export interface SystemAutopsy {
  /** Causes that only this system has. Causes of every system are in model/causes.ts. */
  readonly lossCauses: CauseDefinitions
  readonly skipCauses: CauseDefinitions
  /**
   * Whether the records of the final log carry the leader epoch in which they were appended. Without it an acknowledgement
   * cannot be proved untrue: a later leader may have given its offset to another message.
   */
  readonly recordsCarryEpochs: boolean
  /**
   * Whether a consumer of a group with a committed offset always begins there, so that the first offset of a successor
   * proves what its predecessor had committed.
   */
  readonly startProvesCommit: boolean
  /** Whether the lane's settings ask the system to remove old records, by age or by size. */
  expiresRecords(input: Pick<AutopsyInput, 'cell' | 'trial'>): boolean
  /** Whether the lane's settings ask the system to keep only the last record of each key. */
  compactsRecords(input: Pick<AutopsyInput, 'cell' | 'trial'>): boolean
  /** Whether each consumer of the lane gets every message and keeps its own progress. */
  isBroadcasting(input: Pick<AutopsyInput, 'cell' | 'trial'>): boolean
  /**
   * Where a consumer of this lane begins when its group has committed nothing. `other`: at a place that the history does not
   * show, such as that of a time.
   */
  resetPolicy(input: Pick<AutopsyInput, 'cell' | 'trial'>): 'earliest' | 'latest' | 'other'
  /** The setting that would have kept messages from being passed over: `auto.offset.reset=earliest`. */
  readonly resetRemedy: string
  /** Why messages that the extracts of replica logs show alike are gone. */
  explainLoss(p: number, group: MessageGroup, copies: ReplicaCopies, input: AutopsyInput): Explanation
  /** Why messages are gone, from events and acknowledgements alone. */
  explainByHistory(p: number, messages: Messages, input: AutopsyInput): Explanation
  /** What is missing where no explanation was found. */
  missingEvidence(p: number, input: AutopsyInput): string
  /**
   * How the broker lost its own copies of a message that a handler had asked to get again, between its last delivery and
   * the end: `when broker 1 lost power`. Undefined where no such loss was seen.
   */
  explainLostRetry(p: number, times: { committed: number; delivered: number }, input: AutopsyInput): string | undefined
  /**
   * Why a message that no process received was filtered out for the group although members want it, as a clause. Undefined
   * where the settings do not show it; absent on systems whose messages have no tags.
   */
  explainFiltered?(s: number, input: Settled): string | undefined
  /**
   * How a committed group offset was lost between two times: `with the disk of broker 1`. Undefined where the history does
   * not show it. `emptySince`: since when the group surely had no member; Infinity where that is not known.
   */
  explainLostOffsets(
    p: number,
    between: { from: number; emptySince: number; to: number },
    input: AutopsyInput,
  ): string | undefined
}
