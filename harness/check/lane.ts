/**
 * The checker of one lane. It takes the records of all files, in any order of files and in one pass, and returns the outcome
 * of every message.
 *
 * Model. A message is one number. The final log is what a fresh reader got from every partition, from the log start to the
 * stable end offset, after the declared recovery. It is complete when every partition that any record names has an end, was
 * read after the last send and answer and, in a run, with nothing behind the fence that all replicas had acknowledged. Only
 * then is an acknowledged message that is absent lost; otherwise it is unaccounted. A message that no consumer processed
 * was skipped when the group's committed offset, as the broker reports it at the end, has passed it; else the consumer
 * stalled before it. What was seen stays certain, however incomplete the rest is.
 *
 * A producer whose file says `sends: unrecorded` reports only how its sends ended: see unrecorded-sends.ts.
 *
 * model/outcomes.ts defines all outcomes and marks. Limits: the checker cannot see what the reader's client hides, so the
 * reader uses another library than the writer where it can. One consumer group a lane.
 */
import { Line } from '../../history/line.ts'
import type { LaneHeader, LaneRecord } from '../../history/records.ts'
import { BroadcastInstances } from './broadcast.ts'
import { judgeConsumer, judgeExpired, keepLatest } from './consumed.ts'
import type { OffsetAt } from './consumed.ts'
import { countMessages } from './counts.ts'
import { FinalLogs, mostPartitions, tooManyPartitions } from './final-log/final-logs.ts'
import { finalLogGaps, lateStarts } from './final-log/gaps.ts'
import { UntrueAcks } from './final-log/untrue-acks.ts'
import type { LaneContext, LaneResult } from './lane-result.ts'
import { Outputs } from './outputs.ts'
import { ProcessingOrder, SendOrder } from './order.ts'
import { setOutcomes } from './set-outcomes.ts'
import { Attempts } from './table/attempts.ts'
import { flag, largestNumber, MessageTable, side } from './table/table.ts'
import { sentTwice, UnrecordedSends } from './unrecorded-sends.ts'

/** The process that records the group's offsets as the broker reports them. It is no consumer, although its file has that role. */
export const observerProcess = 'observer-1'

export class LaneCheck {
  readonly #table = new MessageTable()
  readonly #logs = new FinalLogs(this.#table)
  readonly #instances: BroadcastInstances | undefined
  /** The group's latest offset as the broker reported it, by partition. */
  readonly #groupOffsets = new Map<number, OffsetAt>()
  /** The last commit that a consumer recorded, by partition. */
  readonly #commits = new Map<number, OffsetAt>()
  /** Partitions that producers, and consumers, name. */
  readonly #producedTo = new Set<number>()
  readonly #consumedFrom = new Set<number>()
  readonly #processes = new Set<string>()
  readonly #line = new Line()
  readonly #attempts = new Attempts(this.#table)
  readonly #unrecorded = new UnrecordedSends(this.#table, this.#attempts)
  readonly #sends = new SendOrder(this.#table)
  readonly #processing = new ProcessingOrder()
  readonly #outputs = new Outputs(this.#table)
  #awaits = true
  #lastProducedAt = -1
  #lastPartition = -1
  /** Row of the message that was answered last. */
  #lastAnswered = -1
  #hasConsumer = false
  #hasReader = false
  #delivered = false
  #failures = 0
  #deadLettered = 0

  /** `broadcasting`: each consumer process gets every message, and is judged by its own progress. */
  constructor({ broadcasting = false }: { broadcasting?: boolean } = {}) {
    this.#instances = broadcasting ? new BroadcastInstances(this.#table) : undefined
  }

