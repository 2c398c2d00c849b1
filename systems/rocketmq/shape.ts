/** The RocketMQ cluster of a trial, as the plan holds it. */
import { z } from 'zod'
import { Settings } from '../../model/plan.ts'
import type { Site } from '../../model/plan.ts'

/** A master and its slaves. */
export const BrokerGroup = z.strictObject({
  brokerName: z.string(),
  /** Master and slaves. */
  replicas: z.int().min(1),
  /** Settings of every broker of the group; null leaves a setting to RocketMQ, also where Lossproof would set it. */
  settings: Settings,
})
export type BrokerGroup = z.infer<typeof BrokerGroup>

export const RocketmqClusterShape = z.strictObject({
  /** `classic`: masters are fixed by configuration. `controller`: controllers elect them. */
  mode: z.enum(['classic', 'controller']),
  nameServers: z.int().min(1).max(3),
  groups: z.array(BrokerGroup).min(1),
  /** For clients of the gRPC protocol, version 5 only. Absent: none. */
  proxies: z.int().min(1).optional(),
  /** `system`: Lossproof leaves everything to RocketMQ except addresses, paths and identity. */
  defaults: z.enum(['lossproof', 'system']).optional(),
  version: z.string(),
})
export type RocketmqClusterShape = z.infer<typeof RocketmqClusterShape>

export const rocketmqShape = ({ cluster }: Pick<Site, 'cluster'>): RocketmqClusterShape =>
  RocketmqClusterShape.parse(cluster)
