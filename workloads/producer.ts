/** Entry point of a producer process: any number of lanes, paused until the first `resume`. */
import { setTimeout as delay } from 'node:timers/promises'
import { clockFrom } from '../history/appender.ts'
import { reportAndExit, runClientProcess, sendReport } from './client-process.ts'
import { loadLibrary } from './clients/index.ts'
import type { LaneStatus } from './messages.ts'
import { ProducerLane } from './producer-lane.ts'

const pumpMs = 3
const statusMs = 25
const replayMs = 500
/** At a stop: when no answer has come for this long, the open sends stay unanswered. */
const silenceLimitMs = 10_000
/** The same with messages in a spool, which are sent again until the cluster is back. */
const spoolSilenceLimitMs = 20_000
/** Limit of the whole wait. */
const drainLimitMs = 60_000
const closeLimitMs = 500

let lanes: ProducerLane[] = []
let paused = true
let pauses = 0

function statuses(): Record<string, LaneStatus> {
  return Object.fromEntries(lanes.map(lane => [lane.id, lane.status()]))
}

function report(): void {
  sendReport({ type: 'status', paused, pauses, lanes: statuses() })
}

function pump(): void {
  if (!paused) for (const lane of lanes) lane.pump()
}

/** Waits for answers as long as some come. Sends that are still open then stay unanswered in the history. */
async function settle(): Promise<void> {
  const spools = lanes.some(lane => lane.status().spooled > 0)
  const limitMs = spools ? spoolSilenceLimitMs : silenceLimitMs
  const deadline = performance.now() + drainLimitMs
  let changedAt = performance.now()
  for (let last = ''; lanes.some(lane => !lane.idle) && performance.now() < Math.min(changedAt + limitMs, deadline);) {
    const current = JSON.stringify(statuses())
    if (current !== last) changedAt = performance.now()
    last = current
    await delay(5)
  }
}

async function end(which: { waits: boolean; closes: boolean }): Promise<void> {
  paused = true
  if (which.waits) await settle()
  if (which.closes) await Promise.race([Promise.allSettled(lanes.map(async lane => lane.close())), delay(closeLimitMs)])
  for (const lane of lanes) lane.closeFile()
  reportAndExit({ type: 'done', lanes: statuses() })
}

runClientProcess({
  async start(config) {
    if (config.role !== 'producer') throw new Error(`a producer process was started with the role ${config.role}`)
    const now = clockFrom(config.t0)
    const opened = config.lanes.map(async lane => {
      const { createProducer } = await loadLibrary(lane.client)
      if (!createProducer) throw new Error(`the client library ${lane.client} has no producer`)
      return new ProducerLane(lane, createProducer(lane), config.process, now)
    })
    lanes = await Promise.all(opened)
    await Promise.all(lanes.map(async lane => lane.connect()))
    setInterval(pump, pumpMs)
    setInterval(() => {
      for (const lane of lanes) lane.replay()
    }, replayMs)
    setInterval(report, statusMs)
    sendReport({ type: 'ready' })
  },
  pause() {
    paused = true
    pauses += 1
    for (const lane of lanes) lane.pause()
    report()
  },
  resume() {
    paused = false
    for (const lane of lanes) lane.resume()
  },
  /** The trial is over. It is not the application's end, so it loses nothing. */
  stop: async () => end({ waits: true, closes: true }),
  /** All lanes of a process that a fault ends have the same application, because such a process has one lane. */
  terminate: async () =>
    end({
      waits: lanes.some(lane => lane.manners.awaits && lane.manners.closes),
      closes: lanes.some(lane => lane.manners.closes),
    }),
})
