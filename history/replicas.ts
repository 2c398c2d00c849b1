/**
 * What the files of a replica's log held at one moment: `trials/<id>/replicas/<lane>.jsonl`, a line for each replica and
 * moment. Extracts are taken before data are destroyed or truncated, so that the autopsy can find where a lost message was.
 */
import { z } from 'zod'

const offset = z.int().min(0)

/**
 * Records that follow each other: first offset, how many, leader epoch, number of the first message, and the step from one
 * number to the next. The number is -1 where the records are not messages of the lane, -2 where it is not known.
 */
export const Run = z.tuple([offset, z.int().min(1), z.int().min(-1), z.int().min(-2), z.int()])
export type Run = z.infer<typeof Run>

/** The log of a broker that keeps all its queues in one file sequence. Positions are bytes from its beginning. */
export const CommitLog = z.strictObject({
  /** End of its last complete message. */
  end: offset,
  /** Up to here it is surely synced, by the `checkpoint` file, which the broker writes after each flush. */
  flushed: offset,
  /** How far the master had synced and the group had confirmed, as the broker last wrote it down; absent where it did not. */
  masterFlushed: offset.optional(),
  confirmed: offset.optional(),
  /** Of a master: how far each slave had acknowledged, as the master last reported it. */
  acknowledged: z.array(z.int()).optional(),
  /** The byte at which each master epoch begins, where masters are elected. */
  epochs: z.array(z.tuple([z.int(), offset])),
})
export type CommitLog = z.infer<typeof CommitLog>

export const moments = ['killed', 'dark', 'fault', 'start', 'heal', 'end'] as const

export const ReplicaExtract = z.strictObject({
  /** When reading began and ended, ms of the trial. */
  t: z.number().min(0),
  done: z.number().min(0),
  /**
   * `killed`: the broker's process has just been killed. `dark`: the broker is frozen and its disk is about to lose power;
   * contents of the page cache count. `fault`: such a fault has just been injected; for a broker whose disk lost power this
   * is what the disk has kept. `start`: the broker is about to start again. `heal`: before faults are healed. `end`: after
   * the final log was read.
   */
  at: z.enum(moments),
  broker: z.int(),
  p: z.int().min(0),
  /** State of the broker. A broker that is down or paused changes nothing. */
  state: z.enum(['running', 'paused', 'down']),
  /** First offset, and the offset after the last; equal in an empty log. */
  start: offset,
  end: offset,
  /** As the broker last wrote it down; the true value may be higher. */
  highWatermark: offset.optional(),
  recoveryPoint: offset.optional(),
  /** The offset at which each leader epoch begins in this log. */
  epochs: z.array(z.tuple([z.int(), offset])),
  runs: z.array(Run),
  /** For each run the bytes of the commit log from its first message to the end of its last. Absent where runs were too many. */
  bytes: z.array(z.tuple([offset, offset])).optional(),
  commitLog: CommitLog.optional(),
  /** What the extract lacks. When present, the log may have held messages that the extract does not show. */
  partial: z.string().optional(),
})
export type ReplicaExtract = z.infer<typeof ReplicaExtract>
