/** A client for `command` that lies: of every ten messages it acknowledges one that it never sends. */
import { createInterface } from 'node:readline'
import { setInterval } from 'node:timers'
import { Kafka, logLevel } from 'kafkajs'
import { encode } from '../../workloads/payload.ts'
import type { OwnProducerConfig } from '../../workloads/clients/command/config.ts'

const tickMs = 5
const config = JSON.parse(process.env['LOSSPROOF_CLIENT'] ?? '{}') as OwnProducerConfig
const say = (line: object) => process.stdout.write(`${JSON.stringify(line)}\n`)
const isDropped = (s: number) => s % 10 === 9

const kafka = new Kafka({ brokers: config.bootstrap, clientId: config.clientId, logLevel: logLevel.NOTHING })
const producer = kafka.producer()
const open = new Set<Promise<void>>()
let due = Infinity
let next = config.firstNumber
process.once('SIGTERM', () => void stop())
await producer.connect()
say({ op: 'ready' })
setInterval(() => {
  for (; due <= performance.now(); due += 1000 / config.rate) {
    if (open.size >= config.maxInFlight) continue
    const sending = send(next++)
    open.add(sending)
    void sending.then(() => open.delete(sending))
  }
}, tickMs)
for await (const order of createInterface({ input: process.stdin })) {
  if (order === 'resume') due = performance.now()
  if (order === 'stop') break
  if (order !== 'pause') continue
  due = Infinity
  say({ op: 'paused' })
}
await stop()

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

async function stop(): Promise<never> {
  due = Infinity
  await Promise.all(open)
  await producer.disconnect()
  process.exit(0)
}
