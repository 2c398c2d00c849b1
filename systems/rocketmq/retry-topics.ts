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
import { readerGroup } from './topics.ts'

const scheduled = /^scheduleMessageOffset_/

/**
 * How many messages will be delivered again: those whose delay is not over, of any group, and those in the retry topic of the
 * lane's group beyond its committed offset.
 */
export async function retriesPending(client: RemotingClient, routes: Routes, lane: Lane): Promise<number> {
  const group = lane.consumer?.group ?? ''
  let pending = 0
  for (const { address, brokerName } of await mastersOf(routes, lane)) {
    for (const [key, value] of await admin.runtimeInfo(client, address)) {
      const [done = 0, end = 0] = scheduled.test(key) ? value.split(',').map(Number) : []
      pending += Math.max(0, end - done)
    }
    const queue: MessageQueue = { topic: retryTopicOf(group), brokerName, queueId: 0 }
    const end = await endOf(client, address, queue)
    if (end > 0) pending += Math.max(0, end - ((await consumerOffset(client, address, group, queue)) ?? 0))
  }
  return pending
}

/**
 * Messages of the lane in the dead-letter topic of its group. They get partition numbers behind those of the lane's
 * topic.
 */
export async function deadLetters(client: RemotingClient, routes: Routes, lane: Lane): Promise<DeadLetter[]> {
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

async function mastersOf(routes: Routes, lane: Lane): Promise<{ address: string; brokerName: string }[]> {
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
