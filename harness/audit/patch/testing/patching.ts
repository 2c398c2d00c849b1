/** For tests: patches files that are written as literals, and reads them again. */
import type { AuditRow } from '../../../../model/audit.ts'
import type { Settings } from '../../../../model/settings.ts'
import { fixed, row } from '../../../report/audit/testing/sample.ts'
import { read, settings } from '../../read/testing/reading.ts'
import { patchOf } from '../patch.ts'
import type { Patch } from '../types.ts'

export interface Patched extends Patch {
  before: Settings
  /** Settings of the patched files, as `place.setting`. */
  after: Settings
}

/** A probe that lost messages, and the fix that kept them. */
export const fixing = (fix: Settings, rest: Partial<AuditRow> = {}): AuditRow =>
  row({ id: 'x', title: 'x', outcome: 'lost', fix: fixed(fix), ...rest })

/** One probe for each fix. */
export function patch(files: Record<string, string>, ...fixes: (Settings | AuditRow)[]): Patched {
  const configuration = read(files)
  const { system, version, client, topic } = configuration
  const rows = fixes.map(fix =>
    'probe' in fix && typeof fix.probe === 'object' ? (fix as AuditRow) : fixing(fix as Settings),
  )
  const made = patchOf(
    rows,
    {
      system,
      version,
      client,
      ...(topic === undefined ? {} : { topic }),
      settings: configuration.settings.map(({ place, name, value, from }) => ({
        name: `${place}.${name}`,
        value,
        ...(from ? { from } : {}),
      })),
    },
    new Map(Object.entries(files)),
  )
  const after = read({ ...files, ...Object.fromEntries(made.files) })
  return { ...made, before: settings(configuration), after: settings(after) }
}
