/** docs/advice.md: each way to lose messages, what prevents it, the claim that shows it, and the price of prevention. */
import type { CellVerdict, RunVerdict } from '../../../model/verdict.ts'
import { duration, number } from '../words/numbers.ts'
import { systemLabel } from '../words/systems.ts'
import { claimAnchor, claimLabel } from './claims.ts'
import { splitBySafety } from './subjects.ts'

export interface Advice {
  /** How messages are lost, as Markdown. */
  way: string
  /** The setting or habit that prevents it, as Markdown. */
  keep: string
  /** Claim id. */
  claim: string
  /** The end of a cell's id: its settings, or its scenario and its settings. Absent: the first such cell of the claim. */
  unsafe?: string | undefined
  safe?: string | undefined
}

export interface AdviceSubject {
  subject: string
  advice: readonly Advice[]
}

export interface ShownAdvice extends Advice {
  unsafeCell: CellVerdict
  safeCell: CellVerdict
}

type CountName = keyof CellVerdict['counts']

/** What an unsafe cell can show, worst first, with the word for it and what it is part of. */
const harms: readonly { count: CountName; word: string; of: CountName; part: string }[] = [
  { count: 'lost', word: 'lost', of: 'acked', part: 'acknowledged' },
  { count: 'clientLost', word: 'lost', of: 'acked', part: 'acknowledged' },
  { count: 'unsent', word: 'lost unnoticed', of: 'sent', part: 'sent' },
  { count: 'skipped', word: 'skipped', of: 'stored', part: 'stored' },
  { count: 'givenUp', word: 'refused', of: 'sent', part: 'sent' },
]

/** Shorter gaps between acknowledgements are normal, ms. */
const shortestOutageMs = 1000

/**
 * The advice whose claim a published run shows, with the two cells that show it. Advice without published cells is left out.
 * Throws when a published pair says something else: the unsafe cell lost nothing, or the safe one did.
 */
export function shownAdvice(published: readonly RunVerdict[], advice: readonly Advice[]): ShownAdvice[] {
  return advice.flatMap((one): ShownAdvice[] => {
    const ids = published.flatMap(({ claims }) =>
      claims.filter(({ id, shown }) => id === one.claim && shown).flatMap(({ cells }) => cells),
    )
    const cells = published.flatMap(run =>
      run.cells.filter(({ id, verdict }) => ids.includes(id) && verdict === 'held'),
    )
    const [unsafeCell, safeCell] = pairOf(one, cells)
    if (unsafeCell === undefined || safeCell === undefined) return []
    const harm = harmOf(unsafeCell)
    if (harm === undefined) throw new Error(`advice about ${one.claim}: ${unsafeCell.id} lost nothing`)
    if (safeCell.counts[harm.count] > 0)
      throw new Error(`advice about ${one.claim}: ${safeCell.id} ${harm.word} ${safeCell.counts[harm.count]}`)
    return [{ ...one, unsafeCell, safeCell }]
  })
}

function pairOf({ unsafe, safe }: Advice, cells: readonly CellVerdict[]): (CellVerdict | undefined)[] {
  const find = (end: string) => cells.find(({ id }) => id === end || id.endsWith(`/${end}`))
  if (unsafe !== undefined && safe !== undefined) return [find(unsafe), find(safe)]
  for (const members of Map.groupBy(cells, ({ scenario }) => scenario).values()) {
    const split = splitBySafety(members)
    if (split.unsafe[0] && split.safe[0]) return [split.unsafe[0], split.safe[0]]
  }
  return []
}

const harmOf = ({ counts }: CellVerdict) => harms.find(({ count }) => counts[count] > 0)

/** The whole page. */
export function advicePage(published: readonly RunVerdict[], subjects: readonly AdviceSubject[]): string {
  return `${[
    '# Advice',
    '',
    'Made by `npm run docs` from `scenarios/claims/advice.json` and the published runs. Do not edit it by hand.',
    '',
    'Each line is a way to lose messages that a published run showed, and what kept the messages under the same faults. The',
    'price compares the unsafe setting with the safe one in that run: messages that were refused, the longest time without an',
    'acknowledgement, and the median time to an acknowledgement before the fault. Times are those of a small shared machine.',
    '',
    ...subjects.flatMap(({ subject, advice }) => {
      const rows = shownAdvice(published, advice)
      return rows.length === 0 ? [] : [`## ${subject}`, '', adviceTable(rows), '']
    }),
  ]
    .join('\n')
    .trimEnd()}\n`
}

function adviceTable(rows: readonly ShownAdvice[]): string {
  return [
    row(['system', 'how messages are lost', 'seen', 'what keeps them', 'price', 'claim']),
    row(['---', '---', '---', '---', '---', '---']),
    ...rows.map(({ way, keep, claim, unsafeCell, safeCell }) =>
      row([
        systemLabel(unsafeCell.system),
        way,
        harmText(unsafeCell),
        keep,
        priceText(unsafeCell, safeCell),
        `[${claimLabel(claim)}](claims.md#${claimAnchor(claim)})`,
      ]),
    ),
  ].join('\n')
}

function harmText(cell: CellVerdict): string {
  const harm = harmOf(cell)
  if (harm === undefined) return ''
  return `${harm.word} ${number(cell.counts[harm.count])} of ${number(cell.counts[harm.of])} ${harm.part}`
}

/** `refused 0 → 66; out of service 6.0 s → 10.0 s; acknowledged in 5 ms → 6 ms`. What is equal or not measured is left out. */
function priceText(unsafe: CellVerdict, safe: CellVerdict): string {
  const counted = (word: string, count: CountName) =>
    changed(word, number(unsafe.counts[count]), number(safe.counts[count]))
  const timed = (word: string, a: number | undefined, b: number | undefined) =>
    a === undefined || b === undefined ? [] : changed(word, duration(a), duration(b))
  const outages = [unsafe.recovery.unavailableMs ?? 0, safe.recovery.unavailableMs ?? 0] as const
  const prices = [
    ...counted('refused', 'givenUp'),
    ...(Math.max(...outages) < shortestOutageMs ? [] : timed('out of service', ...outages)),
    ...timed('acknowledged in', unsafe.load.ackMsP50, safe.load.ackMsP50),
    ...counted('extra copies', 'duplicates'),
    ...counted('processed again', 'redelivered'),
  ]
  return prices.join('; ') || 'none'
}

const changed = (word: string, from: string, to: string): string[] => (from === to ? [] : [`${word} ${from} → ${to}`])
const row = (cells: readonly string[]): string => `| ${cells.join(' | ')} |`
