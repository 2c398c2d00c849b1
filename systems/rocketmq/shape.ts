/** The RocketMQ cluster of a trial, as the plan holds it. */
import { z } from 'zod'
import { OwnCluster, Settings } from '../../model/plan.ts'
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
  /** 0 where only the cluster itself knows: one of the user's own. */
  nameServers: z.int().min(0).max(3),
  /** Empty where only the cluster itself knows. */
  groups: z.array(BrokerGroup),
  /** For clients of the gRPC protocol, version 5 only. Absent: none. */
  proxies: z.int().min(1).optional(),
  /** `system`: Lossproof leaves everything to RocketMQ except addresses, paths and identity. */
  defaults: z.enum(['lossproof', 'system']).optional(),
  /** For a cluster of the user's own: the version whose settings are known. */
  version: z.string(),
  image: z.string().optional(),
  own: OwnCluster.optional(),
  /** Only on a cluster of the user's own, where `mode` says nothing: broker groups that hold the topic of a lane. */
  masters: z.int().min(1).optional(),
})
export type RocketmqClusterShape = z.infer<typeof RocketmqClusterShape>

export const rocketmqShape = ({ cluster }: Pick<Site, 'cluster'>): RocketmqClusterShape =>
  RocketmqClusterShape.parse(cluster)
