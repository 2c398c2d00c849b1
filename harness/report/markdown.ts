/** The verdict as Markdown, for a job summary: the matrix first. */
import type { RunVerdict } from '../check/verdict.ts'
import { shortName, tally } from './terminal.ts'

const marks = { held: '✅ held', 'not-shown': '🟣 not shown', inconclusive: '🟡 inconclusive', violated: '❌ violated' } as const

export function markdown(verdict: RunVerdict): string {
  const rows = verdict.cells.map(cell =>
    row([cell.scenario, shortName(cell), cell.counts.acked, cell.counts.lost, cell.expect[0] ? `${cell.expect[0].what}: ${cell.expect[0].expected}` : '', marks[cell.verdict]]),
  )
  const claims = verdict.claims.map(claim => `- ${claim.shown ? '**shown**' : '**not shown**'} ${escape(claim.id)}: ${escape(claim.text)}`)
  const reasons = verdict.cells.filter(cell => cell.reasons.length > 0).map(cell => `- ${escape(cell.id)}: ${cell.reasons.map(escape).join('; ')}`)
  return [
    `# Lossproof: ${marks[verdict.verdict]}`,
    '',
    `${tally(verdict)}; seed ${verdict.seed}`,
    '',
    row(['scenario', 'cell', 'acked', 'lost', 'expected', 'verdict']),
    row(['---', '---', '---:', '---:', '---', '---']),
    ...rows,
    ...(claims.length === 0 ? [] : ['', '## Claims', '', ...claims]),
    ...(reasons.length === 0 ? [] : ['', '## Why not held', '', ...reasons]),
    '',
  ].join('\n')
}

function row(cells: (string | number)[]): string {
  return `| ${cells.map(cell => (/^-+:?$/.test(String(cell)) ? cell : escape(String(cell)))).join(' | ')} |`
}

/** Names and broker texts are text, not markup. */
export function escape(text: string): string {
  return text.replaceAll(/[\\`*_{}[\]<>#|!&]/g, character => `\\${character}`).replaceAll('\n', ' ')
}
