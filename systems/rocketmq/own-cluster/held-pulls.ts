/**
 * A broker holds a pull for which it has no message, also when the consumer is gone, and carries it out later. It then creates
 * the consumer's group again, where `autoCreateSubscriptionGroup` is on. So before a group is removed, its pulls are woken.
 */
import { setTimeout as delay } from 'node:timers/promises'
import { admin, deadLetterTopicOf, Producer, removal, Routes } from '../../../workloads/rocketmq-remoting/index.ts'
import type { RemotingClient } from '../../../workloads/rocketmq-remoting/index.ts'

const defaults = {
  /** A broker looks every 5 s for pulls whose queue has a new message, whatever tags they ask for. */
  lookMs: 6000,
  /** Clients let a broker hold a pull for 15 s, unless they are told otherwise. */
  longestHoldMs: 15_000,
}
const sendLimitMs = 3000

export interface HeldPulls {
  client: RemotingClient
  nameServers: readonly string[]
  /** Addresses of masters, by the names of their groups. */
  masters: ReadonlyMap<string, string>
  /** Whether the group or topic belongs to the trial. */
  isOurs: (name: string) => boolean
}

/** Resolves when brokers hold no pull of our groups any more. Consumers of these groups have to be gone. */
export async function endHeldPulls(
  { client, nameServers, masters, isOurs }: HeldPulls,
  { lookMs, longestHoldMs } = defaults,
): Promise<void> {
  const producer = new Producer(client, new Routes(client, nameServers), { group: 'lossproof' })
  const waits = await Promise.all(
    [...masters].map(async ([brokerName, address]) => {
      const settings = await admin.brokerConfig(client, address)
      const groups = (await removal.groupsOfBroker(client, address)).filter(isOurs)
      if (settings.get('autoCreateSubscriptionGroup') === 'false' || groups.length === 0) return 0
      const answers = [...(await removal.topicsOfBroker(client, address))]
        .filter(([topic]) => isOurs(topic) && !topic.startsWith(deadLetterTopicOf('')))
        .flatMap(([topic, queues]) => Array.from({ length: queues }, (_, queueId) => ({ topic, brokerName, queueId })))
        .map(async queue => producer.send(queue, { body: Buffer.from('wakes pulls') }, sendLimitMs))
      const isWoken = answers.length > 0 && (await Promise.all(answers)).every(({ kind }) => kind === 'stored')
      return isWoken ? lookMs : longestHoldMs + lookMs
    }),
  )
  await delay(Math.max(0, ...waits))
}
