/** docs/claims.md: each claim with its fault and what each setting did, from the published runs. */
import type { CellVerdict, RunVerdict } from '../../../model/verdict.ts'
import { escapeMarkdown } from '../formats/markdown-text.ts'
import { resultOf } from '../words/results.ts'
import { faultsText } from '../words/faults.ts'
import { shortCellName } from '../words/settings.ts'
import { systemLabel } from '../words/systems.ts'

/** A question that claims of several systems answer, each in its own words. */
export interface Subject {
  subject: string
  /** Claim ids. */
  claims: readonly string[]
}

type CountName = keyof CellVerdict['counts']

/** What makes a setting the unsafe one of its claim, worst first. The first line that occurs in a scenario decides. */
const unsafeCounts: readonly (readonly CountName[])[] = [
  ['lost', 'clientLost', 'skipped', 'stalled'],
  ['duplicates'],
  ['givenUp'],
]

/** The whole page. `subjects` make the first table, which compares systems. */
export function claimsPage(published: readonly RunVerdict[], subjects: readonly Subject[]): string {
  return `${[
    '# Claims',
    '',
    'Made by `npm run docs` from the published runs in `results/reference`. Do not edit it by hand.',
    '',
    'A claim is a piece of advice. Cells with opposite expectations show it under one fault: the unsafe setting has to lose',
    'what theory says, and the safe setting has to keep everything. Each number names what it is part of: `lost` counts',
    'acknowledged messages, `refused` sent ones, `skipped` and `stalled` stored ones.',
    '',
    ...sideBySide(published, subjects),
    ...published.flatMap(verdict => [`## ${systemsOf(verdict).map(systemLabel).join(', ')}`, '', claimsTable(verdict)]),
  ]
    .join('\n')
    .trimEnd()}\n`
}

/** One row for each scenario of each claim. */
export function claimsTable(verdict: RunVerdict): string {
  const rows = verdict.claims.flatMap(claim => {
    const cells = verdict.cells.filter(cell => claim.cells.includes(cell.id))
    return [...Map.groupBy(cells, cell => cell.scenario).values()].map((members, at) => {
      const { unsafe, safe } = splitBySafety(members)
      const column = (of: readonly CellVerdict[]) => of.map(cellText).join('<br>') || '–'
      const text = at === 0 ? `${escapeMarkdown(claim.text)}${claim.shown ? '' : ' **Not shown.**'}` : ''
      return row([text, escapeMarkdown(faultsText(members[0]?.faults ?? []) || 'none'), column(unsafe), column(safe)])
    })
  })
  return `${[row(['claim', 'faults', 'unsafe', 'safe']), row(['---', '---', '---', '---']), ...rows].join('\n')}\n`
}

/** For each subject one unsafe and one safe setting of each system. Empty unless two systems are published. */
function sideBySide(published: readonly RunVerdict[], subjects: readonly Subject[]): string[] {
  const systems = [...new Set(published.flatMap(systemsOf))]
  if (systems.length < 2) return []
  const rows = subjects.map(({ subject, claims }) => [
    escapeMarkdown(subject),
    ...systems.map(system => exampleText(exampleCells(system, claims, published))),
  ])
  return [
    '## Side by side',
    '',
    row(['subject', ...systems.map(systemLabel)]),
    row(['---', ...systems.map(() => '---')]),
    ...rows.map(row),
    '',
  ]
}

/** The fault, then a line for each cell. */
function exampleText(cells: readonly CellVerdict[]): string {
  const [first] = cells
  if (first === undefined) return '–'
  return [`_${escapeMarkdown(faultsText(first.faults) || 'no fault')}_`, ...cells.map(cellText)].join('<br>')
}

/** An unsafe and a safe cell of the same scenario, where the system's claims have both; otherwise the one there is. */
function exampleCells(system: string, claims: readonly string[], published: readonly RunVerdict[]): CellVerdict[] {
  const cells = published.flatMap(verdict => {
    const ids = verdict.claims.filter(claim => claims.includes(claim.id) && claim.shown).flatMap(claim => claim.cells)
    return verdict.cells.filter(cell => cell.system === system && ids.includes(cell.id))
  })
  const pairs = [...Map.groupBy(cells, cell => cell.scenario).values()]
    .map(splitBySafety)
    .map(({ unsafe, safe }) => [...unsafe.slice(0, 1), ...safe.slice(0, 1)])
  return pairs.find(({ length }) => length === 2) ?? pairs[0] ?? []
}

const systemsOf = ({ cells }: RunVerdict): string[] => [...new Set(cells.map(({ system }) => system))]

/** Splits the cells of one scenario into those that were hurt as they were expected to be, and the others. */
function splitBySafety(cells: readonly CellVerdict[]): { unsafe: CellVerdict[]; safe: CellVerdict[] } {
  const deciding = unsafeCounts.find(counts => cells.some(cell => isHurt(cell, counts))) ?? []
  return {
    unsafe: cells.filter(cell => isHurt(cell, deciding)),
    safe: cells.filter(cell => !isHurt(cell, deciding)),
  }
}

function isHurt(cell: CellVerdict, counts: readonly CountName[]): boolean {
  return cell.expect.some(
    ({ what, expected }) => expected !== '0' && counts.some(count => count === what && cell.counts[count] > 0),
  )
}

/** `acks=1: lost 52 of 1,721 acknowledged, as predicted; cost: refused 3 of 1,724 sent`. */
function cellText(cell: CellVerdict): string {
  return `${escapeMarkdown(shortCellName(cell))}: ${resultOf(cell).line}`
}

const row = (cells: readonly string[]): string => `| ${cells.join(' | ')} |`
