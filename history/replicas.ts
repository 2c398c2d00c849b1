/**
 * What a replica's log held at one moment, as its files told: `trials/<id>/replicas/<lane>.jsonl`, a line for each replica
 * and moment. It is taken before data are destroyed or truncated, so that the autopsy can tell where a lost message lay.
 */
import { z } from 'zod'

const offset = z.int().min(0)

/**
 * Records that follow each other: their first offset, how many, their leader epoch, the number of the first message and the
 * step from one number to the next. The number is -1 where they are no messages of the lane, -2 where it is not known.
 */
export const Run = z.tuple([offset, z.int().min(1), z.int().min(-1), z.int().min(-2), z.int()])
export type Run = z.infer<typeof Run>

/** RocketMQ: of a broker's one log of all queues, in bytes from its beginning. */
export const CommitLog = z.strictObject({
  /** Behind its last whole message. */
  end: offset,
  /** Up to which it is surely synced, by the `checkpoint` file, which is written after each flush. */
  flushed: offset,
  /** How far the master had synced and the group had confirmed, as last written down by a broker of 5.x; absent where it has not. */
  masterFlushed: offset.optional(),
  confirmed: offset.optional(),
  /** Of a master: how far each slave that copied from it had acknowledged, as it last said. */
  acknowledged: z.array(z.int()).optional(),
  /** Controller mode: of each master epoch, the byte with which it begins. */
  epochs: z.array(z.tuple([z.int(), offset])),
})
export type CommitLog = z.infer<typeof CommitLog>

export const moments = ['killed', 'dark', 'fault', 'start', 'heal', 'end'] as const

export const ReplicaExtract = z.strictObject({
  /** When reading began and when it was done, ms of the trial. */
  t: z.number().min(0),
  done: z.number().min(0),
  /**
   * `killed`: its broker's process has just been killed. `dark`: its broker is frozen and its disk is about to lose power; what
   * lies in page caches counts. `fault`: such a fault has just been injected; of a broker whose disk lost power this is what
   * the disk has kept. `start`: its broker is about to start again. `heal`: before faults are healed. `end`: after the final
   * log was read.
   */
  at: z.enum(moments),
  broker: z.int(),
  p: z.int().min(0),
  /** Of its broker: what is down or paused changes nothing. */
  state: z.enum(['running', 'paused', 'down']),
  /** First offset, and the one behind the last; equal in an empty log. */
  start: offset,
  end: offset,
  /** As last written down by the broker: the truth may be later. */
  highWatermark: offset.optional(),
  recoveryPoint: offset.optional(),
  /** Of each leader epoch, the offset with which it begins in this log. */
  epochs: z.array(z.tuple([z.int(), offset])),
  runs: z.array(Run),
  /** RocketMQ: of each run, the bytes of the commit log from its first message to the end of its last. Absent where runs were too many. */
  bytes: z.array(z.tuple([offset, offset])).optional(),
  commitLog: CommitLog.optional(),
  /** What is missing from it: then what it does not show may have been there all the same. */
  partial: z.string().optional(),
})
export type ReplicaExtract = z.infer<typeof ReplicaExtract>