  /** A file begins. Returns what is wrong with it. */
  begin({ role, process, sends, awaits }: LaneHeader): string | undefined {
    this.#endFile()
    this.#unrecorded.begin(sends)
    if (this.#processes.has(process)) return `another file of the lane is of process "${process}" too`
    this.#processes.add(process)
    if (role === 'producer') {
      this.#sends.begin(process)
      if (awaits === false) this.#awaits = false
    }
    if (role === 'consumer' && process !== observerProcess) {
      this.#hasConsumer = true
      this.#processing.begin()
      this.#instances?.begin(process)
    }
    if (role === 'reader') this.#hasReader = true
    if (role === 'output') this.#outputs.present = true
    return undefined
  }

  /** Takes one record. Returns what is wrong with it, given the records before it. */
  add(record: LaneRecord): string | undefined {
    return this.take(this.#line.takeOver(record))
  }

  /** As `add`, for a line. The line is not kept. */
  take(line: Line): string | undefined {
    const { s } = line
    if (s > largestNumber) return `message number ${s} is beyond ${largestNumber}`
    switch (line.op) {
      case 'sent':
        return this.#sent(line)
      case 'acked':
        return this.#answered(line, flag.acked)
      case 'rejected':
        return this.#answered(line, flag.rejected)
      case 'unknown':
        return this.#answered(line, flag.unknown)
      case 'spooled':
      case 'unspooled':
        this.#table.spooled(this.#table.rowOf(s), line.op === 'spooled', line.t)
        return undefined
      case 'start':
      case 'stored':
      case 'fence':
      case 'end':
        return this.#logs.take(line)
      case 'group-offset':
        this.#hasConsumer = true
        keepLatest(this.#groupOffsets, line)
        return this.#names(this.#consumedFrom, line.p)
      case 'committed':
        this.#instances?.committed(line.p, line.o)
        keepLatest(this.#commits, line)
        return this.#names(this.#consumedFrom, line.p)
      case 'processed':
      case 'parked':
      case 'delivered':
      case 'failed':
        return this.#consumed(line)
      case 'came-out':
      case 'seen-out':
      case 'output-end':
        return this.#outputs.take(line)
      case 'gave-up':
        return undefined
    }
  }

  /** The outcome of every message. Called once, after the last record. */
  finish(context: LaneContext): LaneResult {
    this.#endFile()
    this.#unrecorded.finish()
    const table = this.#table
    const logs = this.#logs.byPartition
    const hasConsumer = this.#hasConsumer || context.consumer === true
    const logGaps = this.#hasReader ? this.#gaps(context) : ['the final log was not read']
    const isRead = logGaps.length === 0
    const untrue = isRead && context.epochs ? new UntrueAcks(table, logs, context.epochs) : undefined
    logGaps.push(...setOutcomes(table, logs, { ...context, awaits: this.#awaits, isRead, untrue }))
    this.#sends.judge(logs)
    // Where some output is not known, an input that seems absent may be there.
    const outputGaps = this.#outputs.judge(logs, context.output)
    const isKnown = hasConsumer && outputGaps.length === 0
    const drain =
      isKnown && !this.#instances ? judgeConsumer(table, logs, this.#groupOffsets, this.#commits) : undefined
    if (isKnown) judgeExpired(table)
    const counts = countMessages(table, logs.values())
    counts.failures = this.#failures
    counts.deadLettered = this.#deadLettered
    counts.ahead = drain?.ahead ?? 0
    if (hasConsumer && this.#instances) Object.assign(counts, this.#instances.judge(logs))
    return {
      table,
      complete: logGaps.length === 0,
      gaps: [...logGaps, ...outputGaps, ...(drain?.gaps ?? [])],
      outputs: this.#outputs.present || context.output ? this.#outputs : undefined,
      hasConsumer,
      producers: this.#sends.producers,
      logs,
      delivered: this.#delivered || this.#outputs.any,
      answeredWith: context.answeredWith ?? new Map(),
      poisoned: row =>
        table.has(row, flag.sent) &&
        table.copies.get(row) > 0 &&
        (table.numberOf(row) + 1) % (context.poisonEvery ?? Infinity) === 0,
      counts,
    }
  }

  #sent(line: Line): string | undefined {
    const { s, p, t, n } = line
    const table = this.#table
    if (this.#unrecorded.inFile) return 'a "sent" in a file whose header says that sends are unrecorded'
    const row = table.rowOf(s)
    if (n === 1) {
      if (table.has(row, flag.first) && !table.has(row, flag.inFile)) return sentTwice(s)
      table.mark(row, flag.first)
    }
    this.#sends.sent(row, line)
    this.#attempts.sent(row, n, t)
    table.sent(row, line)
    if (t > this.#lastProducedAt) this.#lastProducedAt = t
    return this.#names(this.#producedTo, p)
  }

  /** `answer` is the flag of the answer. */
  #answered(line: Line, answer: number): string | undefined {
    const { s, p, t, n } = line
    // Answers mostly come in the order of sends.
    const row = this.#table.rowOf(s, this.#lastAnswered)
    this.#lastAnswered = row
    const wrong = this.#unrecorded.inFile ? this.#unrecorded.answered(row, line) : undefined
    if (wrong !== undefined) return wrong
    const sentAt = this.#attempts.answered(row, n)
    if (sentAt === undefined) return `an answer for message ${s}, which was never sent`
    this.#table.answered(row, answer, line, sentAt)
    if (t > this.#lastProducedAt) this.#lastProducedAt = t
    return p < 0 ? undefined : this.#names(this.#producedTo, p)
  }

  #consumed(line: Line): string | undefined {
    this.#delivered = true
    if (line.op !== 'delivered') this.#handled(line)
    return this.#names(this.#consumedFrom, line.p)
  }

  /** A handler has processed, parked or failed at a message. */
  #handled({ op, s, p, o, mark }: Line): void {
    const table = this.#table
    const row = table.rowOf(s)
    if (op === 'processed') {
      const hasEffect = mark !== 'suppressed'
      table.wasProcessed(row, hasEffect)
      if (hasEffect && this.#processing.isBehind(p, o)) table.setSide(row, side.outOfOrder)
      this.#instances?.done(row, 'processed')
    } else if (op === 'parked') {
      table.mark(row, flag.parked)
      this.#instances?.done(row, 'parked')
      if (mark === 'DLQ') {
        this.#deadLettered += 1
        table.setSide(row, side.deadLettered)
      }
    } else if (op === 'failed') {
      this.#failures += 1
      table.setSide(row, side.failed)
    }
  }

  /** A record names a partition, mostly the one that the record before it named. */
  #names(partitions: Set<number>, p: number): string | undefined {
    if (p === this.#lastPartition && partitions.has(p)) return undefined
    this.#lastPartition = p
    partitions.add(p)
    return partitions.size > mostPartitions ? tooManyPartitions : undefined
  }

  #gaps(context: LaneContext): string[] {
    const logs = this.#logs.byPartition
    // In a run consumers may also read from queues that are not the topic's, such as those of retries.
    const partitions = new Set(this.#producedTo)
    for (const p of this.#consumedFrom)
      if (context.partitions === undefined || p < context.partitions) partitions.add(p)
    const gaps = finalLogGaps(logs, { partitions, lastProducedAt: this.#lastProducedAt }, context)
    return context.fences === undefined ? [...gaps, ...lateStarts(this.#table, logs)] : gaps
  }

  #endFile(): void {
    this.#attempts.endFile()
    this.#logs.endFile()
  }
}
