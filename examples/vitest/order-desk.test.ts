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
  const { accepted, acceptedAlone, stored } = await losesItsLeader({ topic: 'orders-acks-1', acks: 1 })
  const lost = accepted.filter(order => !stored.includes(order))
  expect(acceptedAlone).not.toEqual([])
  // Of the orders before, those are lost too that the followers had not fetched yet.
  expect(lost).toEqual(expect.arrayContaining(acceptedAlone))
  expect(lost).toEqual(accepted.slice(-lost.length))
})

test('acks=all: every order that was accepted is there after the failover', async () => {
  const { accepted, stored } = await losesItsLeader({ topic: 'orders-acks-all', acks: -1 })
  expect(accepted).not.toEqual([])
  expect(stored).toEqual(expect.arrayContaining(accepted))
})

/** 20 orders while all is well, then 5 while the leader of the topic is cut off from its followers; then it is killed. */
async function losesItsLeader(options: { topic: string; acks: 1 | -1 }) {
  const { topic } = options
  const desk = new OrderDesk({ brokers: cluster.bootstrap, ...options })
  await desk.open()
  for (let order = 1; order <= 20; order++) await desk.accept(`order ${order}`)
  const before = desk.accepted.length
  await cluster.inject('cut-replication', 'leader', { topic })
  for (let order = 21; order <= 25; order++) await desk.accept(`order ${order}`)
  await cluster.inject('crash', 'leader', { topic })
  await desk.close()
  await cluster.heal()
  const { accepted } = desk
  return { accepted, acceptedAlone: accepted.slice(before), stored: await readAll(topic) }
}

/** The orders of a topic in the order of its one partition, up to its end. */
async function readAll(topic: string): Promise<string[]> {
  const kafka = new Kafka({ brokers: [...cluster.consumerBootstrap], logLevel: logLevel.NOTHING })
  const admin = kafka.admin()
  await admin.connect()
  const end = Number((await admin.fetchTopicOffsets(topic))[0]?.high)
  await admin.disconnect()
  if (end === 0) return []
  const consumer = kafka.consumer({ groupId: `check-${topic}` })
  await consumer.connect()
  await consumer.subscribe({ topic, fromBeginning: true })
  const orders: string[] = []
  await new Promise<void>((done, fail) => {
    // kafkajs starts again by itself where waiting helps, for example while the group's coordinator moves.
    consumer.on(consumer.events.CRASH, ({ payload }) => payload.restart || fail(payload.error))
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
