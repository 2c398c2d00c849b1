/** The Kafka cluster of a trial, as the plan holds it. */
import { z } from 'zod'
import { Settings } from '../../model/plan.ts'
import type { Site } from '../../model/plan.ts'

export const KafkaShape = z.strictObject({
  brokers: z.int().min(1).max(9),
  /** Dedicated controllers. 0: every broker is a controller as well. */
  controllers: z.int().min(0).max(5),
  /** Settings of every broker; null leaves a setting to Kafka, also where Lossproof would set it. */
  broker: Settings,
  /** `system`: Lossproof leaves everything to Kafka except addresses, paths and identity. */
  defaults: z.enum(['lossproof', 'system']).optional(),
  version: z.string(),
})
export type KafkaShape = z.infer<typeof KafkaShape>

export const kafkaShape = ({ cluster }: Pick<Site, 'cluster'>): KafkaShape => KafkaShape.parse(cluster)
