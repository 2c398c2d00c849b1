/** Turns the files of a broker's commit log into an extract for each queue that is asked for. */
import { setImmediate as nextTurn } from 'node:timers/promises'
import { decode } from '../../../workloads/payload.ts'
import type { Run } from '../../../history/replicas.ts'
import { noMessage, RunBuilder, unknownMessage } from '../../shared/record-runs.ts'
import { readFile } from './commit-log.ts'
import type { LogMessage } from './commit-log.ts'

/** `00000000000016777216`: a file whose first byte is 16777216. */
const fileName = /^\d{20}$/
/** After so many messages the reader yields, so that others can run. */
const messagesAtOnce = 2000
const noEpoch = -1

export const logFile = (base: number): string => String(base).padStart(20, '0')

/** A queue of a lane's topic. */
export interface AskedQueue {
  lane: string
  p: number
  topic: string
  queueId: number
}

export interface QueueContent {
  /** First queue offset, and the offset after the last; equal in an empty queue. */
  start: number
  end: number
  runs: Run[]
  /** For each run the bytes of the log from its first message to its last; absent where runs were too many. */
  bytes?: [from: number, to: number][]
  /** The queue offset at which each master epoch begins. */
  epochs: [epoch: number, offset: number][]
}

export interface CommitLogContent {
  /** End of the last complete message. */
  end: number
  /** Up to here the log is surely synced. */
  flushed: number
  queues: { queue: AskedQueue; content: QueueContent }[]
  partial?: string
}

export interface LogOptions {
  /** Files of the log by name, each up to its last message or further. */
  files: ReadonlyMap<string, Buffer>
  queues: readonly AskedQueue[]
  /** Master epochs and the bytes at which they begin, in order. */
  epochs: readonly (readonly [epoch: number, from: number])[]
  /** The end of the log as the broker reports it. Bytes behind it may be old ones that were truncated. Undefined: not reported. */
  reportedEnd: number | undefined
  /** Store time of the newest message that is surely synced, ms; 0 when none is. */
  syncedAt: number
  /** The broker is down. When it starts it discards everything behind a broken message. */
  isDown: boolean
}

/**
 * A truncated log (of a deposed master) keeps the old bytes behind its new end, and they can look like later messages. The
 * end that the broker reports separates them; without it a store time that goes back does, since store times only grow.
 */
export async function readLog({
  files,
  queues,
  epochs,
  reportedEnd,
  syncedAt,
  isDown,
}: LogOptions): Promise<CommitLogContent> {
  const readers = new Map(queues.map(queue => [keyOf(queue), new QueueReader(queue)]))
  const bases = [...files.keys()]
    .filter(name => fileName.test(name))
    .map(Number)
    .toSorted((a, b) => a - b)
  let [end, flushed, newest, count] = [bases[0] ?? 0, 0, 0, 0]
  let partial = end > 0 ? `bytes before ${end} are missing` : undefined
  for (const base of bases) {
    if (base !== end) break
    const messages = readFile(files.get(logFile(base)) ?? Buffer.alloc(0), base)
    let next = messages.next()
    for (; next.done !== true; next = messages.next()) {
      const message = next.value
      if (reportedEnd !== undefined && message.to > reportedEnd) return done()
      if (reportedEnd === undefined && message.storeTimeMs < newest) {
        partial ??= `store times go back at byte ${end}: messages from there on may be old ones`
        return done()
      }
      newest = Math.max(newest, message.storeTimeMs)
      readers.get(`${message.queueId} ${message.topic}`)?.add(message, epochAt(epochs, message.from))
      end = message.to
      // Messages of the same millisecond may be synced only in part.
      if (message.storeTimeMs < syncedAt) flushed = end
      if (++count % messagesAtOnce === 0) await nextTurn()
    }
    if (next.value.how === 'broken' && !isDown) partial ??= `invalid bytes behind byte ${next.value.end}`
    if (next.value.how !== 'full') break
    if (files.has(logFile(next.value.end))) end = next.value.end
  }
  return done()

  function done(): CommitLogContent {
    const read = [...readers.values()].map(reader => ({ queue: reader.queue, content: reader.content(epochs) }))
    return { end, flushed, queues: read, ...(partial === undefined ? {} : { partial }) }
  }
}

class QueueReader {
  readonly queue: AskedQueue
  readonly #runs = new RunBuilder()
  #bytes: [number, number][] | undefined = []
  #start: number | undefined
  #end = 0
  /** The first queue offset at or behind each epoch's first byte. */
  readonly #begins = new Map<number, number>()

  constructor(queue: AskedQueue) {
    this.queue = queue
  }

  add(message: LogMessage, epoch: number): void {
    if (!message.isQueued) return
    const { queueOffset, from, to } = message
    const before = this.#runs.runs.length
    this.#runs.add(queueOffset, epoch, numberOf(message, this.queue.lane))
    this.#place(before, from, to)
    this.#start ??= queueOffset
    this.#end = Math.max(this.#end, queueOffset + 1)
    if (!this.#begins.has(epoch)) this.#begins.set(epoch, queueOffset)
  }

  content(epochs: LogOptions['epochs']): QueueContent {
    return {
      start: this.#start ?? 0,
      end: this.#end,
      runs: this.#runs.runs,
      ...(this.#bytes ? { bytes: this.#bytes } : {}),
      epochs: epochs.map(([epoch], at) => [epoch, this.#beginOf(epochs.slice(at))]),
    }
  }

  /** For an epoch without messages: the offset of the next epoch, or the end of the queue. */
  #beginOf(epochs: LogOptions['epochs']): number {
    for (const [epoch] of epochs) {
      const begin = this.#begins.get(epoch)
      if (begin !== undefined) return begin
    }
    return this.#end
  }

  #place(before: number, from: number, to: number): void {
    const after = this.#runs.runs.length
    const last = this.#bytes?.at(-1)
    if (after === before + 1) this.#bytes?.push([from, to])
    else if (after === before && last) last[1] = to
    else this.#bytes = undefined
  }
}

const keyOf = ({ queueId, topic }: AskedQueue) => `${queueId} ${topic}`

function epochAt(epochs: LogOptions['epochs'], byte: number): number {
  return epochs.findLast(([, from]) => from <= byte)?.[0] ?? noEpoch
}

function numberOf(message: LogMessage, lane: string): number {
  const body = message.body()
  if (!body) return unknownMessage
  const decoded = decode(body, lane)
  if (decoded.kind === 'message') return decoded.s
  // A corrupt record may have been any message.
  return decoded.kind === 'corrupt' ? unknownMessage : noMessage
}
