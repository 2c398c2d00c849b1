/**
 * Entry point: a client library alone, as fast as it can send. A closed loop keeps a fixed number of sends in flight, without
 * the harness's lane or adapter: no history, no schedule, no numbered payloads, no classified answers. It takes the same
 * commands as a producer process, so it is measured in the same way.
 */
import { reportAndExit, runClientProcess, sendReport } from '../workloads/client-process.ts'
import { loadLibrary } from '../workloads/clients/index.ts'
import type { ProducerLaneConfig } from '../workloads/messages.ts'
import { noStatus } from '../workloads/messages.ts'
import { openers } from './raw.ts'

const statusMs = 25

let lane: ProducerLaneConfig
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

runClientProcess({
  async start(config) {
    const [first] = config.role === 'producer' ? config.lanes : []
    const open = first && openers[first.client]
    if (!first || !open) throw new Error('one lane of a known client is measured alone')
    lane = first
    // Lets the process tolerate the same stray errors of the library as a lane's process does.
    await loadLibrary(first.client)
    send = await open(first)
    setInterval(() => sendReport({ type: 'status', paused, pauses: 0, lanes: statuses() }), statusMs)
    sendReport({ type: 'ready' })
  },
  resume() {
    paused = false
    for (let at = 0; at < lane.workload.maxInFlight; at++) void loop()
  },
  async stop() {
    ended.abort()
    reportAndExit({ type: 'done', lanes: statuses() })
  },
})
