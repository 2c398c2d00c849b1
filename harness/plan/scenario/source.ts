/**
 * A scenario's text and its parsed form together, so that whatever is wrong can be told with file, line and column.
 */
import { LineCounter, isMap, isScalar, parseAllDocuments, parseDocument } from 'yaml'
import type { Document } from 'yaml'
import type { z } from 'zod'
import { LossproofError } from '../../../model/errors.ts'
import type { ScenarioErrors, ScenarioPath as Path } from '../../../model/scenario-errors.ts'
import { nearest } from '../../../model/nearest.ts'
import { Scenario } from './schema.ts'

const parsing = { prettyErrors: false, uniqueKeys: true } as const

export class ScenarioSource implements ScenarioErrors {
  readonly file: string
  readonly scenario: Scenario
  readonly #doc: Document
  readonly #lines: LineCounter

  /** Every scenario of a file: one, or several that are parted by `---`. Throws LossproofError('scenario') that names file and line. */
  static all(file: string, text: string): ScenarioSource[] {
    const lines = new LineCounter()
    const docs = parseAllDocuments(text, { ...parsing, lineCounter: lines })
    if (!Array.isArray(docs) || docs.length < 2) return [new ScenarioSource(file, text)]
    return docs.map(doc => new ScenarioSource(file, text, { doc, lines }))
  }

  /** Parses `text`, or takes one document of it; throws LossproofError('scenario') that names file and line. */
  constructor(file: string, text: string, parsed?: { doc: Document; lines: LineCounter }) {
    this.file = file
    this.#lines = parsed?.lines ?? new LineCounter()
    this.#doc = parsed?.doc ?? parseDocument(text, { ...parsing, lineCounter: this.#lines })
    const broken = this.#doc.errors[0]
    if (broken) throw this.#at(broken.pos[0], `not valid YAML: ${broken.message}`)
    const read = Scenario.safeParse(this.#doc.toJS() ?? {})
    if (!read.success) throw this.#refused(read.error.issues)
    this.scenario = read.data
  }

  /** The error for what stands at `path`; with `key`, for that key of the map there. */
  error(path: Path, message: string, options: { key?: string; hint?: string } = {}): LossproofError {
    return this.#at(this.#offsetOf(path, options.key), message, options.hint)
  }

  #refused(issues: z.core.$ZodIssue[]): LossproofError {
    const { issue, path } = deepest(issues)
    if (issue.code === 'unrecognized_keys') {
      const key = issue.keys[0] ?? ''
      const word = nearest(key, keysAt(path))
      return this.error(path, `unknown key "${key}"${path.length > 0 ? ` in ${path.join('.')}` : ''}`, {
        key,
        ...(word === undefined ? {} : { hint: `did you mean "${word}"?` }),
      })
    }
    const value = this.#doc.getIn(path)
    if (issue.code === 'invalid_value' && typeof value === 'string') {
      const word = nearest(value, issue.values.map(String))
      return this.error(path, `${path.join('.')}: unknown word "${value}"`, {
        hint: word === undefined ? `one of ${issue.values.join(', ')}` : `did you mean "${word}"?`,
      })
    }
    const missing = value === undefined && issue.code === 'invalid_type'
    return this.error(
      path,
      missing ? `${path.join('.')} is missing (${issue.message})` : `${path.join('.')}: ${issue.message}`,
    )
  }

  #offsetOf(path: Path, key?: string): number {
    let at = path
    for (;;) {
      const node = at.length === 0 ? this.#doc.contents : this.#doc.getIn(at, true)
      if (isMap(node) && key !== undefined && at.length === path.length) {
        const pair = node.items.find(item => isScalar(item.key) && String(item.key.value) === key)
        if (pair && isScalar(pair.key) && pair.key.range) return pair.key.range[0]
      }
      if (node && typeof node === 'object' && 'range' in node && Array.isArray(node.range)) return Number(node.range[0])
      if (at.length === 0) return 0
      at = at.slice(0, -1)
    }
  }

  #at(offset: number, message: string, hint?: string): LossproofError {
    const { line, col } = this.#lines.linePos(offset)
    return new LossproofError('scenario', `${this.file}:${line}:${col}: ${message}`, hint === undefined ? {} : { hint })
  }
}

/** Of a union's issues, the one that got furthest: it is about what the author meant. */
function deepest(issues: z.core.$ZodIssue[], base: Path = []): { issue: z.core.$ZodIssue; path: Path } {
  const [first] = issues
  if (!first) throw new LossproofError('internal', 'a refused scenario without an issue')
  const path = [...base, ...first.path.map(part => (typeof part === 'symbol' ? String(part) : part))]
  if (first.code !== 'invalid_union') return { issue: first, path }
  let best: { issue: z.core.$ZodIssue; path: Path } = { issue: first, path }
  for (const branch of first.errors) {
    if (branch.length === 0) continue
    const candidate = deepest(branch, path)
    if (candidate.path.length > best.path.length || candidate.issue.code === 'unrecognized_keys') best = candidate
  }
  return best
}

const keys = {
  top: Object.keys(Scenario.shape),
  cluster: ['brokers', 'controllers', 'mode', 'nameServers', 'masters', 'slaves', 'proxies', 'version', 'broker'],
  lanes: ['defaults', 'matrix', 'exclude', 'isolate'],
  defaults: ['topic', 'producer', 'consumer', 'client', 'workload'],
  workload: ['rate', 'size', 'batch', 'maxInFlight', 'messages'],
  after: ['acked', 'sent', 'in', 'lane', 'isr', 'leader-changed', 'offline', 'limit'],
  step: ['after', 'inject', 'heal', 'window', 'quiesce'],
} as const

function keysAt(path: Path): readonly string[] {
  const last = path.at(-1)
  if (path.length === 0) return keys.top
  if (typeof last === 'number') return keys.step
  return last === 'cluster' || last === 'lanes' || last === 'defaults' || last === 'workload' || last === 'after'
    ? keys[last]
    : []
}
