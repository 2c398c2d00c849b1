/** The result of an audit as JUnit XML: a case is a probe. Names are the same in every audit of one configuration. */
import type { AuditResult, AuditRow } from '../../../model/audit.ts'
import { junitText } from '../formats/junit-text.ts'
import type { CaseResult, JunitCase } from '../formats/junit-text.ts'
import { replayCommand } from '../words/replay-command.ts'
import { fixText, originTexts, settingsText, toneOf } from './words.ts'

/** Probes that did not run are errors, and those that were not asked are skipped, so that a shorter audit is never green. */
export function auditJunit({ plan, rows }: AuditResult): string {
  const classname = `audit.${plan.system}`
  const ran = new Set(rows.map(({ probe }) => probe.id))
  const cases: JunitCase[] = [
    ...rows.map(row => ({ classname, name: row.probe.title, result: resultOf(row) })),
    ...plan.probes
      .filter(({ id }) => !ran.has(id))
      .map(({ title }): JunitCase => ({
        classname,
        name: title,
        result: { kind: 'error', message: 'did not run', text: 'the audit ended before this probe' },
      })),
    ...plan.notAsked.map(({ title, reason }): JunitCase => ({
      classname,
      name: title,
      result: { kind: 'skipped', message: `not asked: ${reason}`, text: '' },
    })),
  ]
  return junitText([{ name: `audit of ${plan.system}`, cases }])
}

function resultOf(row: AuditRow): CaseResult {
  const text = [
    row.probe.question,
    ...row.causes.map(cause => `${cause.text} [${cause.code}]`),
    ...row.reasons,
    ...(fixText(row) === '' ? [] : [`fix: ${fixText(row)}`]),
    ...(row.fix ? [`set in: ${originTexts(row).join(' and ')}`] : []),
    replayCommand(row.run),
  ].join('\n')
  switch (toneOf(row)) {
    case 'kept':
      return { kind: 'passed' }
    case 'accepted':
      return { kind: 'skipped', message: `accepted: ${settingsText(row)}`, text }
    case 'open':
      return { kind: 'error', message: 'inconclusive', text }
    case 'bad':
      return { kind: 'failure', message: settingsText(row), text }
  }
}
