/** Compares the settings that a scenario requests with those that brokers report as in force. Pure. */
import type { SettingValue, Settings } from '../../../model/plan.ts'

/** A requested setting that is not in force. */
export interface SettingDifference {
  /** Lanes that it concerns; absent: all lanes of the trial. */
  lanes?: readonly string[]
  /** As scenarios spell it: `topic.retention.ms`. */
  setting: string
  /** The broker or topic that reported it. */
  where: string
  requested: string
  /** Absent: the broker does not know the setting. */
  inForce?: string
}

/** `place`: the part of a scenario's setting before the first dot, `broker` or `topic`. `inForce`: as reported by `where`. */
export function differences(
  place: string,
  where: string,
  requested: Settings,
  inForce: ReadonlyMap<string, string>,
): SettingDifference[] {
  return Object.entries(requested).flatMap(([name, value]) => {
    const reported = inForce.get(name)
    if (value === null || (reported !== undefined && isSameValue(value, reported))) return []
    return [
      {
        setting: `${place}.${name}`,
        where,
        requested: String(value),
        ...(reported === undefined ? {} : { inForce: reported }),
      },
    ]
  })
}

/** Whether both spell the same value: numbers by value, booleans in any case, lists with any spacing. */
export function isSameValue(requested: Exclude<SettingValue, null>, reported: string): boolean {
  return canonical(String(requested)) === canonical(reported)
}

function canonical(text: string): string {
  const trimmed = text.trim()
  if (trimmed !== '' && Number.isFinite(Number(trimmed))) return String(Number(trimmed))
  if (/^(true|false)$/i.test(trimmed)) return trimmed.toLowerCase()
  return trimmed
    .split(',')
    .map(part => part.trim())
    .join(',')
}
