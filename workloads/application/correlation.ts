/** Where a record of an application's output names its input: in its key, in a header, or in its value as JSON. */
import { inputNamed } from './ids.ts'
import type { Named } from './ids.ts'

export type Correlation =
  { by: 'key' } | { by: 'header'; name: string } | { by: 'path'; text: string; steps: readonly (string | number)[] }

export interface OutputValues {
  key: Buffer | null
  value: Buffer | null
  headers: readonly (readonly [name: string, value: Buffer])[]
}

const step = /^(?:\.(?<name>[\w-]+)|\[(?<index>\d+)\]|\['(?<quoted>[^']+)'\])/

/** Undefined for a text that is no correlation. */
export function parseCorrelation(text: string): Correlation | undefined {
  if (text === 'key') return { by: 'key' }
  const header = /^header:(?<name>\S+)$/.exec(text)?.groups?.['name']
  if (header !== undefined) return { by: 'header', name: header }
  if (!text.startsWith('$')) return undefined
  const steps: (string | number)[] = []
  for (let rest = text.slice(1); rest !== '';) {
    const match = step.exec(rest)
    if (match === null) return undefined
    const { name, index, quoted } = match.groups ?? {}
    steps.push(index === undefined ? (name ?? quoted ?? '') : Number(index))
    rest = rest.slice(match[0].length)
  }
  return steps.length === 0 ? undefined : { by: 'path', text, steps }
}

/** `$.order.id`, `the key`, for messages. */
export function whereOf(correlation: Correlation): string {
  if (correlation.by === 'key') return 'in the key'
  return correlation.by === 'header' ? `in the header ${correlation.name}` : `at ${correlation.text}`
}

/** The input that a record names. */
export function inputOf(record: OutputValues, correlation: Correlation, tag: string): Named {
  const found = textsOf(record, correlation).map(text => inputNamed(text, tag))
  const inputs = new Set(found.flatMap(named => (typeof named === 'object' ? [named.s] : [])))
  const [s, other] = inputs
  if (s !== undefined) return other === undefined ? { s } : 'nothing'
  return found.includes('foreign') ? 'foreign' : 'nothing'
}

function textsOf({ key, value, headers }: OutputValues, correlation: Correlation): string[] {
  if (correlation.by === 'key') return key === null ? [] : [key.toString('utf8')]
  if (correlation.by === 'header')
    return headers.flatMap(([name, text]) => (name === correlation.name ? [text.toString('utf8')] : []))
  let at = json(value)
  for (const name of correlation.steps) {
    if (typeof at !== 'object' || at === null || !Object.hasOwn(at, name)) return []
    at = (at as Record<string | number, unknown>)[name]
  }
  return typeof at === 'string' || typeof at === 'number' ? [String(at)] : []
}

function json(value: Buffer | null): unknown {
  try {
    return JSON.parse(value?.toString('utf8') ?? '')
  } catch {
    return undefined
  }
}
