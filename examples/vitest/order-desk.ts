/** A service as it could be in production: an order is accepted when Kafka has acknowledged it. */
import { Kafka, logLevel } from 'kafkajs'
import type { Producer } from 'kafkajs'

export interface OrderDeskOptions {
  brokers: readonly string[]
  topic: string
  /** 1: the leader alone; -1: all replicas that are in sync. */
  acks: 1 | -1
}

export class OrderDesk {
  /** Orders of which customers were told that they are accepted. */
  readonly accepted: string[] = []
  readonly #kafka: Kafka
  readonly #producer: Producer
  readonly #options: OrderDeskOptions

  constructor(options: OrderDeskOptions) {
    this.#options = options
    this.#kafka = new Kafka({ clientId: 'order-desk', brokers: [...options.brokers], logLevel: logLevel.NOTHING })
    this.#producer = this.#kafka.producer({ retry: { retries: 0 } })
  }

  async open(): Promise<void> {
    const admin = this.#kafka.admin()
    await admin.connect()
    const { topic } = this.#options
    await admin.createTopics({ waitForLeaders: true, topics: [{ topic, numPartitions: 1, replicationFactor: 3 }] })
    await admin.disconnect()
    await this.#producer.connect()
  }

  /** Resolves with whether the order was accepted. */
  async accept(order: string): Promise<boolean> {
    const { topic, acks } = this.#options
    try {
      await this.#producer.send({ topic, acks, timeout: 2000, messages: [{ value: order }] })
    } catch {
      return false
    }
    this.accepted.push(order)
    return true
  }

  async close(): Promise<void> {
    await this.#producer.disconnect()
  }
}
