/** What an autopsy reads of a judged lane. The result of the lane check has these interfaces; tests use literal objects. */

interface NumberByMessage {
  get(s: number): number
}

/** Facts about single messages, by message number. */
export interface MessageFacts {
  /** Offset of the first acknowledgement; -1 where it names none. */
  readonly ackOffset: NumberByMessage
  /** Time of the first attempt and of the first acknowledgement, ms of the trial; -1 where there was none. */
  readonly sentAt: NumberByMessage
  readonly ackedAt: NumberByMessage
  /** Partition of the first acknowledgement, else of the first attempt. */
  partition(s: number): number
  /** Calls `visit` with every message number, in no particular order, and with some numbers that are no messages. */
  each(visit: (s: number) => void): void
}

/** The final log of one partition. */
export interface FinalLogFacts {
  /** The record at `offset`. `s` is its message number, or negative where the record is not a message of the lane. */
  at(offset: number): { s: number; epoch: number } | undefined
  /** First record of a later leader epoch than `epoch`. */
  firstAfter(epoch: number): { offset: number; epoch: number } | undefined
}

export interface LaneFacts {
  readonly table: MessageFacts
  readonly logs: ReadonlyMap<number, FinalLogFacts>
}

/** Lost messages that follow each other among the acknowledged messages of one partition. */
export interface LostRange {
  p: number
  /** Message numbers, least and greatest. */
  from: number
  to: number
  count: number
  /** Where the range lies among the acknowledged messages of its partition. */
  place: 'head' | 'middle' | 'tail' | 'all'
  outcome: 'lost' | 'clientLost'
  /** Calls `visit` with each message number, in order. */
  each: (visit: (s: number) => void) => void
}
