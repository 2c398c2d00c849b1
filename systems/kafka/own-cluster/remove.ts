/** Removes what a trial has created on a cluster of the user's own. */
import { setTimeout as delay } from 'node:timers/promises'
import { LossproofError, messageOf } from '../../../model/errors.ts'
import { OwnBroker } from '../../../workloads/clients/platformatic/own-cluster.ts'

const removeLimitMs = 15_000
/** Brokers that were just healed need a while. */
const answerLimitMs = 60_000
const retryMs = 500

/**
 * Removes every topic and every group without members whose name begins with `prefix`. Resolves with the names of the topics.
 * Throws LossproofError('cluster') when at the limit no broker of `addresses` has answered, or a topic is still there.
 */
export async function removeTopics(
  addresses: readonly string[],
  prefix: string,
  limitMs = answerLimitMs,
): Promise<string[]> {
  if (prefix.length === 0) throw new LossproofError('internal', 'no topic is removed without a prefix')
  const deadline = performance.now() + limitMs
  for (;;) {
    const result = await tryToRemove(addresses, prefix)
    if ('removed' in result) return result.removed
    if (performance.now() >= deadline)
      throw new LossproofError(
        'cluster',
        `topics ${prefix}* could not be removed within ${limitMs / 1000} s: ${result.failures.join('; ')}`,
      )
    await delay(retryMs)
  }
}

async function tryToRemove(
  addresses: readonly string[],
  prefix: string,
): Promise<{ removed: string[] } | { failures: string[] }> {
  const failures: string[] = []
  for (const address of addresses) {
    try {
      await using broker = new OwnBroker(address, removeLimitMs)
      const names = await broker.topicsWith(prefix)
      const refused = await broker.deleteTopics(names)
      if (refused.size === 0) {
        await removeGroups(broker, prefix)
        return { removed: names }
      }
      failures.push(...[...refused].map(([name, why]) => `${name}: ${why}`))
    } catch (error) {
      failures.push(`${address}: ${messageOf(error)}`)
    }
  }
  return { failures }
}

/** A group that stays has no offsets any more, and the cluster forgets it by itself. */
async function removeGroups(via: OwnBroker, prefix: string): Promise<void> {
  const brokers = await via.brokers()
  await Promise.allSettled(
    brokers.map(async ({ address }) => {
      await using broker = new OwnBroker(address, removeLimitMs)
      await broker.deleteGroupsWith(prefix)
    }),
  )
}
