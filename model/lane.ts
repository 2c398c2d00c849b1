/** A lane: one cell while it runs, with its own topic, clients and message numbers. */
import { z } from 'zod'
import { Settings } from './settings.ts'
import { Handling, Sending, Workload } from './workload.ts'

/** `lane.consumer.client` of a lane with an application. */
export const applicationClient = 'application'

/** An application of the user's between two topics of a lane: it reads one and writes the other. */
export const Application = z.strictObject({
  /** The topic that it writes. It has the partitions, replicas and settings of the lane's topic. */
  out: z.strictObject({ name: z.string() }),
  /** Where a record of `out` names its input: `key`, `header:<name>`, or a path into JSON such as `$.order.id`. */
  correlate: z.string(),
  /** What the inputs contain, with `{id}` and `{number}` in it. Absent: the payload of the harness. */
  message: z.string().optional(),
  /** An input that comes out later than this after its acknowledgement is late. Absent: no input is. */
  withinMs: z.int().min(1).optional(),
})
export type Application = z.infer<typeof Application>

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
  /** The application under test, which reads the lane's topic and writes `out`. Its processes are the lane's consumer. */
  app: Application.optional(),
  workload: Workload,
})
export type Lane = z.infer<typeof Lane>
