/** docs/claims.md: each claim with its fault and what each setting did, from the published runs. */
import type { CellVerdict, RunVerdict } from '../../../model/verdict.ts'
import { escapeMarkdown } from '../formats/markdown-text.ts'
import { resultOf } from '../words/results.ts'
import { faultsText } from '../words/faults.ts'
import { shortCellName } from '../words/settings.ts'
import { systemLabel } from '../words/systems.ts'
import { splitBySafety, subjectRows, systemsOf } from './subjects.ts'
import type { Subject } from './subjects.ts'

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

/** Where docs/claims.md has a claim: its id, with `-` for everything but letters and digits. */
export const claimAnchor = (id: string): string => id.replaceAll(/[^a-z0-9]+/gi, '-')
/** The name of a claim without its system: `acks`. */
export const claimLabel = (id: string): string => id.slice(id.indexOf('/') + 1)

/** One row for each scenario of each claim. */
export function claimsTable(verdict: RunVerdict): string {
  const rows = verdict.claims.flatMap(claim => {
    const cells = verdict.cells.filter(cell => claim.cells.includes(cell.id))
    return [...Map.groupBy(cells, cell => cell.scenario).values()].map((members, at) => {
      const { unsafe, safe } = splitBySafety(members)
      const column = (of: readonly CellVerdict[]) => of.map(cellText).join('<br>') || '–'
      const text =
        at === 0
          ? `<a id="${claimAnchor(claim.id)}"></a>${escapeMarkdown(claim.text)}${claim.shown ? '' : ' **Not shown.**'}`
          : ''
      return row([text, escapeMarkdown(faultsText(members[0]?.faults ?? []) || 'none'), column(unsafe), column(safe)])
    })
  })
  return `${[row(['claim', 'faults', 'unsafe', 'safe']), row(['---', '---', '---', '---']), ...rows].join('\n')}\n`
}

/** For each subject one unsafe and one safe setting of each system. Empty unless two systems are published. */
function sideBySide(published: readonly RunVerdict[], subjects: readonly Subject[]): string[] {
  const systems = [...new Set(published.flatMap(systemsOf))]
  if (systems.length < 2) return []
  const rows = subjectRows(published, subjects).map(({ subject, examples }) => [
    escapeMarkdown(subject),
    ...examples.map(({ cells }) => exampleText(cells)),
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

/** `acks=1: lost 52 of 1,721 acknowledged, as predicted; cost: refused 3 of 1,724 sent`. */
function cellText(cell: CellVerdict): string {
  return `${escapeMarkdown(shortCellName(cell))}: ${resultOf(cell).line}`
}

const row = (cells: readonly string[]): string => `| ${cells.join(' | ')} |`
