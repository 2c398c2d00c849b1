/** Flattens YAML into leaves with line numbers. Aliases and merge keys (`<<`) count where they are used. */
import { isAlias, isMap, isScalar, isSeq, LineCounter, parseAllDocuments } from 'yaml'
import type { Document, Node, Pair } from 'yaml'
import { LossproofError } from '../../../model/errors.ts'
import type { Leaf } from '../../../systems/shared/config-files/types.ts'

const maxDepth = 40
const maxLeaves = 5000
/** Maps, lists and values with all aliases written out. Empty lists have no leaves, and aliases multiply them. */
const maxVisited = 50_000

/** The leaves of each document. Throws LossproofError('usage') that names file and line. */
export function yamlDocuments(name: string, text: string): Leaf[][] {
  const lines = new LineCounter()
  const documents = parseAllDocuments(text, { lineCounter: lines, prettyErrors: false, uniqueKeys: true })
  if (!Array.isArray(documents)) return []
  const refuse = (offset: number, message: string): never => {
    throw LossproofError.at('usage', { file: name, line: lines.linePos(offset).line }, message)
  }
  return documents.map(document => {
    const [broken] = document.errors
    if (broken) refuse(broken.pos[0], `not valid YAML: ${broken.message}`)
    const leaves: Leaf[] = []
    collect(document, document.contents, [], leaves, {
      line: offset => lines.linePos(offset).line,
      refuse,
      open: new Set(),
      visited: 0,
    })
    return leaves
  })
}

interface Walk {
  line: (offset: number) => number
  refuse: (offset: number, message: string) => never
  /** Nodes above the current one, to find aliases that contain themselves. */
  open: Set<unknown>
  visited: number
}

function collect(document: Document, node: unknown, path: readonly string[], leaves: Leaf[], walk: Walk): void {
  const at = offsetOf(node)
  walk.visited += 1
  if (walk.visited > maxVisited) walk.refuse(at, `more than ${maxVisited} nodes; configuration files are smaller`)
  if (path.length > maxDepth) walk.refuse(at, `nested more than ${maxDepth} levels deep`)
  if (leaves.length > maxLeaves) walk.refuse(at, `more than ${maxLeaves} values; configuration files are smaller`)
  if (isAlias(node)) {
    const target = node.resolve(document)
    if (target === undefined || walk.open.has(target)) walk.refuse(at, `the alias *${node.source} cannot be resolved`)
    collect(document, target, path, leaves, walk)
    return
  }
  if (isMap(node)) {
    walk.open.add(node)
    for (const pair of pairsOf(document, node.items, walk)) {
      collect(document, pair.value, [...path, keyOf(pair.key)], leaves, walk)
      // An empty value has no node, so its line is that of its key.
      const last = leaves.at(-1)
      if (pair.value === null && last) last.line = walk.line(offsetOf(pair.key))
    }
    walk.open.delete(node)
    return
  }
  if (isSeq(node)) {
    walk.open.add(node)
    node.items.forEach((item, index) => collect(document, item, [...path, String(index)], leaves, walk))
    walk.open.delete(node)
    return
  }
  if (path.length > 0) leaves.push({ path, value: valueOf(node), line: walk.line(at) })
}

/** Merge keys first, so that keys of the map itself win; later keys replace earlier ones of the same name. */
function pairsOf(document: Document, items: readonly Pair[], walk: Walk): Pair[] {
  const merged = items.filter(({ key }) => keyOf(key) === '<<').flatMap(({ value }) => mapsOf(document, value, walk))
  const own = items.filter(({ key }) => keyOf(key) !== '<<')
  const byKey = new Map<string, Pair>()
  for (const pair of [...merged, ...own]) byKey.set(keyOf(pair.key), pair)
  return [...byKey.values()]
}

function mapsOf(document: Document, value: unknown, walk: Walk): Pair[] {
  const target = isAlias(value) ? value.resolve(document) : value
  walk.visited += 1
  if (walk.visited > maxVisited || walk.open.has(target))
    return walk.refuse(offsetOf(value), 'a merge key (<<) contains itself, or merges too many maps')
  if (isSeq(target)) {
    walk.open.add(target)
    const maps = target.items.toReversed().flatMap(item => mapsOf(document, item, walk))
    walk.open.delete(target)
    return maps
  }
  if (!isMap(target)) return walk.refuse(offsetOf(value), 'a merge key (<<) needs a map')
  return pairsOf(document, target.items, walk)
}

const keyOf = (key: unknown): string => String(isScalar(key) ? key.value : key)
const offsetOf = (node: unknown): number => (isRanged(node) ? (node.range?.[0] ?? 0) : 0)
const isRanged = (node: unknown): node is Node => typeof node === 'object' && node !== null && 'range' in node

function valueOf(node: unknown): Leaf['value'] {
  const value: unknown = isScalar(node) ? node.value : null
  // A whole number that is not exact in JavaScript keeps its digits.
  if (
    typeof value === 'number' &&
    isScalar(node) &&
    /^[+-]?\d+$/.test(node.source ?? '') &&
    !Number.isSafeInteger(value)
  )
    return node.source ?? null
  if (typeof value === 'string' || typeof value === 'number' || typeof value === 'boolean') return value
  // A bigint or a date; every other value of a scalar is handled above.
  return typeof value === 'bigint' ? value.toString() : value instanceof Date ? value.toISOString() : null
}
