/** What a trial has created on a cluster of the user's own, kept on the engine until it is removed. */
import { z } from 'zod'
import type { ReminderKind } from '../../../docker/cleanup/reminders.ts'

const Created = z.object({
  system: z.string(),
  /** Brokers of the cluster. */
  addresses: z.array(z.string()).min(1),
  /** How the names of all topics and groups of the trial begin. */
  prefix: z.string().regex(/^lossproof-[0-9a-f]{8}-$/),
})
export type CreatedTopics = z.infer<typeof Created>

/** Left on the engine before the first topic is created. */
export const topicsReminder: ReminderKind<CreatedTopics> = { label: 'lossproof.topics', schema: Created }

/** `random`: eight hexadecimal digits. */
export const prefixOf = (random: string): string => `lossproof-${random}-`

/** The prefix of a name that begins with one; empty for other names. */
export const prefixIn = (name: string): string => /^lossproof-[0-9a-f]{8}-/.exec(name)?.[0] ?? ''

/** The name of the reminder. */
export const reminderOf = ({ prefix }: CreatedTopics): string => `${prefix}topics`
