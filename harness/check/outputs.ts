/**
 * What an application in the middle has written, as its harness read it: which inputs came out, how often, how late, and in
 * which order. Only what was read once the application was gone counts, behind a fence in every partition of its topic.
 *
 * An input is out of order when, in one partition of the output, a later input of its own partition stands before its first
 * copy. Copies beyond the first are counted as processed again, not as out of order.
 */
import type { Line } from '../../history/line.ts'
import type { StoredLog } from './final-log/final-log.ts'
import { timesProcessed } from './counts.ts'
import { flag, side } from './table/table.ts'
import type { MessageTable } from './table/table.ts'

/** What the plan says about the application of a lane. */
export interface ExpectedOutput {
  /** Partitions of the topic that it writes. */
  partitions: number
  /** ms; undefined: nothing is late. */
  withinMs?: number | undefined
  /** Where its output names an input, in words: `in the key`. */
  where: string
  /** The first record that names no input, in words; undefined where none was shown. */
  example?: string | undefined
  /** What the harness waited for in vain, in words: the application may have been at work when it was ended. */
  unfinished?: string | undefined
}

interface Output {
  row: number
  o: number
}

/** A record of the output. */
export interface OutputAt {
  p: number
  o: number
  /** ms */
  t: number
}

export class Outputs {
  /** The lane has files of an application's output. */
  present = false
  /** Where each input was seen in the output while the application ran, by row. */
  readonly seen = new Map<number, OutputAt>()
  /** When each input came out first, by row. */
  readonly first = new Map<number, OutputAt>()
  readonly #table: MessageTable
  readonly #byPartition = new Map<number, Output[]>()
  readonly #ended = new Set<number>()
  #records = 0
  #uncorrelated = 0
  #foreign = 0

  constructor(table: MessageTable) {
    this.#table = table
  }

  /** Takes a record of the output. Returns what is wrong with it. */
  take({ op, s, p, o, t, mark }: Line): string | undefined {
    if (op === 'output-end') {
      if (this.#ended.has(p)) return `a second end of partition ${p} of the output`
      this.#ended.add(p)
      return undefined
    }
    if (op === 'seen-out') {
      const row = this.#table.rowOf(s)
      if (!this.seen.has(row)) this.seen.set(row, { p, o, t })
      return undefined
    }
    if (this.#ended.has(p)) return `a record of partition ${p} of the output after its end`
    this.#records += 1
    if (mark === 'foreign') this.#foreign += 1
    else if (s < 0) this.#uncorrelated += 1
    else this.#cameOut(this.#table.rowOf(s), { p, o, t })
    return undefined
  }

  /** Some input came out. */
  get any(): boolean {
    return this.first.size > 0
  }

  #gaps(expected: ExpectedOutput | undefined): string[] {
    if (!this.present && expected === undefined) return []
    const partitions = expected?.partitions ?? Math.max(-1, ...this.#ended, ...this.#byPartition.keys()) + 1
    const unread = Array.from({ length: partitions }, (_, p) => p).filter(p => !this.#ended.has(p))
    const where = expected?.where ?? 'anywhere'
    const example = expected?.example === undefined ? '' : `; the first of them: ${expected.example}`
    const all = `${this.#records} record${this.#records === 1 ? '' : 's'} of the output`
    const unnamed = this.#uncorrelated + this.#foreign
    if (unread.length > 0) return [`partition ${unread.join(', ')} of the output was not read to its end`]
    if (expected?.unfinished !== undefined)
      return [`the application may have been at work when it was ended: ${expected.unfinished}`]
    if (this.#records === 0) return ['nothing came out: the output topic holds no record']
    if (unnamed === 0) return []
    const gaps: string[] = []
    if (this.#uncorrelated === this.#records) gaps.push(`none of the ${all} names an input ${where}${example}`)
    else if (this.#uncorrelated > 0) gaps.push(`${this.#uncorrelated} of ${all} name no input ${where}${example}`)
    if (this.#foreign > 0)
      gaps.push(`${this.#foreign} of ${all} name an input of another lane or of another trial ${where}${example}`)
    return gaps
  }

  /**
   * Marks inputs that came out late or out of order. Called once, when their outcomes are set. Returns why it cannot be said of
   * every input that is absent from the output that it never came out.
   */
  judge(logs: ReadonlyMap<number, StoredLog>, expected: ExpectedOutput | undefined): string[] {
    const table = this.#table
    const withinMs = expected?.withinMs
    if (withinMs !== undefined)
      for (const [row, { t }] of this.first) {
        const acked = table.ackedAt.get(row)
        const from = acked < 0 ? table.sentAt.get(row) : acked
        if (from >= 0 && t - from > withinMs && timesProcessed(table, row) > 0) table.setSide(row, side.late)
      }
    const inputs = inputsOf(logs, this.first)
    for (const outputs of this.#byPartition.values()) this.#judgeOrder(outputs, inputs)
    return this.#gaps(expected)
  }

  #judgeOrder(outputs: Output[], inputs: ReadonlyMap<number, { p: number; o: number }>): void {
    const highest = new Map<number, number>()
    const met = new Set<number>()
    for (const { row } of outputs.toSorted((a, b) => a.o - b.o)) {
      const input = inputs.get(row)
      if (!input || met.has(row)) continue
      met.add(row)
      const before = highest.get(input.p) ?? -1
      if (input.o < before) this.#table.setSide(row, side.outOfOrder)
      else highest.set(input.p, input.o)
    }
  }

  #cameOut(row: number, at: OutputAt): void {
    this.#table.wasProcessed(row, true)
    const known = this.first.get(row)
    if (known === undefined || at.t < known.t) this.first.set(row, at)
    const outputs = this.#byPartition.get(at.p)
    if (outputs) outputs.push({ row, o: at.o })
    else this.#byPartition.set(at.p, [{ row, o: at.o }])
  }
}

/** Where the first copy of each of these inputs is stored, by row. */
function inputsOf(
  logs: ReadonlyMap<number, StoredLog>,
  rows: ReadonlyMap<number, unknown>,
): Map<number, { p: number; o: number }> {
  const inputs = new Map<number, { p: number; o: number }>()
  for (const [p, log] of [...logs].toSorted(([a], [b]) => a - b))
    log.each((row, o) => {
      if (rows.has(row) && !inputs.has(row)) inputs.set(row, { p, o })
    })
  return inputs
}

/** Inputs that came out late. */
export const isLate = (table: MessageTable, row: number): boolean =>
  table.has(row, flag.sent) && table.hasSide(row, side.late)
