/** Claims of a run as a Markdown table: the advice, what was broken, what each setting made of it. Numbers are the run's own. */
import type { CellVerdict, RunVerdict } from '../../../model/verdict.ts'
import { escapeMarkdown } from '../formats/markdown-text.ts'
import { subjects } from './subjects.ts'
import { shortName } from '../terminal/terminal.ts'

const begin = '<!-- claims: made by npm run docs from results/reference -->'
const end = '<!-- /claims -->'

type Count = keyof CellVerdict['counts']

/** What an unsafe setting does to messages, the gravest first: beside a loss, what is stored twice or given up is no harm. */
const harms: readonly (readonly Count[])[] = [['lost', 'clientLost', 'skipped', 'stalled'], ['duplicates'], ['givenUp']]
/** What is worth telling of a cell, in this order. */
const told: readonly (readonly [Count, string])[] = [
  ['lost', 'lost'],
  ['clientLost', 'acknowledged and gone by the client itself'],
  ['skipped', 'skipped'],
  ['stalled', 'stalled'],
  ['duplicates', 'stored twice'],
  ['givenUp', 'given up'],
  ['parked', 'parked'],
  ['redelivered', 'redelivered'],
]

/** One row for each scenario of each claim. Cells that came to harm, as they were expected to, stand in the column before the last. */
export function claimsTable(verdict: RunVerdict): string {
  const rows = verdict.claims.flatMap(claim => {
    const cells = verdict.cells.filter(cell => claim.cells.includes(cell.id))
    return [...new Set(cells.map(cell => cell.scenario))].map((scenario, at) => {
      const own = cells.filter(cell => cell.scenario === scenario)
      const { unsafe, safe } = sorted(own)
      const column = (of: readonly CellVerdict[]) => of.map(outcome).join('<br>') || '–'
      const text = at === 0 ? `${escapeMarkdown(claim.text)}${claim.shown ? '' : ' **Not shown.**'}` : ''
      return line([text, escapeMarkdown(faultsOf(own)), column(unsafe), column(safe)])
    })
  })
  return `${[line(['claim', 'what was done', 'unsafe', 'safe']), line(['---', '---', '---', '---']), ...rows].join('\n')}\n`
}

/** `readme` with its tables of claims made anew from the published runs. Throws when it has no place for them. */
export function withClaims(readme: string, published: readonly RunVerdict[]): string {
  const from = readme.indexOf(begin)
  const to = readme.indexOf(end)
  if (from < 0 || to < from) throw new Error(`no ${begin} … ${end} in the text`)
  const tables = [
    ...sideBySide(published),
    ...published.map(verdict => `### ${systemsOf(verdict)}\n\n${claimsTable(verdict)}`),
  ]
  return `${readme.slice(0, from + begin.length)}\n\n${tables.join('\n')}\n${readme.slice(to)}`
}

/** Of each subject a setting of either system that loses, and one that does not. Nothing where only one system was published. */
function sideBySide(published: readonly RunVerdict[]): string[] {
  const rows = subjects.map(({ subject, ...ids }) => [
    escapeMarkdown(subject),
    ...systems.map(system => pairOf(ids[system], published)),
  ])
  if (!systems.every((_, at) => rows.some(row => row[at + 1] !== '–'))) return []
  return [
    `${[line(['', ...systems.map(system => systemNames[system])]), line(['---', '---', '---']), ...rows.map(line)].join('\n')}\n`,
  ]
}

/** The first scenario of the claim that has both, else what there is. */
function pairOf(id: string, published: readonly RunVerdict[]): string {
  const cells = published.flatMap(verdict =>
    verdict.claims
      .filter(claim => claim.id === id && claim.shown)
      .flatMap(claim => verdict.cells.filter(cell => claim.cells.includes(cell.id))),
  )
  const pairs = [...Map.groupBy(cells, cell => cell.scenario).values()]
    .map(sorted)
    .map(({ unsafe, safe }) => [unsafe[0], safe[0]])
  const pair = pairs.find(both => both.every(cell => cell !== undefined)) ?? pairs[0] ?? []
  return pair.flatMap(cell => (cell ? [outcome(cell)] : [])).join('<br>') || '–'
}

const systems = ['kafka', 'rocketmq'] as const
const systemNames = { kafka: 'Kafka', rocketmq: 'RocketMQ' }

const systemsOf = ({ cells }: RunVerdict) =>
  systems
    .filter(system => cells.some(cell => cell.system === system))
    .map(system => systemNames[system])
    .join(', ')

/** The cells of one scenario: those that were expected to come to harm and did, and the others. */
function sorted(own: readonly CellVerdict[]): { unsafe: CellVerdict[]; safe: CellVerdict[] } {
  const counted = harms.find(by => own.some(cell => harmed(cell, by))) ?? []
  return { unsafe: own.filter(cell => harmed(cell, counted)), safe: own.filter(cell => !harmed(cell, counted)) }
}

function harmed(cell: CellVerdict, by: readonly Count[]): boolean {
  return cell.expect.some(
    ({ what, expected }) => expected !== '0' && by.some(harm => harm === what && cell.counts[harm] > 0),
  )
}

/** `acks=1: 52 lost of 1721`; of those stored where they were consumed, else of those acknowledged. */
function outcome(cell: CellVerdict): string {
  const { counts } = cell
  const consumed = counts.processed + counts.skipped + counts.stalled > 0
  const always: Count = consumed ? 'skipped' : 'lost'
  const seen = told.filter(([key]) => counts[key] > 0 || key === always).map(([key, word]) => `${counts[key]} ${word}`)
  return `${escapeMarkdown(shortName(cell))}: ${seen.join(', ')} of ${consumed ? counts.stored : counts.acked}`
}

/** Each fault once, in the order in which they came, with how often. */
function faultsOf(cells: readonly CellVerdict[]): string {
  const all = (cells[0]?.faults ?? []).map(({ fault, target }) => `${fault} ${target}`)
  const once = [...new Set(all)].map(fault => ({ fault, times: all.filter(other => other === fault).length }))
  return once.map(({ fault, times }) => (times > 1 ? `${fault}, ${times} times` : fault)).join('; ') || 'nothing'
}

function line(cells: readonly string[]): string {
  return `| ${cells.join(' | ')} |`
}
