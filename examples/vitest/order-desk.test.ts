/** Does the service lose orders that it has accepted, when a broker dies? */
import { Kafka, logLevel } from 'kafkajs'
import { startKafka } from 'lossproof'
import type { TestCluster } from 'lossproof'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { OrderDesk } from './order-desk.ts'

let cluster: TestCluster

beforeAll(async () => {
  // A follower that lags is a follower that counts, for as long as the test cuts it off.
  cluster = await startKafka({ brokers: 3, broker: { 'replica.lag.time.max.ms': 60_000 } })
})
afterAll(async () => cluster?.[Symbol.asyncDispose]())

test('acks=1: orders that were accepted while replication was cut are gone after the failover', async () => {
  const { accepted, stored } = await losesItsLeader({ topic: 'orders-acks-1', acks: 1 })
  expect(accepted).toHaveLength(40)
  expect(stored).toEqual(accepted.slice(0, 20))
})

test('acks=all: every order that was accepted is there after the failover', async () => {
  const { accepted, stored } = await losesItsLeader({ topic: 'orders-acks-all', acks: -1 })
  expect(accepted.length).toBeGreaterThanOrEqual(20)
  expect(stored).toEqual(expect.arrayContaining(accepted))
})

/** 20 orders in peace, then 20 while the leader of the topic is cut off from its followers; then it is killed. */
async function losesItsLeader(options: { topic: string; acks: 1 | -1 }) {
  const { topic } = options
  const desk = new OrderDesk({ brokers: cluster.bootstrap, ...options })
  await desk.open()
  for (let order = 1; order <= 20; order++) await desk.accept(`order ${order}`)
  await cluster.inject('cut-replication', 'leader', { topic })
  await Promise.all(Array.from({ length: 20 }, (_, at) => desk.accept(`order ${at + 21}`)))
  await cluster.inject('crash', 'leader', { topic })
  await desk.close()
  await cluster.heal()
  return { accepted: desk.accepted, stored: await readAll(topic) }
}

/** The orders of a topic in the order of its one partition, up to its end. */
async function readAll(topic: string): Promise<string[]> {
  const kafka = new Kafka({ brokers: [...cluster.consumerBootstrap], logLevel: logLevel.NOTHING })
  const admin = kafka.admin()
  await admin.connect()
  const end = Number((await admin.fetchTopicOffsets(topic))[0]?.high)
  await admin.disconnect()
  const consumer = kafka.consumer({ groupId: `check-${topic}` })
  await consumer.connect()
  await consumer.subscribe({ topic, fromBeginning: true })
  const orders: string[] = []
  await new Promise<void>((done, fail) => {
    consumer.on(consumer.events.CRASH, ({ payload }) => fail(payload.error))
    void consumer.run({
      eachMessage: async ({ message }) => {
        orders.push(String(message.value))
        if (Number(message.offset) === end - 1) done()
      },
    })
  })
  await consumer.disconnect()
  return orders
}
