// Writes an invoice for every order. It commits what it has fetched, and then does the work.
import kafkajs from 'kafkajs'

const { BOOTSTRAP_SERVERS, INPUT_TOPIC, OUTPUT_TOPIC, GROUP_ID } = process.env
const kafka = new kafkajs.Kafka({ clientId: 'invoices', brokers: BOOTSTRAP_SERVERS.split(',') })
const consumer = kafka.consumer({ groupId: GROUP_ID, sessionTimeout: 6000, heartbeatInterval: 1000 })
const producer = kafka.producer()

async function invoice(order) {
  await new Promise(resolve => setTimeout(resolve, 10)) // the work
  return { value: JSON.stringify({ order: { id: order.id }, total: order.number * 2 }) }
}

await Promise.all([producer.connect(), consumer.connect()])
await consumer.subscribe({ topic: INPUT_TOPIC })
await consumer.run({
  autoCommit: false,
  async eachBatch({ batch }) {
    const { topic, partition } = batch
    const offset = String(Number(batch.lastOffset()) + 1)
    await consumer.commitOffsets([{ topic, partition, offset }])
    for (const { value } of batch.messages) {
      const message = await invoice(JSON.parse(value))
      await producer.send({ topic: OUTPUT_TOPIC, messages: [message] })
    }
  },
})
