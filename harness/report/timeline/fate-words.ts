/** Fates of messages, and how the page reads them. fates.ts writes them. */

/** Letter, name and meaning of each fate, worst first. */
export const fates = [
  ['l', 'lost', 'acknowledged, and missing from the final log'],
  ['c', 'lost by the client', 'the client reported success, but no broker stored it'],
  ['r', 'resurrected', 'rejected, but stored'],
  ['k', 'skipped', 'stored, but the consumer group went past it without processing it'],
  ['w', 'lost unnoticed', 'never acknowledged and not stored; the application looks at no answer'],
  ['u', 'unaccounted', 'missing from a final log that was not read to its end'],
  ['t', 'stalled', 'stored, but the consumer stopped before it'],
  ['g', 'refused', 'never acknowledged and not stored; the application knows it'],
  ['x', 'spooled', "never acknowledged, still in the producer's local spool"],
  ['d', 'duplicated', 'stored more than once'],
  ['p', 'parked', 'moved to a dead-letter queue or a local store'],
  ['e', 'expired', 'removed by retention or compaction'],
  ['v', 'recovered', 'stored, although the producer got no clear answer'],
  ['s', 'stored', 'stored once'],
  ['n', 'never sent', 'no message has this number'],
] as const

export type Fate = (typeof fates)[number][0]

export interface Fates {
  /** Number of messages that one unit of `runs` stands for. */
  per: number
  /** `s278l52s52`: 278 units stored, 52 lost, 52 stored. */
  runs: string
}

export interface Run {
  fate: Fate
  /** In units. */
  from: number
  count: number
}

/** Parses `runs` of Fates. */
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
