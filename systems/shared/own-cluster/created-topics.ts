/** What a trial has created on a cluster of the user's own, kept on the engine until it is removed. */
import type Dockerode from 'dockerode'
import { z } from 'zod'
import { forget, remind, remindersOf } from '../../../docker/cleanup/reminders.ts'
import type { Labels } from '../../../docker/engine/labels.ts'

export const topicsLabel = 'lossproof.topics'

const Created = z.object({ system: z.string(), addresses: z.array(z.string()).min(1), prefix: z.string().min(1) })
/** `addresses`: brokers of the cluster. `prefix`: how the names of all topics and groups of the trial begin. */
export type CreatedTopics = z.infer<typeof Created>

/** `lossproof-3f9a01c2-` */
export const prefixOf = (random: string): string => `lossproof-${random}-`

/** To be called before the first topic is created. Resolves with the name of the reminder. */
export async function rememberTopics(docker: Dockerode, labels: Labels, created: CreatedTopics): Promise<string> {
  const { name } = await remind(docker, `${created.prefix}topics`, labels, topicsLabel, created)
  return name
}

export const forgetTopics = forget

/** What is remembered in reminders whose labels `chosen` accepts. */
export async function rememberedTopics(
  docker: Dockerode,
  chosen: (labels: Labels) => boolean,
): Promise<(CreatedTopics & { reminder: string })[]> {
  const found = await remindersOf(docker, topicsLabel, chosen)
  return found.map(({ name, labels }) => ({
    ...Created.parse(JSON.parse(labels[topicsLabel] ?? '')),
    reminder: name,
  }))
}
