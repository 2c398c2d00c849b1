import type { SettingValue } from '../../../model/plan.ts'

/** The value that a text stands for: settings are compared and checked by value, not by spelling. */
export function scalar(text: string): SettingValue {
  const trimmed = text.trim()
  if (trimmed === 'true' || trimmed === 'false') return trimmed === 'true'
  if (/^-?(?:0|[1-9]\d{0,14})(?:\.\d+)?$/.test(trimmed)) return Number(trimmed)
  return trimmed
}
