/** A scenario's text together with its parsed form, so that every error can name file, line and column. */
import { Document, LineCounter, isMap, isScalar, isSeq, parseAllDocuments, parseDocument, visit } from 'yaml'
import type { z } from 'zod'
import { LossproofError, messageOf } from '../../../model/errors.ts'
import { deepestNesting, tooDeepLine } from '../../../model/input/nesting.ts'
import { nearest, suggestion } from '../../../model/nearest.ts'
import type { ScenarioErrors, ScenarioPath } from '../../../model/scenario-errors.ts'
import { refusal } from '../../../model/setting-rule.ts'
import { SettingValue } from '../../../model/settings.ts'
import type { Settings } from '../../../model/settings.ts'
import { deepestIssue } from './deepest-issue.ts'
import { keysAt } from './known-keys.ts'
import { ruleAt } from './rule-at.ts'
import { Scenario } from './schema.ts'

/**
 * A number with a leading zero (`04`) is a text: as a number it would lose the zero, which may mean something. So is a whole
 * number that is not exact in JavaScript, such as 9223372036854775807.
 */
function keepSpelling(doc: Document): void {
  visit(doc, {
    Scalar(_, node) {
      const { value, source = '' } = node
      if (typeof value !== 'number') return
      if (/^0\d/.test(source) || (/^[+-]?\d+$/.test(source) && !Number.isSafeInteger(value))) node.value = source
    },
  })
}

/** The position of a key that JavaScript objects treat in their own way, so that it would get lost; undefined: none. */
function lostKey(doc: Document): number | undefined {
  let at: number | undefined
  visit(doc, {
    Pair(_, { key }) {
      if (at === undefined && isScalar(key) && key.value === '__proto__') at = key.range?.[0] ?? 0
    },
  })
  return at
}

const parsing = { prettyErrors: false, uniqueKeys: true } as const

export class ScenarioSource implements ScenarioErrors {
  readonly file: string
  readonly scenario: Scenario
  /** `place.setting` → value, for every cell, over what the scenario gives. */
  readonly overrides: Settings
  /** Settings that are not checked against those that the system knows. */
  readonly unchecked: ReadonlySet<string>
  readonly #doc: Document
  readonly #lines: LineCounter

  /**
   * Every scenario of a file: one, or several separated by `---`. Throws LossproofError('scenario') with file and line for
   * text that is not a scenario.
   */
  static all(file: string, text: string): ScenarioSource[] {
    const lines = new LineCounter()
    if (tooDeepLine(text) !== undefined) return [new ScenarioSource(file, text)]
    const parsed = parseAllDocuments(text, { ...parsing, lineCounter: lines })
    // A `---` at the end of a file begins a document without content.
    const docs = Array.isArray(parsed) ? parsed.filter(doc => !isEmpty(doc)) : []
    if (docs.length === 0) return [new ScenarioSource(file, text)]
    return docs.map(doc => new ScenarioSource(file, text, { doc, lines }))
  }

  /** A scenario that was made as data. `name` stands for the file in errors. Throws as `all` does. */
  static of(name: string, scenario: object): ScenarioSource {
    return new ScenarioSource(name, '', { doc: new Document(scenario), lines: new LineCounter() })
  }

