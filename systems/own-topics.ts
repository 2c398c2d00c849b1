/** Removes topics that earlier trials left on clusters of the user's own, as the reminders on the engine say. */
import type Dockerode from 'dockerode'
import { forget, remindersOf } from '../docker/cleanup/reminders.ts'
import type { Labels } from '../docker/engine/labels.ts'
import { messageOf } from '../model/errors.ts'
import { ownClustersOf } from './live.ts'
import { topicsReminder } from './shared/own-cluster/created-topics.ts'

export interface RemovedTopics {
  topics: string[]
  /** Why topics are still there, one text for each trial that left some. Their reminders stay. */
  failures: string[]
}

/** Removes the topics of trials whose labels `chosen` accepts. `limitMs`: how long each cluster has to answer. */
export async function removeRememberedTopics(
  docker: Dockerode,
  chosen: (labels: Labels) => boolean,
  limitMs?: number,
): Promise<RemovedTopics> {
  const topics: string[] = []
  const { found, failures: unread } = await remindersOf(docker, topicsReminder, chosen)
  const failures = unread.map(messageOf)
  for (const { name: reminder, what } of found) {
    const { system, addresses, prefix } = what
    try {
      topics.push(...(await ownClustersOf(system).removeTopics(addresses, prefix, limitMs)))
      await forget(docker, reminder)
    } catch (error) {
      failures.push(`${messageOf(error)}; if that cluster is gone: docker volume rm ${reminder}`)
    }
  }
  return { topics, failures }
}
