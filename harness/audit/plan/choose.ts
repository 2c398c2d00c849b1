/** Which probes can be asked of a configuration, and why the others cannot. */
import type { Settings, SettingValue } from '../../../model/settings.ts'
import type { Need, Probe } from '../probes/probe.ts'

/** Why the probe is not asked; undefined when it is. */
export function whyNotAsked(probe: Probe, own: Settings, consumes: boolean): string | undefined {
  if (probe.side === 'consumer' && !consumes) return 'no file configures a consumer'
  return probe.needs.find(need => !isMet(need, own[need.setting] ?? need.default ?? null))?.otherwise
}

function isMet({ atLeast, atMost, is, isNot }: Need, value: SettingValue): boolean {
  if (atLeast !== undefined && !(Number(value ?? Number.NaN) >= atLeast)) return false
  if (atMost !== undefined && !(Number(value ?? Number.NaN) <= atMost)) return false
  if (is !== undefined && !isOneOf(value, is)) return false
  return isNot === undefined || !isOneOf(value, isNot)
}

/** Values of files are often text: `1` and `"1"` are equal. */
const isOneOf = (value: SettingValue, words: SettingValue | SettingValue[]) =>
  [words].flat().some(word => String(word) === String(value))
