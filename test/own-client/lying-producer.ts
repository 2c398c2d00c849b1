/** A client of somebody's own that lies: of every ten messages it acknowledges one that it never sends. */
import { createInterface } from 'node:readline'
import { setInterval } from 'node:timers'
import { Kafka, logLevel } from 'kafkajs'
import { encode } from '../../workloads/payload.ts'
import type { OwnProducerConfig } from '../../workloads/clients/command/config.ts'

const config = JSON.parse(process.env['LOSSPROOF_CLIENT'] ?? '{}') as OwnProducerConfig
const say = (line: object) => process.stdout.write(`${JSON.stringify(line)}\n`)
const isDropped = (s: number) => s % 10 === 9

const kafka = new Kafka({ brokers: config.bootstrap, clientId: config.clientId, logLevel: logLevel.NOTHING })
const producer = kafka.producer()
await producer.connect()
say({ op: 'ready' })

async function send(s: number): Promise<void> {
  const p = s % config.partitions
  say({ op: 'sent', s, p })
  if (isDropped(s)) return void say({ op: 'acked', s })
  try {
    const value = encode(config.lane, s, config.size)
    const [answer] = await producer.send({ topic: config.topic, messages: [{ partition: p, value }] })
    say({ op: 'acked', s, p, o: Number(answer?.baseOffset) })
  } catch (error) {
    say({ op: 'unknown', s, c: String(error) })
  }
}

let next = config.firstNumber
let running = false
setInterval(() => {
  if (running) void send(next++)
}, 1000 / config.rate)
for await (const order of createInterface({ input: process.stdin })) {
  if (order === 'resume') running = true
  if (order !== 'pause' && order !== 'stop') continue
  running = false
  if (order === 'stop') break
  say({ op: 'paused' })
}
await producer.disconnect()
process.exit(0)
