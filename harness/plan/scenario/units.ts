/**
 * Quantities as people write them in a scenario: `200/s`, `100B`, `1.5s`. Each parser returns undefined for text that is
 * not such a quantity.
 */

const rate = /^(\d+(?:\.\d+)?)\s*\/\s*(s|min)$/
const size = /^(\d+(?:\.\d+)?)\s*(B|KB|KiB|MB|MiB)$/
const duration = /^(\d+(?:\.\d+)?)\s*(ms|s|min)$/

const bytes: Record<string, number> = { B: 1, KB: 1000, KiB: 1024, MB: 1_000_000, MiB: 1_048_576 }
const millis: Record<string, number> = { ms: 1, s: 1000, min: 60_000 }

/** Messages per second: `200/s`, `600/min` or a number. */
export function parseRate(value: string | number): number | undefined {
  if (typeof value === 'number') return value > 0 ? value : undefined
  const match = rate.exec(value.trim())
  if (!match) return undefined
  const perSec = Number(match[1]) / (match[2] === 'min' ? 60 : 1)
  return perSec > 0 ? perSec : undefined
}

/** Bytes: `100B`, `4KiB` or a number. */
export function parseSize(value: string | number): number | undefined {
  if (typeof value === 'number') return Number.isInteger(value) && value > 0 ? value : undefined
  const match = size.exec(value.trim())
  return match ? Math.round(Number(match[1]) * (bytes[match[2] ?? ''] ?? 1)) : undefined
}

/** Milliseconds: `500ms`, `3s`, `2min`. A number without a unit is refused, because its unit would be a guess. */
export function parseDuration(value: string | number): number | undefined {
  if (typeof value === 'number') return undefined
  const match = duration.exec(value.trim())
  return match ? Math.round(Number(match[1]) * (millis[match[2] ?? ''] ?? 1)) : undefined
}
