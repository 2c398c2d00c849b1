/** Edits of YAML and JSON texts. Comments, anchors, order and layout of everything else stay. */
import { isAlias, isMap, isPair, isScalar, isSeq, parseAllDocuments, stringify } from 'yaml'
import type { Document, Pair, Scalar, YAMLMap, YAMLSeq } from 'yaml'
import type { SettingValue } from '../../../model/settings.ts'
import type { Edit } from './edit.ts'
import { insertLines, lineEnd, mostAlike, startOfLine } from './edit.ts'

export interface YamlText {
  text: string
  /** JSON needs quotes around keys and words. */
  isJson: boolean
  document: Document
}

/** `index`: position of the document among those of the file. */
export function yamlText(text: string, isJson: boolean, index: number): YamlText | undefined {
  const documents = parseAllDocuments(text)
  const document = Array.isArray(documents) ? documents[index] : undefined
  return document && { text, isJson, document }
}

/**
 * Replaces the value at a path, or in a list item `NAME=value` its second part. Undefined for a value that spans several
 * lines or has no text of its own.
 */
export function replaceValue(
  yaml: YamlText,
  path: readonly string[],
  value: SettingValue,
  item?: string,
): Edit | undefined {
  const found = nodeAt(yaml.document, path)
  const node: unknown = found?.node
  if (!found || (node !== null && !isScalar(node))) return undefined
  if (node === null || sourceOf(yaml.text, node) === '') return found.pair && fillEmpty(yaml, found.pair, value)
  const [from = 0, to = 0] = node.range ?? []
  if (node.type === 'BLOCK_FOLDED' || node.type === 'BLOCK_LITERAL') return undefined
  const source = yaml.text.slice(from, to)
  if (source.includes('\n')) return undefined
  return { from, to, text: item === undefined ? sameStyle(yaml, source, value) : sameItem(source, item, value) }
}

/** Adds a key, or a list item, behind the one that is most like it. Undefined where the path meets something else. */
export function addValue(
  yaml: YamlText,
  path: readonly string[],
  value: SettingValue,
  item?: string,
): Edit | undefined {
  const { node, rest } = deepest(yaml.document, path)
  if (item !== undefined)
    return isSeq(node) && rest.length === 0 ? addItem(yaml, node, `${item}=${String(value)}`) : undefined
  if (!isMap(node) || rest.length === 0) return undefined
  return addKey(yaml, node, rest, value)
}

interface Found {
  node: unknown
  pair?: Pair
}

/** Aliases and merge keys lead to where the value is written. */
function nodeAt(document: Document, path: readonly string[]): Found | undefined {
  let found: Found = { node: document.contents }
  for (const key of path) {
    const inner = step(document, found.node, key)
    if (!inner) return undefined
    found = inner
  }
  return { ...found, node: resolved(document, found.node) }
}

function step(document: Document, node: unknown, key: string): Found | undefined {
  const target = resolved(document, node)
  if (isSeq(target)) return Number(key) < target.items.length ? { node: target.items[Number(key)] } : undefined
  if (!isMap(target)) return undefined
  const own = target.items.findLast(pair => keyOf(pair) === key)
  if (own) return { node: own.value, pair: own }
  const merged = target.items.flatMap(pair => (keyOf(pair) === '<<' ? mapsOf(document, pair.value) : []))
  return merged.map(map => step(document, map, key)).find(inner => inner !== undefined)
}

/** Of several merged maps the first one wins. */
function mapsOf(document: Document, value: unknown): unknown[] {
  const target = resolved(document, value)
  return isSeq(target) ? target.items : [target]
}

function deepest(document: Document, path: readonly string[]): { node: unknown; rest: readonly string[] } {
  let node: unknown = resolved(document, document.contents)
  for (const [at, key] of path.entries()) {
    const inner = step(document, node, key)
    const target = inner && resolved(document, inner.node)
    if (!isMap(target) && !isSeq(target)) return { node, rest: path.slice(at) }
    node = target
  }
  return { node, rest: [] }
}

const resolved = (document: Document, node: unknown): unknown => (isAlias(node) ? node.resolve(document) : node)
const keyOf = (pair: Pair): string => String(isScalar(pair.key) ? pair.key.value : pair.key)
const sourceOf = (text: string, { range }: Scalar) => (range ? text.slice(range[0], range[1]) : '')

/** `key:` without a value. */
function fillEmpty({ text, isJson }: YamlText, { key }: Pair, value: SettingValue): Edit | undefined {
  const end = isScalar(key) ? key.range?.[1] : undefined
  const colon = end === undefined ? -1 : text.indexOf(':', end)
  return colon < 0 ? undefined : { from: colon + 1, to: colon + 1, text: ` ${plain(isJson, value)}` }
}

