/** Decides what becomes of each key: used in the test, replaced, without effect, unsupported, unknown or invalid. */
import { LossproofError } from '../../../model/errors.ts'
import { nearest } from '../../../model/nearest.ts'
import type { ConfigFileFacts, ReadKey, SettingPlace } from '../../../systems/shared/config-files/types.ts'
import { unresolved } from '../../../systems/shared/config-files/placeholders.ts'
import { ownSettingsOf, settingsOf } from '../../../workloads/clients/catalog.ts'
import type { ClassifiedKey, KeyVerdict } from './configuration.ts'

export interface Context {
  facts: ConfigFileFacts
  /** Id of the client library of the test. */
  client: string
  /** Name of the topic that is tested; settings of other topics have no effect. */
  topic: string | undefined
}

const otherPlaces: readonly SettingPlace[] = ['broker', 'topic', 'producer', 'consumer']

/** Throws LossproofError('usage') for a setting whose value is a placeholder without a default. */
export function classify(file: string, { key, leaf, meaning }: ReadKey, context: Context): ClassifiedKey {
  const at = { file, line: leaf.line, key, value: leaf.value }
  if (meaning.kind === 'shape') return { ...at, verdict: 'shape' }
  if (meaning.kind === 'unknown')
    return { ...at, verdict: 'unknown', ...(meaning.hint === undefined ? {} : { reason: meaning.hint }) }
  if (meaning.kind !== 'setting') return { ...at, verdict: meaning.kind, reason: meaning.reason }
  const { place, name, value, topic } = meaning
  const setting = { ...at, value, place, name }
  const verdict = verdictOf(place, name, value, context)
  if (verdict.verdict === 'used' || verdict.verdict === 'invalid') {
    const placeholder = unresolved(value)
    if (placeholder !== undefined)
      throw LossproofError.at(
        'usage',
        { file, line: leaf.line },
        `${key} has the value ${placeholder}, which has no default`,
        { hint: 'write the value into the file, or give the placeholder a default' },
      )
  }
  if (topic !== undefined && context.topic !== undefined && topic !== context.topic)
    return { ...setting, verdict: 'no-effect', reason: `belongs to the topic ${topic}, which is not tested` }
  if (verdict.verdict !== 'used') return { ...setting, ...verdict }
  const danger = context.facts.dangers.find(known => known.place === place && known.name === name && known.when(value))
  return { ...setting, verdict: 'used', ...(danger ? { danger: { why: danger.why, source: danger.source } } : {}) }
}

function verdictOf(
  place: SettingPlace,
  name: string,
  value: ClassifiedKey['value'],
  { facts, client }: Context,
): { verdict: KeyVerdict; reason?: string } {
  if (place === 'workload' || place === 'cluster') return { verdict: 'used' }
  if (place === 'client') return clientVerdict(name, client)
  const reserved = facts.known.reserved(place, name)
  if (reserved !== undefined) return { verdict: 'replaced', reason: reserved }
  if (!facts.known.has(place, name)) return { verdict: 'unknown', ...unknownReason(place, name, facts) }
  if (value === null || value === '') return { verdict: 'no-effect', reason: 'has no value' }
  const noEffect = facts.noEffect(place, name)
  if (noEffect !== undefined) return { verdict: 'no-effect', reason: noEffect }
  const refused = facts.known.refuse(place, name, value)
  if (refused !== undefined) return { verdict: 'invalid', reason: refused }
  if (place !== 'producer' && place !== 'consumer') return { verdict: 'used' }
  const supported = settingsOf(client, place)
  if (!supported.has(name))
    return { verdict: 'unsupported', reason: `the client ${client} has no such setting; choose another with --client` }
  const wrong = supported.get(name)?.check(value)
  return wrong === undefined
    ? { verdict: 'used' }
    : { verdict: 'unsupported', reason: `the client ${client}: ${wrong}` }
}

function clientVerdict(name: string, client: string): { verdict: KeyVerdict; reason?: string } {
  if (name === 'library') return { verdict: 'shape' }
  return ownSettingsOf(client).has(name)
    ? { verdict: 'used' }
    : { verdict: 'unsupported', reason: `the client ${client} has no such setting; choose another with --client` }
}

function unknownReason(place: SettingPlace, name: string, { known, outdated }: ConfigFileFacts): { reason?: string } {
  const old = outdated(name)
  if (old !== undefined) return { reason: old }
  const other = otherPlaces.find(candidate => candidate !== place && known.has(candidate, name))
  if (other !== undefined) return { reason: `a setting of a ${other}, which a ${place} ignores` }
  const word = nearest(name, known.names(place))
  if (word !== undefined) return { reason: `did you mean ${word}?` }
  for (const candidate of otherPlaces) {
    const similar = nearest(name, known.names(candidate))
    if (similar !== undefined)
      return { reason: `did you mean ${similar}? It is a setting of a ${candidate}, which a ${place} ignores` }
  }
  return {}
}
