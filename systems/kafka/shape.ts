/** The Kafka cluster of a trial, as the plan holds it. */
import { z } from 'zod'
import { OwnCluster, Settings } from '../../model/plan.ts'
import type { Site } from '../../model/plan.ts'

export const KafkaShape = z.strictObject({
  /** 0 where only the cluster itself knows: one of the user's own. */
  brokers: z.int().min(0).max(9),
  /** Dedicated controllers. 0: every broker is a controller as well. */
  controllers: z.int().min(0).max(5),
  /** Settings of every broker; null leaves a setting to Kafka, also where Lossproof would set it. */
  broker: Settings,
  /** `system`: Lossproof leaves everything to Kafka except addresses, paths and identity. */
  defaults: z.enum(['lossproof', 'system']).optional(),
  /** For a cluster of the user's own: the version whose settings are known. */
  version: z.string(),
  image: z.string().optional(),
  own: OwnCluster.optional(),
})
export type KafkaShape = z.infer<typeof KafkaShape>

export const kafkaShape = ({ cluster }: Pick<Site, 'cluster'>): KafkaShape => KafkaShape.parse(cluster)
