/** What a cell is expected to show, parsed. */
import { z } from 'zod'

const Compare = z.enum(['=', '>=', '<='])

/** What an expectation asks of one outcome or mark. */
export const ExpectedValue = z.discriminatedUnion('kind', [
  z.strictObject({ kind: z.literal('count'), compare: Compare, count: z.int().min(0) }),
  /**
   * A set of message numbers. `=` asks for exactly this set; for `acked-in(w)` the messages that were unanswered when w
   * closed and acknowledged later may be in it as well. `>=` asks for at least this set. `all` is every message sent,
   * `poisoned` every message sent as poison and stored; both take no window.
   */
  z.strictObject({
    kind: z.literal('set'),
    compare: Compare,
    set: z.enum(['acked-in', 'sent-in', 'unacked-in', 'acked-before', 'sent-after', 'poisoned', 'all']),
    window: z.string().optional(),
  }),
  /** The causes that the autopsy may give for lost or skipped messages. */
  z.strictObject({ kind: z.literal('causes'), codes: z.array(z.string()).min(1) }),
])
export type ExpectedValue = z.infer<typeof ExpectedValue>

export const Expectation = z.strictObject({
  /** Outcome or mark as spelled in counts: `lost`, `clientLost`, `duplicates`… */
  what: z.string(),
  expected: ExpectedValue,
  /** As the author wrote it, for reports: `acked-in(cut)`. */
  text: z.string(),
})
export type Expectation = z.infer<typeof Expectation>
