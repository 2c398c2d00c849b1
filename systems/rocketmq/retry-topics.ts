/** Messages in retry topics and in dead-letter topics. */
import {
  admin,
  consumerOffset,
  deadLetterTopicOf,
  masterOf,
  maxOffset,
  pull,
  RefusedError,
  retryTopicOf,
} from '../../workloads/rocketmq-remoting/index.ts'
import type { MessageQueue, RemotingClient, Routes } from '../../workloads/rocketmq-remoting/index.ts'
import { decode } from '../../workloads/payload.ts'
import type { Lane } from '../../model/plan.ts'
import type { DeadLetter } from '../shared/live-system.ts'

/** A master, and the broker group in which it is. */
export interface Master {
  address: string
  brokerName: string
}

/** How many messages of a retry topic wait at a broker until their delay is over. `info`: the broker's runtime information. */
export type CountDelayed = (master: Master, retryTopic: string, info: ReadonlyMap<string, string>) => Promise<number>

/** By delay level: how many messages have been delivered, and how many there are. */
export function delayLevels(info: ReadonlyMap<string, string>): { level: number; done: number; end: number }[] {
  return [...info].flatMap(([key, value]) => {
    const level = /^scheduleMessageOffset_(?<level>\d+)$/.exec(key)?.groups?.['level']
    const [done = 0, end = 0] = value.split(',').map(Number)
    return level === undefined ? [] : [{ level: Number(level), done, end }]
  })
}

/** Counts the messages of all groups: no others use a cluster that Lossproof has built. */
export const countAllDelayed: CountDelayed = async (_, __, info) =>
  Promise.resolve(delayLevels(info).reduce((sum, { done, end }) => sum + Math.max(0, end - done), 0))

/**
 * How many messages will be delivered again: those whose delay is not over, and those in the retry topic of the lane's group
 * beyond its committed offset.
 */
export async function retriesPending(
  client: RemotingClient,
  routes: Routes,
  lane: Lane,
  countDelayed: CountDelayed,
): Promise<number> {
  const group = lane.consumer?.group ?? ''
  let pending = 0
  for (const master of await mastersOf(routes, lane)) {
    const { address, brokerName } = master
    const queue: MessageQueue = { topic: retryTopicOf(group), brokerName, queueId: 0 }
    pending += await countDelayed(master, queue.topic, await admin.runtimeInfo(client, address))
    const end = await endOf(client, address, queue)
    if (end > 0) pending += Math.max(0, end - ((await consumerOffset(client, address, group, queue)) ?? 0))
  }
  return pending
}

/**
 * Messages of the lane in the dead-letter topic of its group. They get partition numbers behind those of the lane's
 * topic.
 */
export async function deadLetters(
  client: RemotingClient,
  routes: Routes,
  lane: Lane,
  readerGroup: string,
): Promise<DeadLetter[]> {
  const found: DeadLetter[] = []
  for (const [at, { address, brokerName }] of (await mastersOf(routes, lane)).entries()) {
    const queue: MessageQueue = { topic: deadLetterTopicOf(lane.consumer?.group ?? ''), brokerName, queueId: 0 }
    const end = await endOf(client, address, queue)
    for (let offset = 0; offset < end;) {
      const { messages, nextBeginOffset } = await pull(client, address, { group: readerGroup, queue, offset })
      for (const message of messages) {
        const decoded = decode(message.body, lane.id)
        if (decoded.kind === 'message')
          found.push({ s: decoded.s, p: lane.topic.partitions + at, o: message.queueOffset })
      }
      if (nextBeginOffset <= offset) break
      offset = nextBeginOffset
    }
  }
  return found
}

async function mastersOf(routes: Routes, lane: Lane): Promise<Master[]> {
  const route = await routes.latest(lane.topic.name)
  return lane.topic.brokerNames.flatMap(brokerName => {
    const address = masterOf(route, brokerName)
    return address === undefined ? [] : [{ address, brokerName }]
  })
}

/** End offset of a queue; 0 where the topic does not exist. */
async function endOf(client: RemotingClient, address: string, queue: MessageQueue): Promise<number> {
  try {
    return await maxOffset(client, address, queue)
  } catch (error) {
    if (error instanceof RefusedError) return 0
    throw error
  }
}
