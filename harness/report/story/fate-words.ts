/** The fates that the page draws, and the runs of them that it reads; fates.ts writes them. */

/** Gravest first: letter, name, meaning. */
export const fates = [
  ['l', 'lost', 'acknowledged, and gone'],
  ['c', 'lost by the client', 'acknowledged untruly, and gone'],
  ['r', 'resurrected', 'rejected, and stored'],
  ['k', 'skipped', 'stored, and passed over by the consumer'],
  ['u', 'unaccounted', 'not found in a log that was not read to its end'],
  ['t', 'stalled', 'stored, and not reached by the consumer'],
  ['g', 'given up', 'never acknowledged, gone; the application was told'],
  ['x', 'spooled', "never acknowledged, in the producer's spool"],
  ['d', 'duplicated', 'stored more than once'],
  ['p', 'parked', 'handed to a dead-letter queue or local store'],
  ['e', 'expired', 'removed by retention or compaction'],
  ['v', 'recovered', 'the answer was unknown; stored'],
  ['s', 'stored', 'stored once'],
  ['n', 'never sent', 'a number that was not used'],
] as const

export type Fate = (typeof fates)[number][0]

export interface Fates {
  /** Messages that each unit of the runs stands for. */
  per: number
  runs: string
}

export interface Run {
  fate: Fate
  /** In units. */
  from: number
  count: number
}

/** The runs again, as the page reads them. */
export function parseRuns(runs: string): Run[] {
  const parsed: Run[] = []
  let from = 0
  for (const [, letter, digits] of runs.matchAll(/([a-z])(\d*)/g)) {
    const count = digits === '' ? 1 : Number(digits)
    parsed.push({ fate: letter as Fate, from, count })
    from += count
  }
  return parsed
}
