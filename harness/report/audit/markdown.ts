/** The result of an audit as Markdown, for job summaries and pull requests. The table comes first. */
import type { AuditResult, AuditRow } from '../../../model/audit.ts'
import { escapeMarkdown, limited, markdownRow, maxBytes } from '../formats/markdown-text.ts'
import { systemLabel } from '../words/systems.ts'
import { fileText, fixText, headline, originTexts, quietKeys, settingsText, toneOf } from './words.ts'
import { urgentKeys, whyText, worstFirst } from './words.ts'
import type { Tone } from './words.ts'

const marks: Record<Tone, string> = { bad: '❌', open: '🟡', accepted: '🟣', kept: '✅' }

export function auditMarkdown(result: AuditResult): string {
  const { plan, rows, patch } = result
  const list = (texts: readonly string[]) => texts.map(text => `- ${escapeMarkdown(text)}`)
  const ordered = worstFirst(rows)
  return limited(
    [
      [
        `## Audit of ${escapeMarkdown(`${systemLabel(plan.system)} ${plan.version}, client ${plan.client}`)}`,
        '',
        escapeMarkdown(headline(result)),
        '',
      ],
      ordered.length === 0
        ? []
        : [
            markdownRow(['probe', 'your settings', 'why', 'fix, proved', 'set in']),
            markdownRow(['---', '---', '---', '---', '---']),
            ...ordered.map(rowText),
          ],
      patchSection(patch),
      section(
        'Look at these settings first',
        list(
          urgentKeys(plan.keys).map(
            ({ where, text, source }) => `${where}: ${text}${source === undefined ? '' : ` (${source})`}`,
          ),
        ),
      ),
      section(
        'How messages were lost',
        list(
          ordered.flatMap(({ probe, causes }) => causes.map(({ code, text }) => `${probe.title}: ${text} [${code}]`)),
        ),
      ),
      section(
        'Files',
        list([
          ...plan.files.map(fileText),
          ...quietKeys(plan.keys).map(({ label, names }) => `${label} (${names.length}): ${names.join(', ')}`),
          ...plan.assumptions.map(text => `assumed: ${text}`),
          ...plan.notes.map(({ file, line, text }) => `${file}:${line}: ${text}`),
        ]),
      ),
      section('Not asked', list(plan.notAsked.map(({ title, reason }) => `${title}: ${reason}`))),
      section('What this audit cannot see', list(plan.cannotSee)),
    ],
    maxBytes,
  )
}

const rowText = (row: AuditRow) =>
  markdownRow([
    row.probe.title,
    `${marks[toneOf(row)]} ${settingsText(row)}`,
    whyText(row) || '–',
    fixText(row) || '–',
    originTexts(row).join(' and ') || '–',
  ])

function patchSection(patch: AuditResult['patch']): string[] {
  if (!patch) return []
  const others = patch.notPatched.map(
    ({ name, value, reason }) => `- ${escapeMarkdown(`${name}=${String(value)}: ${reason}`)}`,
  )
  return [
    // A file of the user can hold any line, but none of a diff begins with a fence.
    ...section('Change these lines', patch.diff === '' ? [] : ['```diff', patch.diff.trimEnd(), '```']),
    ...section('Change by hand', others),
  ]
}

const section = (title: string, lines: readonly string[]) =>
  lines.length === 0 ? [] : ['', `### ${title}`, '', ...lines]
