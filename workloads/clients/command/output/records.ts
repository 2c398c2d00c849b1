/**
 * The format `records`: the records of lane files, with `t` left out or given, and the two lines `ready` and `paused` that
 * are no records. What is wrong with a line is reported at once, so that the history stays valid.
 */
import { backwardsToleranceMs } from '../../../../history/file-order.ts'
import type { LaneRecord } from '../../../../history/records.ts'
import { parseRecord } from '../../../../history/shapes.ts'
import { objectOf, wrong } from './translator.ts'
import type { Meaning, Translator } from './translator.ts'

const shownChars = 120
/** Records of the harness itself. */
const reserved: ReadonlySet<string> = new Set(['group-offset'])

export class RecordLines implements Translator {
  readonly #role: 'producer' | 'consumer'
  readonly #firstNumber: number
  /** Numbers of the messages that this process has sent. */
  readonly #sent = new Set<number>()
  #latest = 0

  constructor(role: 'producer' | 'consumer', firstNumber = 0) {
    this.#role = role
    this.#firstNumber = firstNumber
  }

  take(line: string, now: number): Meaning {
    const found = objectOf(line)
    if (!found)
      return wrong(
        `not a JSON object: ${JSON.stringify(line.slice(0, shownChars))}. Standard output is for records; write ` +
          'everything else to standard error',
      )
    const { op } = found
    if (op === 'ready') return { records: [], says: 'ready' }
    if (op === 'paused') return { records: [], says: 'paused' }
    const record = parseRecord(found['t'] === undefined ? JSON.stringify({ ...found, t: now }) : line, this.#role)
    if (typeof record === 'string') return wrong(record)
    const refused = this.#refusal(record, now)
    if (refused !== undefined) return wrong(refused)
    this.#latest = Math.max(this.#latest, record.t)
    if (record.op === 'sent') this.#sent.add(record.s)
    return { records: [record] }
  }

  #refusal(record: LaneRecord, now: number): string | undefined {
    const { op, t } = record
    if (reserved.has(op)) return `"${op}" is written by Lossproof itself`
    if (t > now + backwardsToleranceMs)
      return `t is ${Math.round(t - now)} ms in the future; it counts from t0, on the monotonic clock`
    if (t < this.#latest - backwardsToleranceMs)
      return `t runs backwards by ${Math.round(this.#latest - t)} ms; without t, the line gets the time when it is read`
    if (op === 'sent') {
      if (record.s < this.#firstNumber && (record.n ?? 1) === 1)
        return `message ${record.s} is sent, but firstNumber is ${this.#firstNumber}`
      return undefined
    }
    const isAnswer = op === 'acked' || op === 'rejected' || op === 'unknown'
    return isAnswer && !this.#sent.has(record.s)
      ? `"${op}" for message ${record.s}, for which this process has printed no "sent"`
      : undefined
  }
}
