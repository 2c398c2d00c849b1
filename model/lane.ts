/** A lane: one cell while it runs, with its own topic, clients and message numbers. */
import { z } from 'zod'
import { Settings } from './settings.ts'
import { Handling, Sending, Workload } from './workload.ts'

export const Lane = z.strictObject({
  /** The name of the lane's folder, unique in its trial. */
  id: z.string().regex(/^[a-z0-9][a-z0-9.-]*$/),
  cell: z.string(),
  topic: z.strictObject({
    name: z.string(),
    /** Where a topic lies on several broker groups: the sum over the groups, those of the first group first. */
    partitions: z.int().min(1),
    replicationFactor: z.int().min(1),
    /** `one`: one broker leads all partitions. `spread`: the brokers take turns. */
    leaders: z.enum(['one', 'spread']).default('one'),
    /** The broker groups that hold the topic; empty on a system without broker groups. */
    brokerNames: z.array(z.string()).default([]),
    settings: Settings,
  }),
  producer: z.strictObject({ client: z.string(), settings: Settings, clientSettings: Settings, sending: Sending }),
  /** Absent: the lane has no consumer. */
  consumer: z
    .strictObject({
      client: z.string(),
      group: z.string(),
      settings: Settings,
      clientSettings: Settings,
      handling: Handling,
      /** Members of the group. */
      instances: z.int().min(1),
      /** What each member subscribes to, such as `A||B`. Absent: every member wants every message. */
      subscriptions: z.array(z.string()).min(1).optional(),
    })
    .optional(),
  workload: Workload,
})
export type Lane = z.infer<typeof Lane>
