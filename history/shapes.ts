/**
 * The keys of every record as a table, which the reader uses because it is fast. records.ts is the definition; a property
 * test compares the two.
 */
import type { LaneHeader, LaneRecord } from './records.ts'

type Kind = 'int' | 'epoch' | 'number' | 'string'

interface Shape {
  role: LaneHeader['role']
  required: readonly (readonly [key: string, kind: Kind])[]
  optional: readonly (readonly [key: string, kind: Kind])[]
  /** The only values of `c`; absent: any text. */
  codes?: readonly ('corrupt' | 'foreign' | 'suppressed' | 'uncorrelated')[]
}

const s = ['s', 'int'] as const
const p = ['p', 'int'] as const
const o = ['o', 'int'] as const
const e = ['e', 'epoch'] as const
const t = ['t', 'number'] as const
const n = ['n', 'int'] as const
const c = ['c', 'string'] as const
const d = ['d', 'number'] as const

export const shapes: Record<LaneRecord['op'], Shape> = {
  sent: { role: 'producer', required: [s, p, t], optional: [n, d] },
  acked: { role: 'producer', required: [s, t], optional: [p, o, n, c] },
  rejected: { role: 'producer', required: [s, t, c], optional: [n] },
  unknown: { role: 'producer', required: [s, t, c], optional: [n] },
  spooled: { role: 'producer', required: [s, t], optional: [] },
  unspooled: { role: 'producer', required: [s, t], optional: [] },
  'gave-up': { role: 'producer', required: [s, t], optional: [c] },
  delivered: { role: 'consumer', required: [s, p, o, t], optional: [n] },
  processed: { role: 'consumer', required: [s, p, o, t], optional: [n, c], codes: ['suppressed'] },
  parked: { role: 'consumer', required: [s, p, o, t], optional: [n, c] },
  failed: { role: 'consumer', required: [s, p, o, t], optional: [n, c] },
  committed: { role: 'consumer', required: [p, o, t], optional: [c] },
  'group-offset': { role: 'consumer', required: [p, o, t], optional: [] },
  start: { role: 'reader', required: [p, o, t], optional: [] },
  stored: { role: 'reader', required: [p, o, t], optional: [s, e, c], codes: ['corrupt', 'foreign'] },
  fence: { role: 'reader', required: [p, o, t], optional: [e] },
  end: { role: 'reader', required: [p, o, t], optional: [] },
  'seen-out': { role: 'output', required: [s, p, o, t], optional: [] },
  'came-out': { role: 'output', required: [p, o, t], optional: [s, c], codes: ['uncorrelated', 'foreign'] },
  'output-end': { role: 'output', required: [p, o, t], optional: [] },
}

/** Parses a line of a lane file after its header. Returns a text that says what is wrong where it is not a record of `role`. */
export function parseRecord(line: string, role: LaneHeader['role']): LaneRecord | string {
  let value: unknown
  try {
    value = JSON.parse(line)
  } catch {
    return 'not JSON'
  }
  if (typeof value !== 'object' || value === null || !('op' in value)) return 'not a record: "op" is missing'
  const shape =
    typeof value.op === 'string' && Object.hasOwn(shapes, value.op) ? shapes[value.op as LaneRecord['op']] : undefined
  if (!shape) return `unknown op ${shown(value.op)}`
  if (shape.role !== role) return `a ${shape.role}'s record "${String(value.op)}" in a ${role}'s file`
  const record = value as Record<string, unknown>
  let known = 1
  for (const [key, kind] of shape.required) {
    if (!fits(record[key], kind)) return `"${key}" of ${String(value.op)} is ${shown(record[key])}`
    known += 1
  }
  for (const [key, kind] of shape.optional) {
    if (record[key] === undefined) continue
    if (!fits(record[key], kind) || (key === 'n' && record[key] === 0))
      return `"${key}" of ${String(value.op)} is ${shown(record[key])}`
    known += 1
  }
  if (Object.keys(record).length !== known) return `a key that ${String(value.op)} does not have`
  if (shape.codes && record['c'] !== undefined && !shape.codes.some(word => word === record['c'])) {
    return `"c" of ${String(value.op)} is ${shown(record['c'])}`
  }
  return value as LaneRecord
}

/** A value for an error message. Objects and arrays are not printed: they may be nested without limit. */
function shown(value: unknown): string {
  if (value === undefined) return 'missing'
  if (typeof value === 'object' && value !== null) return Array.isArray(value) ? 'an array' : 'an object'
  return JSON.stringify(value).slice(0, 200)
}

function fits(value: unknown, kind: Kind): boolean {
  if (kind === 'string') return typeof value === 'string'
  if (typeof value !== 'number') return false
  if (kind === 'number') return value >= 0 && Number.isFinite(value)
  return Number.isSafeInteger(value) && value >= (kind === 'epoch' ? -1 : 0)
}
