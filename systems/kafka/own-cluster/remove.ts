/** Removes what a trial has created on a cluster of the user's own. */
import { LossproofError, messageOf } from '../../../model/errors.ts'
import { OwnBroker } from '../../../workloads/clients/platformatic/own-cluster.ts'

const removeLimitMs = 15_000

/**
 * Removes every topic and every group without members whose name begins with `prefix`. Resolves with the names of the topics.
 * Throws LossproofError('cluster') when no broker of `addresses` answers, or when a topic was not removed.
 */
export async function removeTopics(addresses: readonly string[], prefix: string): Promise<string[]> {
  if (prefix.length === 0) throw new LossproofError('internal', 'no topic is removed without a prefix')
  const failures: string[] = []
  for (const address of addresses) {
    try {
      await using broker = new OwnBroker(address, removeLimitMs)
      const names = await broker.topicsWith(prefix)
      const refused = await broker.deleteTopics(names)
      if (refused.size === 0) {
        await removeGroups(broker, prefix)
        return names
      }
      failures.push(...[...refused].map(([name, why]) => `${name}: ${why}`))
    } catch (error) {
      failures.push(`${address}: ${messageOf(error)}`)
    }
  }
  throw new LossproofError('cluster', `topics ${prefix}* could not be removed: ${failures.join('; ')}`)
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
