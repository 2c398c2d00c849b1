/**
 * A record of a lane as the checker takes it: one object that is filled again for every line, because millions of
 * short-lived objects a second would cost more than the check. It leaves out what the checker does not use (`d`, the text
 * of most codes).
 */
import type { LaneRecord } from './records.ts'

export type LineMark = '' | 'corrupt' | 'foreign' | 'suppressed'

export class Line {
  op: LaneRecord['op'] = 'sent'
  /** Absent numbers are -1. */
  s = -1
  p = -1
  o = -1
  e = -1
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
    this.t = record.t
    this.mark = (record.op === 'stored' || record.op === 'processed') && record.c !== undefined ? record.c : ''
    return this
  }
}
