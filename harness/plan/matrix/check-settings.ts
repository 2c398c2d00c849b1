/** Whether broker and topic settings have the effect that the author expects: known names, accepted values, not reserved. */
import { ownValue } from '../../../model/input/own-value.ts'
import { clientIds, settingsOf } from '../../../workloads/clients/catalog.ts'
import { nearest } from '../../../model/nearest.ts'
import { refuseValue } from '../../../model/setting-definition.ts'
import type { SettingDefinitions } from '../../../model/setting-definition.ts'
import type { Settings, SettingValue } from '../../../model/settings.ts'
import type { SystemFacts } from '../../../systems/shared/facts.ts'
import { reservedReason } from '../../../systems/shared/settings/known.ts'
import type { ScenarioSource } from '../scenario/source.ts'

type CheckedPlace = 'broker' | 'topic'

/** What the checks need to know about a cell. */
export interface CheckedCell {
  version: string
  cluster: Settings
}

/** Throws LossproofError('scenario') at the line of the first setting that the system would ignore or reject. */
export function checkSettings(
  source: ScenarioSource,
  system: SystemFacts,
  place: CheckedPlace,
  settings: Settings,
  cell: CheckedCell,
): void {
  for (const [name, value] of Object.entries(settings)) {
    const refused = refusalOf(source, system, place, name, value, cell)
    if (refused === undefined) continue
    const { message, hint } = refused
    throw source.settingError(`${place}.${name}`, `${place}.${name}: ${message}`, hint === undefined ? {} : { hint })
  }
}

interface Refusal {
  message: string
  hint?: string
}

function refusalOf(
  source: ScenarioSource,
  system: SystemFacts,
  place: CheckedPlace,
  name: string,
  value: SettingValue,
  { version, cluster }: CheckedCell,
): Refusal | undefined {
  const { planning } = system
  const unwritable = unwritableReason(name, value)
  if (unwritable !== undefined) return { message: unwritable }
  const reason =
    place === 'broker' ? reservedReason(planning.reservedBrokerSettings, planning.plainName(name)) : undefined
  if (reason !== undefined) return { message: `only Lossproof can set it: ${reason}`, hint: 'remove it' }
  if (source.unchecked.has(`${place}.${name}`)) return undefined
  const known = planning.knownSettings(place, version)
  const definition = ownValue(known, name)
  if (definition === undefined) return unknown(system, place, name, version, known)
  const message =
    refuseValue(definition, value) ??
    (place === 'broker' ? planning.refuseBrokerSetting(name, value, cluster, version) : undefined)
  return message === undefined ? undefined : { message }
}

/** Configuration files have a line for each setting; another name or a line end in the value would set something else. */
function unwritableReason(name: string, value: SettingValue): string | undefined {
  if (!/^[A-Za-z0-9._-]+$/.test(name))
    return `${JSON.stringify(name)} is not the name of a setting: expected letters, digits, dots, dashes and underscores`
  // oxlint-disable-next-line no-control-regex -- the expression looks for control characters
  return /[\u0000-\u001f\u007f\u0085\u2028\u2029]/.test(String(value))
    ? `expected a value on one line, got ${JSON.stringify(value)}`
    : undefined
}

function unknown(
  system: SystemFacts,
  place: CheckedPlace,
  name: string,
  version: string,
  known: SettingDefinitions,
): Refusal {
  const plain = system.planning.plainName(name)
  const message = `${system.label} ${version} does not know this ${place} setting and would ignore it`
  if (Object.hasOwn(known, plain)) return { message, hint: `did you mean "${plain}"?` }
  const affixed = affixedName(plain, Object.keys(known))
  if (affixed !== undefined) return { message, hint: `did you mean "${affixed}"?` }
  const other = otherPlace(system, place, plain, version)
  if (other !== undefined) return { message, hint: `it is a ${other} setting: ${other}.${plain}` }
  const meant = nearest(plain, Object.keys(known))
  if (meant !== undefined) return { message, hint: `did you mean "${meant}"?` }
  return { message, hint: `if your own build knows it, add "unchecked: [${place}.${name}]" to the scenario` }
}

/** The same name with one more or one less word before it: brokers spell `retention.ms` of topics `log.retention.ms`. */
function affixedName(name: string, known: readonly string[]): string | undefined {
  return known
    .filter(other => other.endsWith(`.${name}`) || name.endsWith(`.${other}`))
    .toSorted((a, b) => Math.abs(a.length - name.length) - Math.abs(b.length - name.length))[0]
}

/** Another place that has a setting of this name. */
function otherPlace(system: SystemFacts, place: CheckedPlace, name: string, version: string): string | undefined {
  const other = place === 'broker' ? 'topic' : 'broker'
  if (Object.hasOwn(system.planning.knownSettings(other, version), name)) return other
  return (['producer', 'consumer'] as const).find(role =>
    clientIds(system.id, role).some(client => settingsOf(client, role).has(name)),
  )
}
