/** Waits for the declared recovery: every node back and every replica in sync. */
import type { TrialContext } from '../context.ts'
import { waitFor } from '../../../model/wait.ts'

const recoveryLimitMs = 90_000

/**
 * Resolves with the state seen. Answers to questions asked before `since` do not count. Throws WaitExpired with the
 * state last seen.
 */
export async function waitForRecovery(
  { system, cluster, signal }: Pick<TrialContext, 'system' | 'cluster' | 'signal'>,
  since: number,
  limitMs = recoveryLimitMs,
): Promise<string> {
  return waitFor({ what: 'every replica back in sync', limitMs, signal }, async () => {
    const failed = cluster.nodes.failedStarts()
    if (failed.length > 0) return { seen: failed.join('; ') }
    const { recovered, seen } = system.recovery(since)
    if (!recovered) return { seen }
    const absent = await system.nodesNotBack()
    return absent.length === 0 ? { value: seen, seen } : { seen: `not back: ${absent.join(', ')}` }
  })
}
