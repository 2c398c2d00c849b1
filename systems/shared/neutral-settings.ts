/** The settings of Lossproof that an audit keeps although it leaves the others to the system. */
import type { AuditFacts } from './audit.ts'
import type { HarnessSetting } from './settings/known.ts'

/**
 * @param reasons by name: why the setting changes only how long a trial takes
 * @param settings all settings that Lossproof sets in test clusters, with the values
 */
export function neutralOf(
  settings: readonly HarnessSetting[],
  reasons: Readonly<Record<string, string>>,
): AuditFacts['neutral'] {
  return Object.entries(reasons).map(([name, reason]) => {
    const found = settings.find(setting => setting.name === name)
    if (!found) throw new Error(`"${name}" is not a setting that Lossproof sets`)
    return { name, value: found.value, reason }
  })
}
