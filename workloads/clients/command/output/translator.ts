import type { LaneRecord } from '../../../../history/records.ts'

/** What one line of a client's output means. */
export interface Meaning {
  /** Records for the lane file, in this order. */
  records: readonly LaneRecord[]
  /** `ready`: connected. `paused`: no further send begins. `complete`: everything has been printed. */
  says?: 'ready' | 'paused' | 'complete'
  /** What is wrong with the line. */
  wrong?: string
}

/** Understands one output format. */
export interface Translator {
  /** `now`: when the line was read, ms since the trial began. */
  take(line: string, now: number): Meaning
}

export const nothing: Meaning = { records: [] }
export const wrong = (text: string): Meaning => ({ records: [], wrong: text })

/** A line as JSON; undefined when it is not an object. */
export function objectOf(line: string): Record<string, unknown> | undefined {
  try {
    const value: unknown = JSON.parse(line)
    return typeof value === 'object' && value !== null && !Array.isArray(value)
      ? (value as Record<string, unknown>)
      : undefined
  } catch {
    return undefined
  }
}
