/** Entry point of a consumer process: any number of lanes, each a member of its own consumer group. */
import { setTimeout as delay } from 'node:timers/promises'
import { clockFrom } from '../history/appender.ts'
import { reportAndExit, runClientProcess, sendReport } from './client-process.ts'
import { loadLibrary } from './clients/index.ts'
import { ConsumerLane } from './consumer-lane.ts'
import type { ConsumerLaneConfig, LaneStatus } from './messages.ts'

const statusMs = 25
/** Limits the wait for a group coordinator that may be gone. */
const closeLimitMs = 5000

const lanes: ConsumerLane[] = []
let ending = false

function statuses(): Record<string, LaneStatus> {
  return Object.fromEntries(lanes.map(lane => [lane.id, lane.status()]))
}

async function startLane(config: ConsumerLaneConfig, process: string, now: () => number): Promise<void> {
  const { createConsumer } = await loadLibrary(config.client)
  if (!createConsumer) throw new Error(`the client library ${config.client} has no consumer`)
  const lane = new ConsumerLane(config, createConsumer(config), process, now)
  lanes.push(lane)
  await lane.run()
}

async function stop(): Promise<void> {
  if (ending) return
  ending = true
  await Promise.race([Promise.allSettled(lanes.map(async lane => lane.close())), delay(closeLimitMs)])
  for (const lane of lanes) lane.closeFile()
  reportAndExit({ type: 'done', lanes: statuses() })
}

/** Exits with code 0 when the libraries of all lanes have stopped, as an application with nothing else to do would. */
function exitIfAllStopped(): void {
  const reasons = lanes.flatMap(lane => lane.stoppedBy ?? [])
  if (lanes.length === 0 || reasons.length < lanes.length) return
  process.stderr.write(`${reasons.join('\n')}\n`)
  for (const lane of lanes) lane.closeFile()
  process.exit(0)
}

runClientProcess({
  async start(config) {
    if (config.role !== 'consumer') throw new Error(`a consumer process was started with the role ${config.role}`)
    const now = clockFrom(config.t0)
    await Promise.all(config.lanes.map(async lane => startLane(lane, config.process, now)))
    setInterval(() => {
      sendReport({ type: 'status', paused: false, pauses: 0, lanes: statuses() })
      exitIfAllStopped()
    }, statusMs)
    sendReport({ type: 'ready' })
  },
  stop,
})
