/**
 * Figures of a cell that a comparison watches. A cell can hold while they get much worse: an outage ten times as long, or
 * hundreds of duplicates that no expectation mentions.
 */
import type { CellVerdict } from '../../../model/verdict.ts'
import { countDefinitions } from '../words/counts.ts'
import { duration, number } from '../words/numbers.ts'

export interface Figure {
  /** `duplicates`, `longest outage`. */
  name: string
  value: number
  unit: 'messages' | 'ms' | 'per second'
  /** For messages: the number that `value` is part of, or that it goes with. */
  of?: number
}

/** A figure of the second run that is much worse than in the first one. */
export interface WorseFigure {
  name: string
  before: number
  after: number
  /** `longest outage 3.1 s → 31.0 s`. */
  text: string
}

/** Figures count as worse from this factor on. Two runs of the same settings often differ by less. */
const worseFactor = 2
/** Smaller differences are noise, whatever the factor is. */
const smallestDifference: Record<Figure['unit'], number> = { messages: 5, ms: 1000, 'per second': 50 }

export function figuresOf({ counts, recovery, load }: Pick<CellVerdict, 'counts' | 'recovery' | 'load'>): Figure[] {
  const time = (name: string, ms: number | undefined): Figure[] =>
    ms === undefined ? [] : [{ name, value: ms, unit: 'ms' }]
  return [
    ...countDefinitions.map(({ count, of }): Figure => ({
      name: count,
      value: counts[count],
      unit: 'messages',
      of: counts[of?.count ?? 'sent'],
    })),
    ...time('longest outage', recovery.unavailableMs),
    ...time('time to first acknowledgement', recovery.firstAckMs),
    ...(load.ackedPerSec === undefined
      ? []
      : [{ name: 'throughput', value: load.ackedPerSec, unit: 'per second' } as const]),
  ]
}

/** Figures that are at least twice as bad, relative to the number of messages of each run. */
export function worseFigures(before: readonly Figure[], after: readonly Figure[]): WorseFigure[] {
  return after.flatMap(figure => {
    const earlier = before.find(({ name }) => name === figure.name)
    if (earlier === undefined || !isMuchWorse(earlier, figure)) return []
    const text = `${figure.name} ${figureText(earlier)} → ${figureText(figure)}`
    return [{ name: figure.name, before: earlier.value, after: figure.value, text }]
  })
}

function isMuchWorse(before: Figure, after: Figure): boolean {
  const [smaller, larger] = after.unit === 'per second' ? [after, before] : [before, after]
  // A longer run has more of everything, so messages are compared by their share.
  const expected = smaller.value * (larger.unit === 'messages' ? ratio(larger.of, smaller.of) : 1)
  return larger.value >= worseFactor * expected && larger.value - expected >= smallestDifference[after.unit]
}

const ratio = (a: number | undefined, b: number | undefined) => (a === undefined || !b ? 1 : a / b)

function figureText({ value, unit, of }: Figure): string {
  if (unit === 'ms') return duration(value)
  if (unit === 'per second') return `${number(value)}/s`
  return of === undefined ? number(value) : `${number(value)} of ${number(of)}`
}
