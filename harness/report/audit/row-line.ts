/** One probe in one line, for the progress of an audit: what became of the user's messages, why, and what keeps them. */
import type { AuditRow } from '../../../model/audit.ts'
import { changesText, settingsText, whyText } from './words.ts'

export function rowLine(row: AuditRow): string {
  const { probe, outcome, fix, tried } = row
  const why = whyText(row)
  const help = fix ? `${changesText(fix.settings)} kept everything` : tried.length > 0 ? 'no fix has helped so far' : ''
  const parts = [
    why === '' ? settingsText(row) : `${settingsText(row)} (${why})`,
    ...(outcome === 'lost' || outcome === 'skipped' ? [help] : []),
  ]
  return `${probe.title}: ${parts.filter(part => part !== '').join('; ')}`
}