/** The new value with the quotes of the old one. The default of a placeholder is replaced inside it. */
function sameStyle({ isJson }: YamlText, source: string, value: SettingValue): string {
  const quote = /^["']/.exec(source)?.[0] ?? ''
  const inner = quote === '' ? source : source.slice(1, -1)
  const text = withPlaceholder(inner, String(value))
  if (quote === '"') return JSON.stringify(text)
  if (quote === "'") return `'${text.replaceAll("'", "''")}'`
  return text === String(value) ? plain(isJson, value) : text
}

function sameItem(source: string, item: string, value: SettingValue): string {
  const quote = /^["']/.exec(source)?.[0] ?? ''
  const inner = quote === '' ? source : source.slice(1, -1)
  const old = inner.slice(inner.indexOf('=') + 1)
  return `${quote}${item}=${withPlaceholder(old, String(value))}${quote}`
}

/** `${NAME:-1}` becomes `${NAME:-2}`: the variable still counts where it is set. */
function withPlaceholder(old: string, value: string): string {
  const head = /^(\$\{[^}:]+:-?|\$\{\w+-)[^}]*\}$/.exec(old.trim())?.[1]
  return head === undefined ? value : `${head}${value}}`
}

function plain(isJson: boolean, value: SettingValue): string {
  return isJson ? JSON.stringify(value) : stringify(value, { lineWidth: 0 }).trimEnd()
}

const keyText = (isJson: boolean, key: string) => (!isJson && /^[\w./-]+$/.test(key) ? key : JSON.stringify(key))

function addKey(yaml: YamlText, map: YAMLMap, keys: readonly string[], value: SettingValue): Edit | undefined {
  const { text, isJson } = yaml
  const [first = ''] = keys
  const beside = mostAlike(map.items.filter(isPair), keyOf, first)
  const inFlow = keys
    .toReversed()
    .reduce((inner, key, at) => `${keyText(isJson, key)}: ${at === 0 ? inner : `{ ${inner} }`}`, plain(isJson, value))
  if (map.flow === true) return insertIntoFlow(text, map, beside && { key: beside.key, end: endOf(beside) }, inFlow)
  const start = beside && isScalar(beside.key) ? beside.key.range?.[0] : undefined
  if (!beside || start === undefined) return undefined
  const indent = ' '.repeat(start - startOfLine(text, start))
  const lines = keys.map((key, at) => {
    const isLast = at === keys.length - 1
    return `${indent}${'  '.repeat(at)}${keyText(isJson, key)}:${isLast ? ` ${plain(isJson, value)}` : ''}`
  })
  return insertBehind(text, endOf(beside) ?? start, lines)
}

function addItem({ text }: YamlText, list: YAMLSeq, item: string): Edit | undefined {
  const scalars = list.items.filter(isScalar)
  const beside = mostAlike(scalars, ({ value }) => String(value), item)
  const [from, to] = beside?.range ?? []
  if (!beside || from === undefined || to === undefined) return undefined
  const quote = /^["']/.exec(text.slice(from, to))?.[0] ?? ''
  const written = `${quote}${item}${quote}`
  if (list.flow === true) return { from: to, to, text: `, ${written}` }
  const indent = text.slice(startOfLine(text, from), from).replaceAll(/[^-\s]/g, ' ')
  return insertBehind(text, to, [`${indent}${written}`])
}

/** Between the brackets of `{ a: 1 }`; on a line of its own where the others are. */
function insertIntoFlow(
  text: string,
  { range }: YAMLMap,
  beside: { key: unknown; end: number | undefined } | undefined,
  written: string,
): Edit | undefined {
  if (!beside) {
    const at = (range?.[0] ?? -1) + 1
    return at === 0 ? undefined : { from: at, to: at, text: ` ${written} ` }
  }
  const start = isScalar(beside.key) ? beside.key.range?.[0] : undefined
  if (start === undefined || beside.end === undefined) return undefined
  const before = text.slice(startOfLine(text, start), start)
  const gap = before.trim() === '' ? `${lineEnd(text)}${before}` : ' '
  return { from: beside.end, to: beside.end, text: `,${gap}${written}` }
}

/** Behind the line on which a value ends. A block of text may end with its line. */
function insertBehind(text: string, end: number, lines: readonly string[]): Edit {
  return insertLines(text, text[end - 1] === '\n' ? end - 1 : end, lines)
}

/** Where the text of a pair ends, without comments behind it. */
function endOf({ key, value }: Pair): number | undefined {
  if ((isMap(value) || isSeq(value)) && value.flow !== true) {
    const last: unknown = value.items.at(-1)
    if (isPair(last)) return endOf(last)
    if (isMap(last)) {
      const inner = last.items.at(-1)
      return inner ? endOf(inner) : last.range?.[1]
    }
    return isScalar(last) || isAlias(last) ? (last.range?.[1] ?? undefined) : rangeEnd(value)
  }
  return rangeEnd(value) ?? rangeEnd(key)
}

const rangeEnd = (node: unknown): number | undefined =>
  isScalar(node) || isAlias(node) || isMap(node) || isSeq(node) ? node.range?.[1] : undefined
