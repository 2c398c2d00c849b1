/** The result of an audit for the terminal: what was read, one table, what to change, what was not asked. */
import type { AuditPatch, AuditResult, AuditRow } from '../../../model/audit.ts'
import { fold, grid, paragraph } from '../terminal/fold.ts'
import type { Column } from '../terminal/fold.ts'
import { plural } from '../words/numbers.ts'
import { systemLabel } from '../words/systems.ts'
import { besidesTexts, fileText, fixText, headline, originTexts, outcomeText, quietKeys } from './words.ts'
import { toneOf, urgentKeys, whyText, worstFirst } from './words.ts'
import type { Tone } from './words.ts'

export interface AuditTerminalOptions {
  colour: boolean
  /** Columns of the terminal. */
  width: number
  /** The run folder. */
  folder: string
}

/** Below this width the table has no room for its columns, and each probe is a block of lines. */
const narrowest = 84
/** Longer lines are hard to read. */
const widest = 140
const colours: Record<Tone, number> = { bad: 31, open: 33, accepted: 35, kept: 32 }
const columns: readonly Column[] = [
  { title: 'probe', align: 'left', folds: true },
  { title: 'your settings', align: 'left', folds: true, painted: true },
  { title: 'why', align: 'left', folds: true },
  { title: 'fix, proved', align: 'left', folds: true, weight: 1.6 },
  { title: 'set in', align: 'left', folds: true, weight: 1.3 },
]

interface Style {
  width: number
  paint: (tone: Tone, text: string) => string
  strong: (text: string) => string
}

export function auditTerminal(result: AuditResult, { colour, width, folder }: AuditTerminalOptions): string {
  const coded = (code: number, text: string) => (colour ? `\u001B[${code}m${text}\u001B[0m` : text)
  const style: Style = {
    width: Math.max(40, Math.min(width, widest)),
    paint: (tone, text) => coded(colours[tone], text),
    strong: text => coded(1, text),
  }
  const { plan, rows, patch } = result
  const ordered = worstFirst(rows)
  const sections = [
    [style.strong(`Audit of ${systemLabel(plan.system)} ${plan.version}, client ${plan.client}`)],
    plan.files.flatMap(file => paragraph(fileText(file), '  ', style.width)),
    titled('Look at these settings first:', urgentLines(result, style), style),
    titled('Not part of the test:', quietLines(result, style), style),
    titled('Assumed:', texts(plan.assumptions, style), style),
    titled(
      'Noted:',
      texts(
        plan.notes.map(({ file, line, text }) => `${file}:${line}: ${text}`),
        style,
      ),
      style,
    ),
    ordered.length === 0 ? [] : tableOf(ordered, style),
    titled('How messages were lost:', causeLines(ordered, style), style),
    patch ? patchLines(patch, style) : [],
    titled(
      'Not asked:',
      texts(
        plan.notAsked.map(({ title, reason }) => `${title}: ${reason}`),
        style,
      ),
      style,
    ),
    titled('What this audit cannot see:', texts(plan.cannotSee, style), style),
    [
      ...fold(headline(result), style.width).map(line => style.paint(toneOfVerdict[result.verdict], line)),
      // Not wrapped, so that people can copy the path.
      `details: ${folder}/report.html`,
    ],
  ]
  return `${sections
    .filter(lines => lines.length > 0)
    .map(lines => lines.join('\n'))
    .join('\n\n')}\n`
}

const toneOfVerdict: Record<AuditResult['verdict'], Tone> = { violated: 'bad', inconclusive: 'open', held: 'kept' }

const titled = (title: string, lines: readonly string[], { strong }: Style) =>
  lines.length === 0 ? [] : [strong(title), ...lines]
const texts = (all: readonly string[], { width }: Style) => all.flatMap(text => paragraph(text, '  ', width))

function urgentLines({ plan }: AuditResult, style: Style): string[] {
  return urgentKeys(plan.keys).flatMap(({ where, text, source }) => [
    ...texts([`${where}: ${text}`], style),
    // Not wrapped, so that people can open the address.
    ...(source === undefined ? [] : [`    ${source}`]),
  ])
}

function quietLines({ plan }: AuditResult, style: Style): string[] {
  const ours = [...new Set(plan.setByHarness.map(({ name }) => name))]
  return texts(
    [
      ...quietKeys(plan.keys).map(({ label, names }) => `${label} (${names.length}): ${names.join(', ')}`),
      ...(ours.length === 0 ? [] : [`set by Lossproof (${ours.length}): ${ours.join(', ')}`]),
    ],
    style,
  )
}

/** The words that need attention are in capitals, so that nothing depends on colour. */
const own = (row: AuditRow) => {
  const outcome = outcomeText(row)
  const word = toneOf(row) === 'bad' ? outcome.replace(/^[a-z]+/, first => first.toUpperCase()) : outcome
  return [word, ...besidesTexts(row)].join('; ')
}

function tableOf(rows: readonly AuditRow[], style: Style): string[] {
  if (style.width < narrowest) return blocksOf(rows, style)
  const cells = rows.map(row => [
    row.probe.title,
    own(row),
    whyText(row) || '–',
    fixText(row) || '–',
    originTexts(row).join(' and ') || '–',
  ])
  const [head = '', ...body] = grid(
    columns,
    cells,
    style.width - 2,
    (at, text) => style.paint(rows[at] ? toneOf(rows[at]) : 'open', text),
    { spaced: true },
  )
  return [style.strong(`  ${head}`), ...body.map(line => (line === '' ? '' : `  ${line}`))]
}

/** One block of lines for each probe, without what it has nothing to say about. */
function blocksOf(rows: readonly AuditRow[], style: Style): string[] {
  return rows.flatMap((row, at) => {
    const parts: [string, string][] = [
      ['why', whyText(row)],
      ['fix', fixText(row)],
      ['set in', originTexts(row).join(' and ')],
    ]
    return [
      ...(at === 0 ? [] : ['']),
      ...fold(row.probe.title, style.width - 2).map(line => `  ${line}`),
      ...fold(own(row), style.width - 4).map(line => `    ${style.paint(toneOf(row), line)}`),
      ...parts.flatMap(([label, text]) => (text === '' ? [] : paragraph(`${label}: ${text}`, '    ', style.width))),
    ]
  })
}

function causeLines(rows: readonly AuditRow[], style: Style): string[] {
  return texts(
    rows.flatMap(({ probe, causes }) => causes.map(({ code, text }) => `${probe.title}: ${text} [${code}]`)),
    style,
  )
}

function patchLines({ changes, notPatched }: AuditPatch, style: Style): string[] {
  const byFile = Map.groupBy(changes, ({ file }) => file)
  const files = [...byFile].flatMap(([file, members]) =>
    members.flatMap(({ line, before, after }) => [
      before === undefined ? `  ${file}, after line ${line}` : `  ${file}:${line}`,
      // Not wrapped, so that people can copy the line.
      ...(before?.split('\n') ?? []).map(text => style.paint('bad', `    - ${text.trimEnd()}`)),
      ...after.split('\n').map(text => style.paint('kept', `    + ${text.trimEnd()}`)),
    ]),
  )
  const others = notPatched.map(({ name, value, reason }) => `${name}=${String(value)}: ${reason}`)
  const title = changes.length === 1 ? 'Change this line:' : `Change these ${plural(changes.length, 'line')}:`
  return [
    ...titled(title, files, style),
    ...(files.length > 0 && others.length > 0 ? [''] : []),
    ...titled('Change by hand:', texts(others, style), style),
  ]
}
