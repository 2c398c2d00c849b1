/** How deep brackets are nested in a text. Parsers of YAML and JSON exhaust their stack on deep nesting, after a long time. */

/** No configuration and no scenario nests deeper. */
export const deepestNesting = 200

/** The line, from 1, on which brackets are nested deeper than `deepestNesting`; undefined: nowhere. */
export function tooDeepLine(text: string): number | undefined {
  let depth = 0
  let line = 1
  for (let at = 0; at < text.length; at++) {
    const letter = text[at]
    if (letter === '\n') line += 1
    else if (letter === '{' || letter === '[') depth += 1
    else if (letter === '}' || letter === ']') depth = Math.max(0, depth - 1)
    if (depth > deepestNesting) return line
  }
  return undefined
}

/** Whether values of a JSON text are nested deeper than `deepestNesting`. Brackets inside of strings do not count. */
export function isJsonTooDeep(text: string): boolean {
  let depth = 0
  let inString = false
  for (let at = 0; at < text.length; at++) {
    const letter = text[at]
    if (inString) {
      if (letter === '\\') at += 1
      else if (letter === '"') inString = false
    } else if (letter === '"') inString = true
    else if (letter === '{' || letter === '[') depth += 1
    else if (letter === '}' || letter === ']') depth -= 1
    if (depth > deepestNesting) return true
  }
  return false
}
