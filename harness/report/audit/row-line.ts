/** One probe in one line, for the progress of an audit: what became of the user's messages, why, and what keeps them. */
import type { AuditRow } from '../../../model/audit.ts'
import { changesText, settingsText, whyText } from './words.ts'

const longest = 160

export function rowLine(row: AuditRow): string {
  const { probe, outcome, fix, tried } = row
  const why = shortened(whyText(row))
  const help = fix ? `${changesText(fix.settings)} kept everything` : tried.length > 0 ? 'no fix has helped so far' : ''
  const parts = [
    why === '' ? settingsText(row) : `${settingsText(row)} (${why})`,
    ...(outcome === 'lost' || outcome === 'skipped' ? [help] : []),
  ]
  return `${probe.title}: ${parts.filter(part => part !== '').join('; ')}`
}

/** A reason can hold the end of a broker's log. The table has it whole. */
const shortened = (text: string) => (text.length > longest ? `${text.slice(0, longest)}…` : text)
