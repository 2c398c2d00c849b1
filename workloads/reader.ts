/** Entry point of the reader process: reads the final log, with a client library that wrote none of it. */
import { messageOf } from '../model/errors.ts'
import { clockFrom, LaneFile } from '../history/appender.ts'
import type { ReaderRecord } from '../history/records.ts'
import { reportAndExit, runClientProcess, sendReport } from './client-process.ts'
import type { LogRecord } from './clients/client.ts'
import { loadLibrary } from './clients/index.ts'
import type { ReaderLaneConfig } from './messages.ts'
import { decode } from './payload.ts'

/** Lanes that are read at the same time. */
const lanesAtOnce = 4

async function readLane(lane: ReaderLaneConfig, process: string, now: () => number): Promise<void> {
  const { readPartition } = await loadLibrary(lane.client)
  if (!readPartition) throw new Error(`the client library ${lane.client} cannot read a partition to its end`)
  const file = new LaneFile(lane.file, { lane: lane.lane, role: 'reader', process, client: lane.client })
  try {
    for (const partition of lane.partitions) {
      const { p } = partition
      const onRecords = (records: LogRecord[]) => {
        const t = now()
        const found = records.filter(record => !record.control).map(record => toRecord(record, lane, p, t))
        if (found.length > 0) file.append(...found)
      }
      const onStart = (o: number) => file.append({ op: 'start', p, o, t: now() })
      const end = await readPartition({ ...lane, ...partition, onStart, onRecords })
      file.append({ op: 'end', p, o: end, t: now() })
    }
  } finally {
    file.close()
  }
}

function toRecord(record: LogRecord, lane: ReaderLaneConfig, p: number, t: number): ReaderRecord {
  const at = { p, o: record.offset, ...(record.epoch === undefined ? {} : { e: record.epoch }), t }
  const decoded = decode(record.value, lane.lane, lane.payload)
  if (decoded.kind === 'message') return { op: 'stored', s: decoded.s, ...at }
  return decoded.kind === 'fence' ? { op: 'fence', ...at } : { op: 'stored', ...at, c: decoded.kind }
}

runClientProcess({
  async start(config) {
    if (config.role !== 'reader') throw new Error(`a reader process was started with the role ${config.role}`)
    const now = clockFrom(config.t0)
    sendReport({ type: 'ready' })
    const failures: string[] = []
    const waiting = [...config.lanes]
    const worker = async () => {
      for (let lane = waiting.shift(); lane; lane = waiting.shift()) {
        // A partition that cannot be read to its end makes only its own lane inconclusive.
        await readLane(lane, config.process, now).catch((error: unknown) => failures.push(messageOf(error)))
      }
    }
    await Promise.all(Array.from({ length: lanesAtOnce }, worker))
    reportAndExit({ type: 'done', lanes: {}, failures })
  },
  stop: async () => process.exit(0),
})
