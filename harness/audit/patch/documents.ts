/** The user's files as documents whose format is known, with the place where each setting is, or belongs. */
import { systemFacts } from '../../../systems/index.ts'
import type {
  ConfigDocument,
  ConfigFormat,
  KnownSettings,
  ReadKey,
  SpelledSetting,
  WantedSetting,
} from '../../../systems/shared/config-files/types.ts'
import { documentsOf, formatOf } from '../read/documents.ts'
import { recognise } from '../read/recognise.ts'
import { addProperty, replaceProperty } from './properties-edit.ts'
import { addValue, replaceValue, yamlText } from './yaml-edit.ts'
import type { Edit } from './edit.ts'

export interface PatchedDocument {
  file: string
  text: string
  /** Position among the documents of the file. */
  index: number
  document: ConfigDocument
  format: ConfigFormat
  known: KnownSettings
  keys: readonly ReadKey[]
}

/** `displaces`: the setting as `place.setting` whose key gets another meaning. */
export type DocumentEdit = { file: string; edit: Edit; displaces?: string } | { file: string; problem: string }

export function patchedDocuments(
  texts: ReadonlyMap<string, string>,
  { system, version }: { system: string; version: string },
): PatchedDocument[] {
  const { id, label, configFiles } = systemFacts(system)
  const candidate = { id, label, version, facts: configFiles(version) }
  const { known } = candidate.facts
  return [...texts].flatMap(([name, text]) => {
    const all = documentsOf({ name, text })
    return recognise(
      all.filter(({ leaves }) => leaves.length > 0),
      [candidate],
    ).map(({ document, format }) => ({
      file: name,
      text,
      index: all.indexOf(document),
      document,
      format,
      known,
      keys: format.read(document, known).keys,
    }))
  })
}

/** Where a setting belongs in the documents, one entry for each node or client. */
export interface SettingPlaces {
  document: PatchedDocument
  spelled: SpelledSetting[]
}

/** Documents that have the setting itself come before those that have a default for it. */
export function placesFor(documents: readonly PatchedDocument[], wanted: WantedSetting): SettingPlaces[] {
  const all = documents
    .map(document => ({ document, spelled: document.format.spell?.(wanted, document.document, document.known) ?? [] }))
    .filter(({ document, spelled }) => spelled.length > 0 || keysOf(document, wanted).length > 0)
  const direct = all.filter(({ spelled }) => spelled.every(({ as }) => as === undefined))
  const places = direct.length > 0 ? direct : all
  if (wanted.place === 'broker' || direct.length === 0) return places
  // One client or topic: where the files have the setting already, else the first that can have it.
  const having = places.filter(({ document }) => keysOf(document, wanted).length > 0)
  return having.length > 0 ? having : places.slice(0, 1)
}

/** The edits that give the setting its value in one document. */
export function editsFor({ document, spelled }: SettingPlaces, wanted: WantedSetting): DocumentEdit[] {
  const [first] = spelled
  const present = keysOf(document, { ...wanted, ...first?.as })
  const replaced = present.map(key => replace(document, key, first?.value ?? wanted.value))
  // Nodes have the setting each; a client or a topic has it once, whatever key spells it.
  const missing = wanted.place === 'broker' || first?.as || present.length === 0 ? spelled : []
  return [
    ...replaced,
    ...missing.filter(one => !present.some(key => isAt(key, one))).flatMap(one => addOrDisplace(document, one)),
  ]
}

/** A key with another meaning gets the value when it is a setting; one that describes the node stays. */
function addOrDisplace(document: PatchedDocument, spelled: SpelledSetting): DocumentEdit[] {
  const key = document.keys.find(found => isAt(found, spelled))
  if (!key) return [add(document, spelled)]
  if (key.meaning.kind !== 'setting') return []
  const { place, name } = key.meaning
  return [{ ...replace(document, key, spelled.value), displaces: `${place}.${name}` }]
}

/** Of a key that a properties file has twice, the last one counts. */
function keysOf({ document, keys }: PatchedDocument, { place, name, topic }: WantedSetting): ReadKey[] {
  const found = keys.filter(
    ({ meaning }) =>
      meaning.kind === 'setting' &&
      meaning.place === place &&
      meaning.name === name &&
      (topic === undefined || meaning.topic === undefined || meaning.topic === topic),
  )
  return document.format === 'properties' ? found.slice(-1) : found
}

const isAt = ({ key, leaf }: ReadKey, { path, item }: SpelledSetting) =>
  item === undefined
    ? leaf.path.join('\0') === path.join('\0')
    : key === item && leaf.path.slice(0, -1).join('\0') === path.join('\0')

const isProperties = ({ text }: PatchedDocument) => formatOf(text) === 'properties'

function replace(document: PatchedDocument, { key, leaf }: ReadKey, value: SpelledSetting['value']): DocumentEdit {
  const { file, text } = document
  const problem = { file, problem: `${file}:${leaf.line}: the value has a form that is not changed` }
  if (isProperties(document)) {
    const edit = replaceProperty(text, leaf.line, String(value))
    return edit ? { file, edit } : problem
  }
  const yaml = yamlText(text, document.document.format === 'json', document.index)
  const isItem = /^\d+$/.test(leaf.path.at(-1) ?? '')
  const edit = yaml && replaceValue(yaml, leaf.path, value, isItem ? key : undefined)
  return edit ? { file, edit } : problem
}

function add(document: PatchedDocument, { path, value, item }: SpelledSetting): DocumentEdit {
  const { file, text } = document
  if (isProperties(document)) return { file, edit: addProperty(text, path.join('.'), String(value)) }
  const yaml = yamlText(text, document.document.format === 'json', document.index)
  const edit = yaml && addValue(yaml, path, value, item)
  return edit ? { file, edit } : { file, problem: `${file}: no place was found for ${item ?? path.join('.')}` }
}
