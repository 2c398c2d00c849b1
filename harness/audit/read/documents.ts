/** Turns the text of a configuration file into documents of leaves: properties, YAML or JSON, recognised by its content. */
import { LossproofError } from '../../../model/errors.ts'
import { deepestNesting, tooDeepLine } from '../../../model/input/nesting.ts'
import type { ConfigDocument, Leaf } from '../../../systems/shared/config-files/types.ts'
import { scalar } from '../../../systems/shared/config-files/scalar.ts'
import { parseProperties } from './properties.ts'
import { yamlDocuments } from './yaml.ts'

export interface SourceText {
  /** As the user named it. */
  name: string
  text: string
}

const mostProperties = 5000

/** All documents of a file. Throws LossproofError('usage') that names file and line when the text cannot be read. */
export function documentsOf(source: SourceText): ConfigDocument[] {
  const { name, text } = source
  const format = formatOf(text)
  if (format === 'properties') return [{ file: name, format, leaves: propertyLeaves(source) }]
  const tooDeep = tooDeepLine(text)
  if (tooDeep !== undefined)
    throw LossproofError.at(
      'usage',
      { file: name, line: tooDeep },
      `values are nested more than ${deepestNesting} levels`,
    )
  if (format === 'json') checkJson(source)
  return yamlDocuments(name, text).map(leaves => {
    // Properties may be written as `key: value`, which is YAML too.
    const isFlat = format === 'yaml' && leaves.every(({ path }) => path.length === 1)
    return { file: name, format: isFlat ? 'properties' : format, leaves }
  })
}

/**
 * JSON begins with a bracket. YAML has a line `key:` followed by white space or the end of the line, or a list item, before
 * any `key=value`. Everything else is read as properties, which accept almost any text.
 */
export function formatOf(text: string): ConfigDocument['format'] {
  if (/^\s*[[{]/.test(text)) return 'json'
  for (const line of text.split(/\r\n|\r|\n/)) {
    if (/^\s*(?:#|!|$)/.test(line)) continue
    if (/^(?:---|%YAML)/.test(line)) return 'yaml'
    if (/^[\w.\\-]+\s*=/.test(line)) return 'properties'
    if (/^(?:["']?[\w.\-/ ]+["']?|<<):(?:\s|$)/.test(line)) return 'yaml'
    return 'properties'
  }
  return 'properties'
}

function propertyLeaves({ name, text }: SourceText): Leaf[] {
  const { properties, broken } = parseProperties(text)
  const [first] = broken
  if (first) throw LossproofError.at('usage', { file: name, line: first.line }, first.message)
  if (properties.length > mostProperties)
    throw new LossproofError(
      'usage',
      `${name}: ${properties.length} settings; configuration files have at most ${mostProperties}`,
    )
  return properties.map(({ key, value, line }) => ({ path: [key], value: scalar(value), line }))
}

/** The YAML parser accepts more than JSON: comments, single quotes, missing commas. */
function checkJson({ name, text }: SourceText): void {
  try {
    JSON.parse(text)
  } catch (error) {
    const at = error instanceof Error ? /position (?<at>\d+)/.exec(error.message)?.groups?.['at'] : undefined
    const line = at === undefined ? 1 : text.slice(0, Number(at)).split('\n').length
    const reason = error instanceof Error ? error.message.replace(/ in JSON at position.*$/s, '') : String(error)
    throw LossproofError.at('usage', { file: name, line }, `not valid JSON: ${reason}`, { cause: error })
  }
}
