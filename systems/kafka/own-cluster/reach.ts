/** Finds the brokers of a cluster of the user's own, from one of its addresses. */
import { LossproofError, messageOf } from '../../../model/errors.ts'
import { OwnBroker } from '../../../workloads/clients/platformatic/own-cluster.ts'
import type { AdvertisedBroker } from '../../../workloads/clients/platformatic/own-cluster.ts'

const reachLimitMs = 5000

/**
 * Every broker of the cluster, by the first address that answers. Throws LossproofError('capability-missing') when none does,
 * when a broker cannot be reached at the address that it advertises, or when a broker is too old.
 */
export async function reachBrokers(bootstrap: readonly string[], limitMs = reachLimitMs): Promise<AdvertisedBroker[]> {
  const tried: string[] = []
  for (const address of bootstrap) {
    try {
      await using broker = new OwnBroker(address, limitMs)
      const brokers = await broker.brokers()
      if (brokers.length > 0) return await checked(address, brokers, limitMs)
      tried.push(`${address}: it knows no broker`)
    } catch (error) {
      if (error instanceof LossproofError && error.code === 'capability-missing') throw error
      tried.push(`${address}: ${messageOf(error)}`)
    }
  }
  throw new LossproofError('capability-missing', `no broker of your own cluster answered; tried ${tried.join('; ')}`, {
    hint: 'cluster.bootstrap names a listener without TLS and without a login that this machine can reach',
  })
}

async function checked(
  via: string,
  brokers: readonly AdvertisedBroker[],
  limitMs: number,
): Promise<AdvertisedBroker[]> {
  await Promise.all(
    brokers.map(async ({ id, address }) => {
      const lacking = await lackingAt(via, id, address, limitMs)
      if (lacking.length > 0)
        throw new LossproofError(
          'capability-missing',
          `broker ${id} at ${address} does not understand ${lacking.join(', ')} in the versions that a test needs`,
          { hint: 'brokers of Kafka 3.9 or later do' },
        )
    }),
  )
  return [...brokers]
}

async function lackingAt(via: string, id: number, address: string, limitMs: number): Promise<string[]> {
  try {
    await using broker = new OwnBroker(address, limitMs)
    return await broker.lacking()
  } catch (error) {
    throw new LossproofError(
      'capability-missing',
      `${via} answers, and advertises broker ${id} at ${address}, which this machine cannot reach: ${messageOf(error)}`,
      { hint: 'advertised.listeners of the brokers needs an address that this machine can reach', cause: error },
    )
  }
}
