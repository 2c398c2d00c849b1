/** Finds the system and the format of each document by its content. */
import { LossproofError } from '../../../model/errors.ts'
import type { ConfigDocument, ConfigFileFacts, ConfigFormat } from '../../../systems/shared/config-files/types.ts'
import { ownFormat } from './own-format.ts'

/** A system with its formats, for one version. */
export interface Candidate {
  id: string
  label: string
  version: string
  facts: ConfigFileFacts
}

export interface Recognised {
  document: ConfigDocument
  system: Candidate
  format: ConfigFormat
}

/**
 * The documents of one file with their formats. Documents of a file with several that fit no format are left out; when no
 * document of the file fits, throws LossproofError('usage').
 */
export function recognise(documents: readonly ConfigDocument[], systems: readonly Candidate[]): Recognised[] {
  const found = documents.flatMap(document => best(document, systems) ?? [])
  const [first] = documents
  if (found.length === 0 && first) throw unrecognised(first, systems)
  return found
}

function best(document: ConfigDocument, systems: readonly Candidate[]): Recognised | undefined {
  const scored = systems
    .flatMap(system =>
      [...system.facts.formats, ownFormat(system.id)].map(format => ({
        document,
        system,
        format,
        score: format.match(document, system.facts.known),
      })),
    )
    .filter(({ score }) => score > 0)
    .toSorted((a, b) => b.score - a.score)
  const [first, second] = scored
  if (!first) return undefined
  if (second && second.score === first.score) {
    const labels = scored
      .filter(({ score }) => score === first.score)
      .map(({ system, format }) => `${system.label} ${format.label}`)
    throw new LossproofError('usage', `${document.file}: cannot tell whether this is a ${labels.join(' or a ')}`, {
      hint:
        'name the file after what it configures, for example producer.properties, or put its settings into YAML ' +
        'below broker, topic, producer or consumer',
    })
  }
  return first
}

function unrecognised({ file, leaves }: ConfigDocument, systems: readonly Candidate[]): LossproofError {
  const keys = leaves.slice(0, 3).map(({ path, line }) => `"${path.join('.')}" (line ${line})`)
  const labels = systems.map(({ label }) => label).join(' or ')
  const formats = systems.flatMap(({ label, facts }) => facts.formats.map(format => `${label} ${format.label}`))
  return new LossproofError(
    'usage',
    `${file}: not recognised as a configuration of ${labels}; it begins with ${keys.join(', ')}`,
    { hint: `supported: ${[...new Set(formats)].join(', ')}; or YAML with the keys broker, topic, producer, consumer` },
  )
}
