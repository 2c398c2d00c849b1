/**
 * A record of a lane as the checker takes it: one object that is filled again for every line, since millions of short-lived
 * records a second would be garbage. What the checker does not judge by (`n`, `d`, the text of most codes) is not in it.
 */
import type { LaneRecord } from './records.ts'

export type LineMark = '' | 'corrupt' | 'foreign' | 'suppressed'

export class Line {
  op: LaneRecord['op'] = 'sent'
  /** Numbers that are absent are -1. */
  s = -1
  p = -1
  o = -1
  e = -1
  t = 0
  /** The code, where it is one that says what the record is. */
  mark: LineMark = ''

  /** Takes over a record that was parsed in the ordinary way. */
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
