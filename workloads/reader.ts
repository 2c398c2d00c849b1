/** Entry point of the reader: the final log, through a library that no workload of the trial used to write it. */
import { messageOf } from '../model/errors.ts'
import { clockFrom, LaneFile } from '../history/appender.ts'
import type { ReaderRecord } from '../history/records.ts'
import { finish, takeOrders, tell } from './client-process.ts'
import { readerOf } from './readers.ts'
import type { ReadRecord } from './readers.ts'
import type { ReaderLane } from './messages.ts'
import { decode } from './payload.ts'

/** Lanes read at once. */
const lanesAtOnce = 4

async function readLane(lane: ReaderLane, process: string, now: () => number): Promise<void> {
  const file = new LaneFile(lane.file, { lane: lane.lane, role: 'reader', process, client: lane.client })
  const read = readerOf(lane.client)
  try {
    for (const { p, ...until } of lane.partitions) {
      const onRecords = (records: ReadRecord[]) => {
        const t = now()
        const found = records.filter(record => !record.control).map(record => toRecord(record, lane.lane, p, t))
        if (found.length > 0) file.append(...found)
      }
      const end = await read({ ...lane, p, ...until, onRecords })
      file.append({ op: 'end', p, o: end, t: now() })
    }
  } finally {
    file.close()
  }
}

function toRecord(record: ReadRecord, lane: string, p: number, t: number): ReaderRecord {
  const at = { p, o: record.offset, ...(record.epoch === undefined ? {} : { e: record.epoch }), t }
  const decoded = decode(record.value, lane)
  if (decoded.kind === 'message') return { op: 'stored', s: decoded.s, ...at }
  return decoded.kind === 'fence' ? { op: 'fence', ...at } : { op: 'stored', ...at, c: decoded.kind }
}

takeOrders({
  async start(config) {
    if (config.role !== 'reader') throw new Error(`a ${config.role} was started as reader`)
    const now = clockFrom(config.t0)
    tell({ type: 'ready' })
    const failures: string[] = []
    const waiting = [...config.lanes]
    const worker = async () => {
      for (let lane = waiting.shift(); lane; lane = waiting.shift()) {
        // A partition without an end makes its own lane inconclusive, not the others.
        await readLane(lane, config.process, now).catch((error: unknown) => failures.push(messageOf(error)))
      }
    }
    await Promise.all(Array.from({ length: lanesAtOnce }, worker))
    finish({ type: 'done', lanes: {}, failures })
  },
  stop: async () => process.exit(0),
})
