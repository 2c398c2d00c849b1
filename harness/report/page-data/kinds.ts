/** How a cell reads at a glance: its verdict, and of those that held whether they held by losing what they were expected to lose. */
import type { CellVerdict } from '../../../model/verdict.ts'
import type { SettingValue } from '../../../model/plan.ts'

export const kinds = ['violated', 'inconclusive', 'not-shown', 'expected-loss', 'held'] as const
/** Worst first. */
export type Kind = (typeof kinds)[number]

/** Names for people, and what each means. The same words stand in every report. */
export const kindWords: Record<Kind, { name: string; means: string }> = {
  violated: { name: 'violated', means: 'more was lost, skipped, duplicated or corrupted than the cell allows' },
  inconclusive: {
    name: 'inconclusive',
    means: 'a fault left no evidence, a wait ran out or a log was not read to its end: nothing can be said',
  },
  'not-shown': { name: 'not shown', means: 'an expected loss did not happen' },
  'expected-loss': { name: 'expected loss', means: 'lost exactly what it was expected to lose' },
  held: { name: 'held', means: 'every expectation held, and nothing was lost' },
}

type Judged = Pick<CellVerdict, 'verdict'> & { counts: Pick<CellVerdict['counts'], 'lost' | 'clientLost' | 'skipped'> }

export function kindOf({ verdict, counts }: Judged): Kind {
  if (verdict !== 'held') return verdict
  return counts.lost + counts.clientLost + counts.skipped > 0 ? 'expected-loss' : 'held'
}

/** Counts that are worth a word wherever they are not zero, the gravest first, with how they read. */
const harms = [
  ['lost', 'lost'],
  ['clientLost', 'lost by the client'],
  ['skipped', 'skipped'],
  ['corrupt', 'corrupt'],
  ['unexpected', 'unexpected'],
  ['resurrected', 'resurrected'],
  ['unaccounted', 'unaccounted'],
  ['stalled', 'stalled'],
  ['duplicates', 'duplicates'],
  ['redelivered', 'processed again'],
  ['givenUp', 'given up'],
  ['spooled', 'spooled'],
  ['parked', 'parked'],
] as const

/** `53 lost`, `16 duplicates`: everything that happened to messages besides being stored once. */
export function harmsOf(counts: CellVerdict['counts']): string[] {
  return harms.flatMap(([key, word]) => (counts[key] === 0 ? [] : [`${counts[key].toLocaleString('en-US')} ${word}`]))
}

/** The settings in which the cells of one scenario differ, in the order in which their ids name them. */
export function variedSettings(cells: readonly Pick<CellVerdict, 'id' | 'settings'>[]): string[] {
  const names = [...new Set(cells.flatMap(cell => Object.keys(cell.settings)))]
  const varied = names.filter(name => new Set(cells.map(cell => JSON.stringify(cell.settings[name] ?? null))).size > 1)
  const place = (name: string) => {
    const at = cells[0]?.id.indexOf(`${name}=`) ?? -1
    return at < 0 ? Infinity : at
  }
  return varied.toSorted((a, b) => (place(a) === place(b) ? 0 : place(a) - place(b)))
}

/** `acks`, from `producer.acks`: the place is plain where people read the name. */
export const shortSetting = (name: string): string => name.replace(/^[a-z]+\./, '')

/** A setting's value for people. Absent and null leave it at its default. */
export const valueWords = (value: SettingValue | undefined): string =>
  value === null || value === undefined ? 'default' : String(value)

/** `cut-replication leader, crash leader`; the same fault twice in a row counts. */
export function faultWords(faults: readonly { fault: string; target: string }[]): string {
  const words: string[] = []
  for (const { fault, target } of faults) {
    const word = `${fault} ${target}`
    if (words.at(-1) !== word) words.push(word)
  }
  return words.join(', ')
}
