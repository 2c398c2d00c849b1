// Writes an invoice for every order. The invoices and the offsets of their orders are one transaction.
import kafkajs from 'kafkajs'

const { BOOTSTRAP_SERVERS, INPUT_TOPIC, OUTPUT_TOPIC, GROUP_ID, INSTANCE } = process.env
const kafka = new kafkajs.Kafka({ clientId: 'invoices', brokers: BOOTSTRAP_SERVERS.split(',') })
const consumer = kafka.consumer({ groupId: GROUP_ID, sessionTimeout: 6000, heartbeatInterval: 1000 })
const producer = kafka.producer({
  transactionalId: `${GROUP_ID}-${INSTANCE}`,
  idempotent: true,
  maxInFlightRequests: 1,
})

async function invoice(order) {
  await new Promise(resolve => setTimeout(resolve, 10)) // the work
  return { value: JSON.stringify({ order: { id: order.id }, total: order.number * 2 }) }
}

await Promise.all([producer.connect(), consumer.connect()])
await consumer.subscribe({ topic: INPUT_TOPIC })
await consumer.run({
  autoCommit: false,
  async eachBatch({ batch }) {
    const { topic, partition, messages } = batch
    const transaction = await producer.transaction()
    try {
      for (const { value } of messages) {
        const message = await invoice(JSON.parse(value))
        await transaction.send({ topic: OUTPUT_TOPIC, messages: [message] })
      }
      const offset = String(Number(batch.lastOffset()) + 1)
      await transaction.sendOffsets({
        consumerGroupId: GROUP_ID,
        topics: [{ topic, partitions: [{ partition, offset }] }],
      })
      await transaction.commit()
    } catch (error) {
      await transaction.abort()
      throw error
    }
  },
})

process.on('SIGTERM', () => {
  void consumer
    .disconnect()
    .then(() => producer.disconnect())
    .then(() => process.exit(0))
})
