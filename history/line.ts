/**
 * A record of a lane as the checker takes it: one object that is filled again for every line, because millions of
 * short-lived objects a second would cost more than the check. It leaves out what the checker does not use (`d`, the text
 * of most codes).
 */
import type { LaneRecord } from './records.ts'

export type LineMark = '' | 'corrupt' | 'foreign' | 'suppressed' | 'DLQ' | 'uncorrelated'

export class Line {
  op: LaneRecord['op'] = 'sent'
  /** Absent numbers are -1. */
  s = -1
  p = -1
  o = -1
  e = -1
  /** Number of the attempt. */
  n = 1
  t = 0
  /** The code, where it changes what the record means. */
  mark: LineMark = ''

  /** Fills the line from a record that JSON.parse has read. */
  takeOver(record: LaneRecord): this {
    this.op = record.op
    this.s = 's' in record ? (record.s ?? -1) : -1
    this.p = 'p' in record ? (record.p ?? -1) : -1
    this.o = 'o' in record ? (record.o ?? -1) : -1
    this.e = 'e' in record ? (record.e ?? -1) : -1
    this.n = 'n' in record ? (record.n ?? 1) : 1
    this.t = record.t
    this.mark = 'c' in record ? markOf(record.op, record.c) : ''
    return this
  }
}

/** Codes that change what a record of this kind means. */
export const marksOf: Partial<Record<LaneRecord['op'], readonly LineMark[]>> = {
  stored: ['corrupt', 'foreign'],
  processed: ['suppressed'],
  parked: ['DLQ'],
  'came-out': ['uncorrelated', 'foreign'],
}

function markOf(op: LaneRecord['op'], code: string | undefined): LineMark {
  return marksOf[op]?.find(mark => mark === code) ?? ''
}
