/** Entry point of a consumer process: writes down what was delivered, processed and committed. */
import { setTimeout as delay } from 'node:timers/promises'
import { clockFrom, LaneFile } from '../harness/history/appender.ts'
import { finish, takeOrders, tell } from './client-process.ts'
import type { ConsumerClient } from './clients/client.ts'
import { loadLibrary } from './clients/index.ts'
import type { ConsumerLane, LaneStatus } from './messages.ts'
import { decode } from './payload.ts'

const statusMs = 25
/** Leaving the group takes answers of a coordinator that may be gone. */
const closeLimitMs = 5000

interface Running {
  lane: string
  client: ConsumerClient
  file: LaneFile
  delivered: number
  processed: number
}

const running: Running[] = []

function statuses(): Record<string, LaneStatus> {
  const none = { sent: 0, acked: 0, rejected: 0, unknown: 0, inFlight: 0, overflow: 0 }
  return Object.fromEntries(running.map(({ lane, delivered, processed }) => [lane, { ...none, delivered, processed }]))
}

async function begin(lane: ConsumerLane, process: string, now: () => number): Promise<void> {
  const { createConsumer } = await loadLibrary(lane.client)
  if (!createConsumer) throw new Error(`${lane.client} has no consumer`)
  const file = new LaneFile(lane.file, { lane: lane.lane, role: 'consumer', process, client: lane.client })
  const state: Running = { lane: lane.lane, client: createConsumer(lane), file, delivered: 0, processed: 0 }
  running.push(state)
  await state.client.run(
    async ({ partition: p, offset: o, value }) => {
      const decoded = decode(value, lane.lane)
      if (decoded.kind !== 'message') return
      file.append({ op: 'delivered', s: decoded.s, p, o, t: now() })
      state.delivered += 1
      // The effect is this line: once write(2) has returned, no SIGKILL takes it back.
      file.append({ op: 'processed', s: decoded.s, p, o, t: now() })
      state.processed += 1
    },
    (p, o) => file.append({ op: 'committed', p, o, t: now() }),
  )
}

takeOrders({
  async start(config) {
    if (config.role !== 'consumer') throw new Error(`a ${config.role} was started as consumer`)
    const now = clockFrom(config.t0)
    await Promise.all(config.lanes.map(async lane => begin(lane, config.process, now)))
    setInterval(() => tell({ type: 'status', paused: false, pauses: 0, lanes: statuses() }), statusMs)
    tell({ type: 'ready' })
  },
  async stop() {
    await Promise.race([Promise.allSettled(running.map(async ({ client }) => client.close())), delay(closeLimitMs)])
    for (const { file } of running) file.close()
    finish({ type: 'done', lanes: statuses() })
  },
})
