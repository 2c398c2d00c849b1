/** Whether a client library exists for the system, and whether it honours its settings. */
import { clientIds, conflictOf, ownSettingsOf, passesSettings, settingsOf } from '../../../workloads/clients/catalog.ts'
import type { Application, Role, SettingMap } from '../../../workloads/clients/facts.ts'
import { suggestion } from '../../../model/nearest.ts'
import type { Settings, SettingValue } from '../../../model/settings.ts'
import type { SystemFacts } from '../../../systems/shared/facts.ts'
import type { ScenarioSource } from '../scenario/source.ts'

export interface ClientUse {
  client: string
  role: Role
  /** Settings under their documented names. */
  settings: Settings
  /** Settings that only this library has. */
  clientSettings: Settings
  application: Application
}

/** Throws LossproofError('scenario') for an unknown client and for settings that the client cannot honour. */
export function checkClient(source: ScenarioSource, system: SystemFacts, use: ClientUse): void {
  const { client, role } = use
  const ids = clientIds(system.id, role)
  if (!ids.includes(client)) {
    const other = role === 'producer' ? 'consumer' : 'producer'
    const playsOther = clientIds(system.id, other).includes(client)
    throw source.settingError(
      'client',
      playsOther
        ? `client "${client}" can only be a ${other}, and this lane has a ${role}`
        : `unknown ${role} client "${client}" for ${system.label}`,
      { hint: playsOther ? `one of ${ids.join(', ')}` : suggestion(client, ids, `one of ${ids.join(', ')}`) },
    )
  }
  if (!passesSettings(client)) refuseUnhonoured(source, client, role, use.settings, settingsOf(client, role))
  refuseUnhonoured(source, client, 'client', use.clientSettings, ownSettingsOf(client))
  const conflict = conflictOf(client, role, use.settings, { ...use.application, own: use.clientSettings })
  if (conflict !== undefined) throw source.error(['lanes'], `${role}: ${conflict}`)
}

function refuseUnhonoured(
  source: ScenarioSource,
  client: string,
  place: Role | 'client',
  settings: Settings,
  known: SettingMap,
): void {
  for (const [name, value] of Object.entries(settings)) {
    const wrong = refusalOf(client, known, name, value)
    if (wrong === undefined) continue
    const all = `${client} supports ${[...known.keys()].join(', ')}`
    throw source.settingError(`${place}.${name}`, `${place}.${name}: ${wrong}`, {
      hint: known.has(name) ? all : suggestion(name, known.keys(), all),
    })
  }
}

function refusalOf(client: string, known: SettingMap, name: string, value: SettingValue): string | undefined {
  const setting = known.get(name)
  return setting ? setting.check(value) : `${client} does not support this setting`
}
