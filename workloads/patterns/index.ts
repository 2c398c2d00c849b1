/**
 * What applications do about loss, apart from any client library: each is a class or a function over message numbers, so
 * that the workloads of both systems use the same. None writes history; the lane that uses one does, in the order named.
 *
 * - **Retry** (`RetryPolicy`, `decide`, `sendWithRetry`): send again after an answer that is no acknowledgement. Helps
 *   against `givenUp`; sending again after an unknown answer is what makes duplicates. `attempt` writes `sent` with its
 *   `n`, `answer` the answer with the same `n`, `gaveUp` writes `gave-up`.
 * - **Idempotent consumer** (`EffectStore`): a message that comes again has no second effect. Helps against duplicates
 *   and redelivery. The row is the effect, and a process killed between `apply` and its next line has had it: write
 *   `processed` after either answer, or such a message looks skipped; and count effects in the store, not in lines.
 * - **Parking** (`ParkingStore`): a message that the handler cannot process is put aside with its reason, and somebody is
 *   told, so that it neither blocks those behind it nor is skipped without a word. `park`, then `parked`, then commit;
 *   `known` is written as well, for the same reason.
 * - **Spool** (`Spool`): messages on the producer's own disk until they are acknowledged. Helps against `givenUp` where no
 *   retry lasts long enough, and, written ahead, against the death of the producer. `put`, then `spooled`, then `sent` and
 *   the send; after the acknowledgement `acked`, then `remove`, then `unspooled`.
 *
 * What the stores returned from survives a SIGKILL of the process, not a power loss of its host: `database.ts` says why.
 */
export { EffectStore } from './effects.ts'
export { Alert, ParkingStore } from './parking.ts'
export type { ParkedMessage } from './parking.ts'
export { decide, RetryPolicy } from './retry-policy.ts'
export type { Decision } from './retry-policy.ts'
export { sendWithRetry } from './retry.ts'
export type { GiveUp, RetryHooks, RetryResult } from './retry.ts'
export { Spool } from './spool.ts'
export type { SpoolCounts, SpooledMessage } from './spool.ts'
