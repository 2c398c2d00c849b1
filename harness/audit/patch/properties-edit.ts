/** Edits of Java properties files. Comments, order and spacing of all other lines stay. */
import { parseProperties } from '../read/properties.ts'
import type { Edit } from './edit.ts'
import { insertLines, mostAlike } from './edit.ts'

interface Place {
  /** Positions of the value, over all its continuation lines. */
  from: number
  to: number
  /** Text between key and value: `=`, ` = `, `: `. */
  separator: string
}

/** Replaces the value of the property that begins on a line. Undefined when its key continues on the next line. */
export function replaceProperty(text: string, line: number, value: string): Edit | undefined {
  const place = placeOf(text, line)
  if (!place) return undefined
  const placeholder = /^\$\{[^}:]+:/.exec(text.slice(place.from, place.to))?.[0]
  const isPlaceholder = placeholder !== undefined && text.slice(place.from, place.to).trimEnd().endsWith('}')
  const written = isPlaceholder ? `${placeholder}${value}}` : escaped(value)
  return { from: place.from, to: place.to, text: place.separator === '' ? `=${written}` : written }
}

/** Adds a property behind the one that is most like it. */
export function addProperty(text: string, key: string, value: string): Edit {
  const { properties } = parseProperties(text)
  const beside = mostAlike(properties, property => property.key, key)
  const place = beside && placeOf(text, beside.line)
  const separator = place?.separator.trim() === '' || !place ? '=' : place.separator
  const written = `${key.replaceAll(/[=: ]/g, character => `\\${character}`)}${separator}${escaped(value)}`
  return insertLines(text, place?.to ?? text.length, [written])
}

function placeOf(text: string, line: number): Place | undefined {
  const lines = text.split('\n')
  const start = lines.slice(0, line - 1).join('\n').length + (line > 1 ? 1 : 0)
  const content = (at: number) => (lines[at] ?? '').replace(/\r$/, '')
  const first = content(line - 1)
  let at = /^[ \t\f]*/.exec(first)?.[0].length ?? 0
  while (at < first.length && !/[=: \t\f]/.test(first[at] ?? '')) at += first[at] === '\\' ? 2 : 1
  if (at > first.length) return undefined
  const separator = /^[ \t\f]*[=:]?[ \t\f]*/.exec(first.slice(at))?.[0] ?? ''
  let last = line - 1
  let end = start + first.length
  while (/(?<!\\)(?:\\\\)*\\$/.test(content(last)) && last + 1 < lines.length) {
    end += (lines[last] ?? '').length - content(last).length + 1 + content(last + 1).length
    last += 1
  }
  return { from: start + at + separator.length, to: end, separator }
}

/** Values of settings are words and numbers; a backslash would be the start of an escape. */
const escaped = (value: string) => value.replaceAll('\\', '\\\\').replaceAll('\n', '\\n').replace(/^ /, '\\ ')
