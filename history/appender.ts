/**
 * Writes history: one JSON object a line, appended with write(2). When `append` has returned, the lines are in the kernel
 * and survive a SIGKILL of the process.
 */
import { closeSync, mkdirSync, openSync, writeSync } from 'node:fs'
import { dirname } from 'node:path'
import type { EventBody } from './events.ts'
import type { LaneHeader, LaneRecord } from './records.ts'

class LineFile {
  #fd: number | undefined

  constructor(path: string) {
    mkdirSync(dirname(path), { recursive: true })
    this.#fd = openSync(path, 'a')
  }

  write(lines: string): void {
    if (this.#fd === undefined) throw new Error('append to a history file that is already closed')
    const bytes = Buffer.from(lines, 'utf8')
    // write(2) may write a part of the buffer. A full disk throws.
    for (let at = 0; at < bytes.length;) at += writeSync(this.#fd, bytes, at)
  }

  close(): void {
    if (this.#fd !== undefined) closeSync(this.#fd)
    this.#fd = undefined
  }
}

/** The file in which one process writes about one lane. */
export class LaneFile {
  readonly #file: LineFile
  /** Lines that the next write takes along, at the latest at the end of this turn of the event loop. */
  #waiting = ''

  constructor(path: string, header: LaneHeader) {
    this.#file = new LineFile(path)
    this.#file.write(`${JSON.stringify(header)}\n`)
  }

  /** Appends the records with one write(2). */
  append(...records: LaneRecord[]): void {
    const lines = this.#waiting + linesOf(records)
    this.#waiting = ''
    this.#file.write(lines)
  }

  /**
   * As `append`, but records of the same turn of the event loop share one write(2). For answers, which arrive many at a time.
   * If the process is killed before the write, the answers count as not received.
   */
  appendSoon(records: readonly LaneRecord[]): void {
    if (this.#waiting === '') setImmediate(() => this.flush())
    this.#waiting += linesOf(records)
  }

  /** Writes the lines that `appendSoon` holds back. */
  flush(): void {
    if (this.#waiting !== '') this.append()
  }

  close(): void {
    this.flush()
    this.#file.close()
  }
}

function linesOf(records: readonly LaneRecord[]): string {
  let lines = ''
  for (const record of records) lines += `${JSON.stringify(record)}\n`
  return lines
}

/** events.jsonl of one trial, and the trial's clock. */
export class EventLog {
  /** The trial's beginning on the machine's monotonic clock: nanoseconds as a decimal number. */
  readonly t0: string
  readonly now: () => number
  readonly #file: LineFile

  constructor(path: string) {
    this.t0 = String(process.hrtime.bigint())
    this.now = clockFrom(this.t0)
    this.#file = new LineFile(path)
  }

  write(event: EventBody): void {
    this.#file.write(`${JSON.stringify({ t: this.now(), ...event })}\n`)
  }

  close(): void {
    this.#file.close()
  }
}

/** Milliseconds since `t0` with microseconds, on the clock that all processes of a machine share. */
export function clockFrom(t0: string): () => number {
  const zero = BigInt(t0)
  return () => Number((process.hrtime.bigint() - zero) / 1000n) / 1000
}
