/** Entry point of a consumer process: any number of lanes, each a member of its own group. */
import { setTimeout as delay } from 'node:timers/promises'
import { clockFrom } from '../history/appender.ts'
import { finish, takeOrders, tell } from './client-process.ts'
import { loadLibrary } from './clients/index.ts'
import { ConsumerLane } from './consumer-lane.ts'
import type { ConsumerLane as LaneConfig, LaneStatus } from './messages.ts'

const statusMs = 25
/** Leaving the group takes answers of a coordinator that may be gone. */
const closeLimitMs = 5000

const lanes: ConsumerLane[] = []
let ending = false

function statuses(): Record<string, LaneStatus> {
  return Object.fromEntries(lanes.map(lane => [lane.id, lane.status()]))
}

async function begin(config: LaneConfig, process: string, now: () => number): Promise<void> {
  const { createConsumer } = await loadLibrary(config.client)
  if (!createConsumer) throw new Error(`${config.client} has no consumer`)
  const lane = new ConsumerLane(config, createConsumer(config), process, now)
  lanes.push(lane)
  await lane.run()
}

async function end(): Promise<void> {
  if (ending) return
  ending = true
  await Promise.race([Promise.allSettled(lanes.map(async lane => lane.close())), delay(closeLimitMs)])
  for (const lane of lanes) lane.closeFile()
  finish({ type: 'done', lanes: statuses() })
}

/** As an application of which nothing is left to do: the process ends well, whatever became of its messages. */
function endIfStopped(): void {
  const reasons = lanes.flatMap(lane => lane.stoppedBy ?? [])
  if (lanes.length === 0 || reasons.length < lanes.length) return
  process.stderr.write(`${reasons.join('\n')}\n`)
  for (const lane of lanes) lane.closeFile()
  process.exit(0)
}

takeOrders({
  async start(config) {
    if (config.role !== 'consumer') throw new Error(`a ${config.role} was started as consumer`)
    const now = clockFrom(config.t0)
    await Promise.all(config.lanes.map(async lane => begin(lane, config.process, now)))
    setInterval(() => {
      tell({ type: 'status', paused: false, pauses: 0, lanes: statuses() })
      endIfStopped()
    }, statusMs)
    tell({ type: 'ready' })
  },
  stop: end,
})
