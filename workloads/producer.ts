/** Entry point of a producer process: any number of lanes, paused until told. */
import { setTimeout as delay } from 'node:timers/promises'
import { clockFrom } from '../history/appender.ts'
import { finish, takeOrders, tell } from './client-process.ts'
import { loadLibrary } from './clients/index.ts'
import type { LaneStatus } from './messages.ts'
import { ProducerLane } from './producer-lane.ts'

const pumpMs = 3
const statusMs = 25
const replayMs = 500
/** Sends that get no answer for so long get none any more. */
const silenceMs = 5000
const drainLimitMs = 30_000
/** What lies in a spool is sent once the cluster is back. */
const spoolLimitMs = 20_000
const closeLimitMs = 500

let lanes: ProducerLane[] = []
let paused = true
let pauses = 0

function statuses(): Record<string, LaneStatus> {
  return Object.fromEntries(lanes.map(lane => [lane.id, lane.status()]))
}

function report(): void {
  tell({ type: 'status', paused, pauses, lanes: statuses() })
}

function pump(): void {
  if (!paused) for (const lane of lanes) lane.pump()
}

takeOrders({
  async start(config) {
    if (config.role !== 'producer') throw new Error(`a ${config.role} was started as producer`)
    const now = clockFrom(config.t0)
    const opened = config.lanes.map(async lane => {
      const { createProducer } = await loadLibrary(lane.client)
      if (!createProducer) throw new Error(`${lane.client} has no producer`)
      return new ProducerLane(lane, createProducer(lane), config.process, now)
    })
    lanes = await Promise.all(opened)
    await Promise.all(lanes.map(async lane => lane.connect()))
    setInterval(pump, pumpMs)
    setInterval(() => {
      for (const lane of lanes) lane.replay()
    }, replayMs)
    setInterval(report, statusMs)
    tell({ type: 'ready' })
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
  /** What is unanswered when no more answers come stays unanswered in the history. */
  async stop() {
    paused = true
    const spools = lanes.some(lane => lane.status().spooled > 0)
    const silence = spools ? spoolLimitMs : silenceMs
    const deadline = performance.now() + drainLimitMs
    let since = performance.now()
    for (let last = ''; lanes.some(lane => !lane.idle) && performance.now() < Math.min(since + silence, deadline);) {
      const now = JSON.stringify(statuses())
      if (now !== last) since = performance.now()
      last = now
      await delay(5)
    }
    await Promise.race([Promise.allSettled(lanes.map(async lane => lane.close())), delay(closeLimitMs)])
    for (const lane of lanes) lane.closeFile()
    finish({ type: 'done', lanes: statuses() })
  },
})
