/** Kafka for tests that bring their own clients. */
import type { Settings } from '../../../model/plan.ts'
import { startTestCluster } from './start.ts'
import type { StartOptions } from './start.ts'
import type { TestCluster } from './types.ts'

export interface KafkaOptions extends StartOptions {
  /** 3 when absent. */
  brokers?: number
  /** Dedicated controllers; 0 when absent: every broker is a controller as well. */
  controllers?: number
  /** Version of Kafka; the newest that Lossproof knows when absent. */
  version?: string
  /** Settings of every broker, as Kafka spells them. */
  broker?: Settings
}

/**
 * Starts Kafka in Docker, behind Toxiproxy. `await using cluster = await startKafka()` removes it at the end of the block;
 * it is also removed when this process dies. Rejects with LossproofError for wrong settings and when this machine cannot.
 */
export async function startKafka(options: KafkaOptions = {}): Promise<TestCluster> {
  const { brokers = 3, controllers, version, broker, ...others } = options
  const cluster = {
    brokers,
    ...(controllers === undefined ? {} : { controllers }),
    ...(version === undefined ? {} : { version }),
    ...(broker === undefined ? {} : { broker }),
  }
  return startTestCluster('kafka', cluster, others)
}
