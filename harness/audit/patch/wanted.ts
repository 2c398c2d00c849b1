/** The settings that the fixes of an audit ask for, one value each. */
import { ownValue } from '../../../model/input/own-value.ts'
import type { AuditPlan, AuditRow } from '../../../model/audit.ts'
import type { Settings, SettingValue } from '../../../model/settings.ts'
import { systemFacts } from '../../../systems/index.ts'

/**
 * Settings as `place.setting`. Where fixes want different values: one that also kept the messages of the other probes, else
 * the stricter, which is farther from the value in force: the user's, else the system's default. Losses that the user
 * accepts ask for nothing.
 */
export function wantedSettings(rows: readonly AuditRow[], plan: Plan): Settings {
  const fixing = rows.filter(({ fix, allowed }) => fix !== undefined && !allowed)
  const names = [...new Set(fixing.flatMap(({ fix }) => Object.keys(fix?.settings ?? {})))]
  return Object.fromEntries(
    names.map((name): [string, SettingValue] => {
      const asking = fixing.filter(({ fix }) => fix !== undefined && name in fix.settings)
      const values = [...new Set(asking.map(({ fix }) => fix?.settings[name] ?? null))]
      const proved = (value: SettingValue) => asking.filter(row => isProved(row, name, value)).length
      const own = plan.settings.find(setting => setting.name === name)?.value ?? defaultOf(name, plan)
      const [best = null] = values.toSorted((a, b) => proved(b) - proved(a) || stricter(a, b, own))
      return [name, best]
    }),
  )
}

type Plan = Pick<AuditPlan, 'settings' | 'system' | 'version'>

/** As the system's own classes give it; null where it is no number. */
function defaultOf(name: string, { system, version }: Plan): SettingValue {
  const [place] = name.split('.')
  if (place !== 'broker' && place !== 'topic') return null
  const known = systemFacts(system).planning.knownSettings(place, version)
  const setting = name.slice(place.length + 1)
  const text = ownValue(known, setting)?.default
  return text !== undefined && /^-?\d+$/.test(text) ? Number(text) : null
}

const isProved = ({ tried, fix }: AuditRow, name: string, value: SettingValue) =>
  [...tried, ...(fix ? [fix] : [])].some(({ settings, outcome }) => outcome === 'kept' && settings[name] === value)

/** Negative when `a` is stricter. A word such as `all` asks for more than any number. */
function stricter(a: SettingValue, b: SettingValue, own: SettingValue): number {
  if (typeof a === 'string' && typeof b !== 'string') return -1
  if (typeof b === 'string' && typeof a !== 'string') return 1
  if (typeof a !== 'number' || typeof b !== 'number') return 0
  return typeof own === 'number' ? Math.abs(b - own) - Math.abs(a - own) : b - a
}
