/** For tests: a consumer that commits what it has processed, one message at a time, without any pattern against loss. */
import type { Handling } from '../plan.ts'

export const handling: Handling = {
  commit: 'after',
  commitCall: 'sync',
  unit: 'message',
  processing: 'inline',
  processMs: 0,
  onPoison: 'throw',
  attempts: 1,
  idempotent: false,
}
