/** What a lie is: a system that misbehaves in one way, and the counts and the verdict that the checker must give. */
import type { LaneRecord } from '../../../history/records.ts'
import type { Counts, VerdictWord } from '../../../model/verdict.ts'
import type { Lies, Script, Slot } from './fake.ts'
import { honest, phaseOf } from './fake.ts'

export interface Lie {
  /** What the system does wrong, as a clause for the table. */
  title: string
  part: 'broker' | 'client' | 'consumer' | 'reader' | 'harness'
  script?: Partial<Script>
  /** The lie. `s`: the message it concerns, where it concerns one. */
  lies: (s: number, script: Script) => Lies
  caught: Caught
}

export interface Caught {
  /** `refused`: the history contradicts itself; an error names file and line instead of a verdict. */
  verdict: VerdictWord | 'refused'
  /** Counts that the verdict must have. */
  counts?: Partial<Counts>
  /** A part of a reason, or of the refusal. */
  says?: string
  place?: 'head' | 'middle' | 'tail' | 'all'
}

export const scriptOf = (lie: Lie): Script => ({ ...honest, ...lie.script })

/** The message that a lie concerns by default: one after the failover. */
export const targetOf = (script: Script): number =>
  Array.from({ length: script.messages }, (_, s) => s).find(
    s => phaseOf(s, script) === 'after' && s > script.messages / 2 + 2,
  ) ?? 0

/** Messages for which `gone` is true are missing from the final log. */
export const drop = (gone: (s: number) => boolean): Lies => ({ log: slots => slots.filter(({ s }) => !gone(s)) })
export const swapped = (slots: Slot[], s: number, mark: 'corrupt' | 'foreign'): Slot[] =>
  slots.map(slot => (slot.s === s ? { ...slot, mark } : slot))

/** Scripts that several lies start from. */
export const consumer: Partial<Script> = { consumer: true }
export const cut: Partial<Script> = { unsafe: true, expect: { lost: 'acked-in(cut)' } }
export const one: Partial<Script> = { partitions: 1 }

export const isOf = (record: LaneRecord, op: LaneRecord['op'], s: number) =>
  record.op === op && 's' in record && record.s === s
