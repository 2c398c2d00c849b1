/**
 * What applications do against loss, independent of any client library. Each pattern is a class or a function over
 * message numbers, so that the workloads of every system use the same code. Patterns write no history; the lane that
 * uses one does, in the order given here.
 *
 * - **Retry** (`RetryPolicy`, `decide`, `sendWithRetry`): sends again after an answer that is not an acknowledgement.
 *   Helps against `givenUp`; sending again after an unknown answer causes duplicates. The lane's hook `attempt` writes
 *   `sent` with its `n`, `answer` writes the answer with the same `n`, `gaveUp` writes `gave-up`.
 * - **Idempotent consumer** (`EffectStore`): a redelivered message has no second effect. Helps against duplicates and
 *   redelivery. The row is the effect, so a process that is killed between `apply` and its next line has had the
 *   effect. The lane writes `processed` after either result, or such a message would look skipped, and counts effects
 *   in the store.
 * - **Parking** (`ParkingStore`): puts a message that the handler cannot process aside with its reason and raises an
 *   alert, so that it neither blocks the messages after it nor is skipped silently. The order is `park`, write
 *   `parked`, commit; `parked` is written for the result `known` too, for the same reason as above.
 * - **Spool** (`Spool`): keeps messages on the producer's own disk until they are acknowledged. Helps against `givenUp`
 *   when retries end before the outage does and, written ahead, against the death of the producer. The order is `put`,
 *   write `spooled`, write `sent`, send; after the acknowledgement write `acked`, `remove`, write `unspooled`.
 *
 * Everything that a store's call has written survives a SIGKILL of the process, but not a power loss of its host:
 * `database.ts` explains why.
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
