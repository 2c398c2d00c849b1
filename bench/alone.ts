/**
 * Entry point: a client library alone, as fast as it can send. A closed loop keeps a fixed number of sends in flight, without
 * the harness's lane or adapter: no history, no schedule, no numbered payloads, no classified answers. It takes the same
 * orders as a producer process, so it is measured in the same way.
 */
import { finish, takeOrders, tell } from '../workloads/client-process.ts'
import type { ProducerLane } from '../workloads/messages.ts'
import { noStatus } from '../workloads/messages.ts'
import { openers } from './raw.ts'

const statusMs = 25

let lane: ProducerLane
let send: () => Promise<void>
let paused = true
const ended = new AbortController()
let acked = 0

async function loop(): Promise<void> {
  while (!ended.signal.aborted) {
    await send()
    acked += lane.workload.batch
  }
}

const statuses = () => ({ [lane.lane]: { ...noStatus, acked } })

takeOrders({
  async start(config) {
    const [first] = config.role === 'producer' ? config.lanes : []
    const open = first && openers[first.client]
    if (!first || !open) throw new Error('one lane of a known client is measured alone')
    lane = first
    send = await open(first)
    setInterval(() => tell({ type: 'status', paused, pauses: 0, lanes: statuses() }), statusMs)
    tell({ type: 'ready' })
  },
  resume() {
    paused = false
    for (let at = 0; at < lane.workload.maxInFlight; at++) void loop()
  },
  async stop() {
    ended.abort()
    finish({ type: 'done', lanes: statuses() })
  },
})
