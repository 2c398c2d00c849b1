/** The topics of a trial on a cluster of the user's own: named so that they are recognised, and removed at its end. */
import { randomBytes } from 'node:crypto'
import { fileURLToPath } from 'node:url'
import type Dockerode from 'dockerode'
import { forget, remind } from '../../../docker/cleanup/reminders.ts'
import type { Janitor } from '../../../docker/cleanup/janitor.ts'
import type { Labels } from '../../../docker/engine/labels.ts'
import type { EventLog } from '../../../history/appender.ts'
import { messageOf } from '../../../model/errors.ts'
import { moduleUrl } from '../../../model/module-url.ts'
import type { Trial } from '../../../model/plan.ts'
import { ownClustersOf } from '../../../systems/live.ts'
import { prefixOf, reminderOf, topicsReminder } from '../../../systems/shared/own-cluster/created-topics.ts'

/** The same trial, with topics and groups whose names begin with `prefix`. */
export function withPrefix(trial: Trial, prefix: string): Trial {
  const lanes = trial.lanes.map(lane => ({
    ...lane,
    topic: { ...lane.topic, name: prefix + lane.topic.name },
    ...(lane.app ? { app: { ...lane.app, out: { name: prefix + lane.app.out.name } } } : {}),
    ...(lane.consumer ? { consumer: { ...lane.consumer, group: prefix + lane.consumer.group } } : {}),
  }))
  return { ...trial, lanes }
}

interface Options {
  trial: Trial
  /** Brokers of the user's own cluster; undefined for a cluster that Lossproof has built. */
  addresses: readonly string[] | undefined
  docker: Dockerode
  labels: Labels
  janitor: Pick<Janitor, 'runAtDeath'>
  log: EventLog
}

export interface OwnTopics extends AsyncDisposable {
  /** The trial with the names that it uses on this cluster. */
  trial: Trial
}

/**
 * Names the topics of a trial on a cluster of the user's own, and leaves a reminder of them. Disposing of it removes them; a
 * failure is noted in the history and the reminder stays. A trial on a cluster that Lossproof has built stays as it is.
 */
export async function prepareOwnTopics(options: Options): Promise<OwnTopics> {
  const { trial, addresses, docker, labels, janitor, log } = options
  if (addresses === undefined) return { trial, [Symbol.asyncDispose]: async () => {} }
  const { system } = trial
  const prefix = prefixOf(randomBytes(4).toString('hex'))
  janitor.runAtDeath(fileURLToPath(moduleUrl('../../../systems/own-topics-process', import.meta.url)))
  const created = { system, addresses: [...addresses], prefix }
  const name = reminderOf(created)
  await remind(docker, topicsReminder, { name, what: created }, labels)
  return {
    trial: withPrefix(trial, prefix),
    async [Symbol.asyncDispose]() {
      try {
        await ownClustersOf(system).removeTopics(addresses, prefix)
        await forget(docker, name)
      } catch (error) {
        log.write({ kind: 'note', text: `${messageOf(error)}; lossproof clean tries it again` })
      }
    },
  }
}
