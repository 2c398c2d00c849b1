/** One probe in one line: what became of the user's messages, why, and what would have kept them. */
import type { AuditRow } from '../../../model/audit.ts'
import type { Settings } from '../../../model/settings.ts'

export function rowLine(row: AuditRow): string {
  const { probe, outcome, reasons, causes, fix, tried } = row
  if (outcome === 'inconclusive') return `${probe.title}: inconclusive: ${reasons[0] ?? 'no reason is known'}`
  if (outcome === 'kept') return `${probe.title}: ${outcomeWords(row)}`
  const why = causes[0] === undefined ? '' : ` (${causes[0].code})`
  const help =
    fix === undefined
      ? tried.length > 0
        ? '; none of the fixes that were tried helps'
        : ''
      : `; ${settingsWords(fix.settings)} kept everything`
  return `${probe.title}: ${outcomeWords(row)}${why}${help}`
}

/** `lost 52 of 150`, `skipped 12`, `kept all` */
export function outcomeWords({ outcome, counts, tries, reasons }: AuditRow): string {
  const times =
    tries.made > 1 && tries.lost > 0 && tries.lost < tries.made ? ` in ${tries.lost} of ${tries.made} tries` : ''
  if (outcome === 'inconclusive') return 'inconclusive'
  if (outcome === 'kept') return 'kept all'
  if (outcome === 'skipped') return `skipped ${counts.skipped}${times}`
  const lost = counts.lost + counts.clientLost
  return lost === 0 ? (reasons[0] ?? 'broke a promise') : `lost ${lost} of ${counts.acked}${times}`
}

/** `acks=all, min.insync.replicas=2`: without their places, as configuration files spell them. */
export const settingsWords = (settings: Settings): string =>
  Object.entries(settings)
    .map(([name, value]) => `${name.slice(name.indexOf('.') + 1)}=${String(value ?? 'default')}`)
    .join(', ')
