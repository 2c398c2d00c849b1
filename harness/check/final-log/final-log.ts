/**
 * The final log of one partition as the reader saw it: which message is at which offset, in which leader epoch. A record is
 * stored as the distance to the record before it, in two or three bytes; epochs are stored as runs. Instead of a message's
 * number its row is stored: neighbours in the log mostly have neighbouring rows, also where numbers are scattered.
 */

import { lastWhere } from '../table/last-where.ts'

/** Records between two marks, from which reading can start. */
const markEvery = 256
const smallestBytes = 64
const pageBytes = 65_536

interface Mark {
  /** Page and byte at which the record after `offset` starts. */
  page: number
  byte: number
  offset: number
  row: number
}

/** Stands for a fence in place of a message's row, and of its number. */
export const fence = -1
/** A corrupt payload, or one that is not of this lane. It may have been any message once. */
export const unreadable = -2

export interface StoredRecord {
  /** A message's number, `fence` or `unreadable`. */
  s: number
  epoch: number
}

/** Where the numbers of messages are known. */
export interface Rows {
  numberOf: (row: number) => number
}

export class StoredLog {
  length = 0
  /** The log start offset that the reader was given; undefined: not recorded. */
  start: number | undefined
  /** Undefined until the reader reached the stable end; then with the time, ms. */
  end: number | undefined
  endedAt = -1
  firstOffset = -1
  lastOffset = -1
  /** Records with a wrong checksum, and records that are no messages of the lane. */
  corrupt = 0
  foreign = 0
  /** Records whose leader epoch is lower than that of a record before them. */
  staleEpochs = 0
  #highestEpoch = -1
  /** Whether a message stands behind one with a later row. */
  descends = false
  readonly fences: number[] = []
  /** The records whose epoch differs from the record before them. */
  readonly #epochStarts: { offset: number; epoch: number }[] = []
  /** The pages that are full; `#page` is being written. */
  readonly #pages: Uint8Array[] = []
  #page = new Uint8Array(smallestBytes)
  #used = 0
  readonly #rows: Rows
  /** Row of the last message; the next one is stored as a distance from it. */
  lastRow = 0
  readonly #marks: Mark[] = []
  readonly #cursor = new Cursor()

  constructor(rows: Rows) {
    this.#rows = rows
  }

  /** `offset` is beyond the last one; `row` is that of a message, or `fence` or `unreadable`. */
  add(offset: number, row: number, epoch: number): void {
    if (this.length === 0) this.firstOffset = offset
    if (epoch >= 0 && epoch < this.#highestEpoch) this.staleEpochs += 1
    else if (epoch > this.#highestEpoch) this.#highestEpoch = epoch
    if (this.#epochStarts.length === 0 || this.#epochStarts.at(-1)?.epoch !== epoch)
      this.#epochStarts.push({ offset, epoch })
    if (this.length % markEvery === 0)
      this.#marks.push({ page: this.#pages.length, byte: this.#used, offset: this.lastOffset, row: this.lastRow })
    this.#write(offset - this.lastOffset - 1)
    if (row < 0) this.#write(row === fence ? 0 : 1)
    else {
      const step = row - this.lastRow
      if (step < 0) this.descends = true
      this.#write((step < 0 ? -2 * step - 1 : 2 * step) + 2)
      this.lastRow = row
    }
    this.lastOffset = offset
    this.length += 1
  }

  /** A fence is a record too: `at` returns it. */
  addFence(offset: number, epoch: number): void {
    this.fences.push(offset)
    this.add(offset, fence, epoch)
  }

  /** The record at `offset`. Asking in the order of offsets is fastest. */
  at(offset: number): StoredRecord | undefined {
    if (offset > this.lastOffset || offset < 0) return undefined
    const cursor = this.#cursor
    const mark = this.#markBefore(offset)
    if (mark === undefined) return undefined
    if (cursor.offset > offset || cursor.offset < mark.offset || cursor.read === 0) cursor.start(mark)
    while (cursor.offset < offset) this.#advance(cursor)
    return cursor.offset === offset ? { s: this.#numberAt(cursor), epoch: this.#epochAt(offset) } : undefined
  }

  /** Calls `visit` for every record that is a message, in the order of offsets. */
  each(visit: (row: number, offset: number) => void): void {
    const cursor = new Cursor()
    for (let at = 0; at < this.length; at++) {
      this.#advance(cursor)
      if (cursor.row >= 0) visit(cursor.row, cursor.offset)
    }
  }

  /** The first record of a later epoch than `epoch`: where the next leader's log begins. */
  firstAfter(epoch: number): { offset: number; epoch: number } | undefined {
    return this.#epochStarts.find(start => start.epoch > epoch)
  }

  #epochAt(offset: number): number {
    return this.#epochStarts[lastWhere(this.#epochStarts, start => start.offset <= offset)]?.epoch ?? -1
  }

  #markBefore(offset: number): Mark | undefined {
    return this.#marks[lastWhere(this.#marks, mark => mark.offset < offset)]
  }

  #numberAt({ row }: Cursor): number {
    return row < 0 ? row : this.#rows.numberOf(row)
  }

  #advance(cursor: Cursor): void {
    cursor.offset += this.#read(cursor) + 1
    const code = this.#read(cursor)
    cursor.read += 1
    if (code < 2) cursor.row = code === 0 ? fence : unreadable
    else {
      const folded = code - 2
      cursor.last += folded % 2 === 0 ? folded / 2 : -(folded + 1) / 2
      cursor.row = cursor.last
    }
  }

  /** Seven bits a byte, lowest first. Numbers can exceed 2^32, so bit operators cannot be used. */
  #write(value: number): void {
    let rest = value
    for (; rest >= 128; rest = Math.floor(rest / 128)) this.#put(128 + (rest % 128))
    this.#put(rest)
  }

  #read(cursor: Cursor): number {
    let value = 0
    for (let weight = 1; ; weight *= 128) {
      let page = this.#pages[cursor.page] ?? this.#page
      if (cursor.byte === page.length) {
        cursor.page += 1
        cursor.byte = 0
        page = this.#pages[cursor.page] ?? this.#page
      }
      const byte = page[cursor.byte] ?? 0
      cursor.byte += 1
      if (byte < 128) return value + byte * weight
      value += (byte - 128) * weight
    }
  }

  #put(byte: number): void {
    if (this.#used === this.#page.length) {
      if (this.#page.length < pageBytes) {
        const larger = new Uint8Array(this.#page.length * 4)
        larger.set(this.#page)
        this.#page = larger
      } else {
        this.#pages.push(this.#page)
        this.#page = new Uint8Array(pageBytes)
        this.#used = 0
      }
    }
    this.#page[this.#used] = byte
    this.#used += 1
  }
}

class Cursor {
  page = 0
  byte = 0
  /** Offset of the record that was read last. */
  offset = -1
  /** The row of its message, `fence` or `unreadable`. */
  row = -1
  /** Row of the last message at or before it. */
  last = 0
  /** How many records were read. */
  read = 0

  start(mark: Mark): void {
    this.page = mark.page
    this.byte = mark.byte
    this.offset = mark.offset
    this.last = mark.row
    this.row = -1
    this.read = 0
  }
}