  /** `parsed`: one document of `text`, which is then not parsed again. Throws as `all` does. */
  constructor(file: string, text: string, parsed?: { doc: Document; lines: LineCounter }, overrides: Settings = {}) {
    this.file = file
    this.overrides = overrides
    this.#lines = parsed?.lines ?? new LineCounter()
    const tooDeep = tooDeepLine(text)
    if (tooDeep !== undefined)
      throw LossproofError.at(
        'scenario',
        { file, line: tooDeep },
        `values are nested more than ${deepestNesting} levels`,
      )
    this.#doc = parsed?.doc ?? parseDocument(text, { ...parsing, lineCounter: this.#lines })
    const broken = this.#doc.errors[0]
    if (broken) throw this.#at(broken.pos[0], `not valid YAML: ${broken.message}`)
    const lost = lostKey(this.#doc)
    if (lost !== undefined) throw this.#at(lost, 'unknown key "__proto__"')
    const read = Scenario.safeParse(this.#toJS() ?? {})
    if (!read.success) throw this.#refused(read.error.issues)
    this.scenario = read.data
    this.unchecked = new Set(read.data.unchecked)
  }

  /** The same scenario with settings that override those of every cell. */
  withOverrides(overrides: Settings): ScenarioSource {
    return new ScenarioSource(this.file, '', { doc: this.#doc, lines: this.#lines }, overrides)
  }

  error(path: ScenarioPath, message: string, options: { key?: string; hint?: string } = {}): LossproofError {
    return this.#at(this.#offsetOf(path, options.key), message, options.hint)
  }

  settingError(name: string, message: string, options: { hint?: string } = {}): LossproofError {
    if (Object.hasOwn(this.overrides, name))
      return new LossproofError('scenario', `--set ${name}=${String(this.overrides[name])}: ${message}`, options)
    const { path, key } = this.#settingPath(name)
    return this.error(path, message, { ...options, key })
  }

  /** Where the scenario gives a setting; a value in the matrix overrides one in the defaults. */
  #settingPath(name: string): { path: ScenarioPath; key: string } {
    const { lanes, cluster } = this.scenario
    const place = name.split('.')[0] ?? ''
    const setting = name.slice(place.length + 1)
    const inMatrix = Object.keys(lanes.matrix ?? {}).find(
      key => key === name || (place === 'client' && ['client', 'client.library'].includes(key)),
    )
    if (inMatrix !== undefined) return { path: ['lanes', 'matrix'], key: inMatrix }
    const inCell = (lanes.cells ?? []).findIndex(cell => Object.hasOwn(cell, name))
    if (inCell >= 0) return { path: ['lanes', 'cells', inCell], key: name }
    if (place === 'cluster') return { path: ['cluster'], key: setting }
    if (place === 'broker') return { path: cluster?.broker ? ['cluster', 'broker'] : ['cluster'], key: setting }
    const given: Record<string, unknown> = { ...lanes.defaults }
    if (place === 'client' && typeof given['client'] === 'string') return { path: ['lanes', 'defaults'], key: 'client' }
    const block = given[place]
    if (typeof block === 'object' && block !== null && (setting in block || place !== 'workload'))
      return { path: ['lanes', 'defaults', place], key: setting }
    return place === 'workload' && this.scenario.workload
      ? { path: ['workload'], key: setting }
      : { path: ['lanes', 'defaults'], key: place }
  }

  #toJS(): unknown {
    keepSpelling(this.#doc)
    try {
      return this.#doc.toJS()
    } catch (error) {
      // The parser refuses aliases that would expand to a huge value.
      throw this.#at(0, `not valid YAML: ${messageOf(error)}`)
    }
  }

  #refused(issues: z.core.$ZodIssue[]): LossproofError {
    const { issue, path } = deepestIssue(issues)
    const where = path.join('.')
    if (issue.code === 'unrecognized_keys') {
      const key = issue.keys[0] ?? ''
      const known = keysAt(Scenario, path)
      return this.error(path, `unknown key "${key}"${where === '' ? '' : ` in ${where}`}`, {
        key,
        hint: suggestion(key, known, `one of ${known.join(', ')}`),
      })
    }
    const value: unknown = this.#doc.getIn(path)
    const rule = ruleAt(path, String(this.#doc.get('system')))
    const given = SettingValue.safeParse(value)
    const wrong = rule && given.success ? refusal(rule, given.data) : undefined
    if (wrong !== undefined) return this.error(path, `${path.slice(-2).join('.')}: ${wrong}`)
    if (issue.code === 'invalid_value' && typeof value === 'string') {
      const words = issue.values.map(String)
      const meant = nearest(value, words)
      return this.error(path, `${where}: unknown word "${value}"`, {
        hint: meant === undefined ? `one of ${words.join(', ')}` : `did you mean "${meant}"?`,
      })
    }
    const unsuitable = unsuitableValue(value)
    if (where === '') return this.error(path, 'expected a map with the keys name, system and lanes')
    if (issue.code === 'invalid_union' && unsuitable !== undefined)
      return this.error(
        path,
        `${where}: expected a single value, got ${unsuitable}`,
        isSeq(value) ? { hint: 'a list of words is written as one text, separated by commas' } : {},
      )
    if (issue.code === 'invalid_type' && issue.expected === 'string' && typeof value === 'number')
      return this.error(path, `${where}: expected text, got the number ${value}`, {
        hint: `put it in quotes: "${value}"`,
      })
    const missing = value === undefined && issue.code === 'invalid_type'
    return this.error(path, missing ? `${where} is missing (${issue.message})` : `${where}: ${issue.message}`)
  }

  /** The offset of the node at `path`, or of the nearest node above it. */
  #offsetOf(path: ScenarioPath, key?: string): number {
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
    // A scenario that was made as data has no lines.
    if (line === 0) return new LossproofError('scenario', `${this.file}: ${message}`, { hint })
    return LossproofError.at('scenario', { file: this.file, line, column: col }, message, { hint })
  }
}

const isEmpty = ({ contents, errors }: Document.Parsed) =>
  errors.length === 0 && (contents === null || (isScalar(contents) && contents.value === null))

/** What stands where a plain value is expected, in words. */
function unsuitableValue(value: unknown): string | undefined {
  if (isMap(value)) return 'a map'
  if (isSeq(value)) return 'a list'
  return typeof value === 'number' && !Number.isFinite(value) ? String(value) : undefined
}
