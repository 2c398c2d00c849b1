/**
 * Reads a lane file as fast as its bytes arrive: as `readLaneFile`, but without an object for each record. Lines that the
 * scanner does not take are parsed in the ordinary way, so both functions accept and refuse the same files with the same
 * messages.
 */
import { closeSync, readSync } from 'node:fs'
import { FileOrder } from '../file-order.ts'
import { Line } from '../line.ts'
import { longestLineBytes, openHistoryFile } from '../open-file.ts'
import { broken, isComplete, parseHeader, recordOf, tooLong } from '../reader.ts'
import type { LaneHeader } from '../records.ts'
import { paddingBytes, RecordScanner } from './record-scanner.ts'

/** Fits into the cache of one processor core, together with what the checker writes. */
const blockBytes = 262_144
const lineEnd = 10

/**
 * Calls `onHeader` first, then `onLine` for each record. A text that `onLine` returns says what is wrong with the record.
 * The same `Line` object is filled again for each record. Returns undefined for a file without a header: its process was
 * killed before it wrote one. Throws LossproofError('history').
 */
export function scanLaneFile(
  path: string,
  onHeader: (header: LaneHeader) => void,
  onLine: (line: Line) => string | undefined,
): LaneHeader | undefined {
  const fd = openHistoryFile(path)
  let block = Buffer.allocUnsafe(blockBytes)
  let used = 0
  let file: OpenFile | undefined
  try {
    for (;;) {
      if (used === block.length - paddingBytes) {
        if (used > longestLineBytes) throw tooLong(path, (file?.lines ?? 0) + 1)
        block = Buffer.concat([block], block.length * 2)
      }
      const read = readSync(fd, block, used, block.length - paddingBytes - used, null)
      used += read
      if (read === 0) break
      const whole = block.subarray(0, used).lastIndexOf(lineEnd) + 1
      if (whole === 0) continue
      let at = 0
      if (file === undefined) {
        at = block.indexOf(lineEnd) + 1
        const header = parseHeader(path, block.toString('utf8', 0, at - 1))
        onHeader(header)
        file = new OpenFile(path, header, onLine)
      }
      file.take(block, at, whole)
      block.copy(block, 0, whole, used)
      used -= whole
    }
  } finally {
    closeSync(fd)
  }
  const rest = block.toString('utf8', 0, used)
  if (!isComplete(path, rest, file?.lines ?? 0)) return file?.header
  if (file === undefined) {
    const header = parseHeader(path, rest)
    onHeader(header)
    return header
  }
  const last = Buffer.from(`${rest}\n`)
  file.take(Buffer.concat([last], last.length + paddingBytes), 0, last.length)
  return file.header
}

class OpenFile {
  readonly header: LaneHeader
  /** Lines taken, including the header. */
  lines = 1
  readonly #path: string
  readonly #scanner: RecordScanner
  readonly #order: FileOrder
  readonly #line = new Line()
  readonly #onLine: (line: Line) => string | undefined

  constructor(path: string, header: LaneHeader, onLine: (line: Line) => string | undefined) {
    this.header = header
    this.#path = path
    this.#scanner = new RecordScanner(header.role)
    this.#order = new FileOrder(header.role)
    this.#onLine = onLine
  }

  /** Takes the complete lines of `block` from `from` to `to`. `paddingBytes` follow them. */
  take(block: Buffer, from: number, to: number): void {
    const line = this.#line
    const scanner = this.#scanner
    scanner.use(block)
    for (let at = from; at < to;) {
      this.lines += 1
      const next = scanner.scan(at, line)
      if (next < 0) {
        const end = block.indexOf(lineEnd, at)
        line.takeOver(recordOf(this.#path, this.lines, block.toString('utf8', at, end), this.header.role))
        at = end + 1
      } else at = next
      const wrong = this.#order.breach(line) ?? this.#onLine(line)
      if (wrong !== undefined) throw broken(this.#path, this.lines, wrong)
    }
  }
}
