/** The application in the middle of a lane, from the settings of the place `app`. */
import { abilities } from '../../../model/abilities.ts'
import { applicationClient } from '../../../model/lane.ts'
import type { Application, Lane } from '../../../model/lane.ts'
import type { Settings } from '../../../model/settings.ts'
import { withoutNull } from '../../../model/settings.ts'
import type { SystemFacts } from '../../../systems/shared/facts.ts'
import { canSendHeaders, clientIds, runsIn } from '../../../workloads/clients/catalog.ts'
import { asText } from '../../../workloads/clients/command/words.ts'
import { parseCorrelation } from '../../../workloads/application/correlation.ts'
import { applicationRefusal } from '../../../workloads/application/facts.ts'
import { defaultJson } from '../../../workloads/application/message.ts'
import type { ScenarioSource } from '../scenario/source.ts'
import { parseDuration } from '../scenario/units.ts'
import { consumerSettings } from '../workload/settings.ts'
import type { PlannedWorkload } from '../workload/workload.ts'
import { folderOf } from './client-of.ts'
import type { SettingsByPlace } from './gather.ts'

/** Workload settings of consumers that have a meaning for an application too. */
const kept: readonly string[] = ['consumers']

/** The block `app` of a scenario as flat settings: lists of words become text, `env: { A: x }` becomes `env.A: x`. */
export function appSettings(given: Readonly<Record<string, unknown>> = {}): Record<string, unknown> {
  return Object.fromEntries(
    Object.entries(given).flatMap(([name, value]): [string, unknown][] => {
      if (name === 'env' && typeof value === 'object' && value !== null)
        return Object.entries(value).map(([variable, text]) => [`env.${variable}`, text])
      return [[name, Array.isArray(value) ? asText(value.map(String)) : value]]
    }),
  )
}

/** The application as a lane has it: its processes are the lane's consumer. Throws LossproofError('scenario'). */
export function planApplication(
  source: ScenarioSource,
  system: SystemFacts,
  byPlace: SettingsByPlace & { app: Settings },
  { handling, instances, workload }: PlannedWorkload,
  { group, client }: { group: string; client: string },
): Required<Pick<Lane, 'consumer' | 'app'>> {
  const { image, folder, ...rest } = withoutNull(byPlace.app)
  const isHere = image === undefined
  const settings: Settings = {
    ...rest,
    ...(isHere ? { folder: folder ?? folderOf(source.file) } : { image, ...(folder === undefined ? {} : { folder }) }),
  }
  refuseSystem(source, system)
  const refused = applicationRefusal(settings)
  if (refused !== undefined) throw source.settingError(`app.${refused.name}`, refused.why)
  refuseVain(source, byPlace)
  const correlate = String(settings['correlate'] ?? 'key')
  const by = parseCorrelation(correlate)?.by
  const isSender = (id: string) => runsIn(id) === 'node' && (by !== 'header' || canSendHeaders(id))
  if (!isSender(client))
    throw source.settingError('client', `the client ${client} cannot send the inputs of such an application`, {
      hint: `one of ${clientIds(system.id, 'producer').filter(isSender).join(', ')}`,
    })
  if (by === 'key' && workload.keys !== undefined)
    throw source.settingError(
      'workload.keys',
      'workload.keys: with app.correlate: key, each input has a key of its own',
    )
  if (workload.spread)
    throw source.settingError('workload.spread', 'workload.spread is not supported with an application: leave it out')
  return {
    consumer: { client: applicationClient, group, settings: {}, clientSettings: settings, handling, instances },
    app: {
      out: { name: String(settings['out']) },
      correlate,
      ...messageOf(settings, by),
      ...withinOf(source, settings),
    },
  }
}

function messageOf(settings: Settings, by: string | undefined): Pick<Application, 'message'> {
  const { message } = settings
  if (message !== undefined) return { message: String(message) }
  return by === 'path' ? { message: defaultJson } : {}
}

function withinOf(source: ScenarioSource, { within }: Settings): Pick<Application, 'withinMs'> {
  if (within === undefined) return {}
  const withinMs = typeof within === 'string' ? parseDuration(within) : undefined
  if (withinMs === undefined || withinMs < 1)
    throw source.settingError('app.within', `app.within: expected a duration such as 5s, got ${JSON.stringify(within)}`)
  return { withinMs }
}

function refuseSystem(source: ScenarioSource, system: SystemFacts): void {
  if (system.abilities.includes('application')) return
  throw source.error(['lanes', 'defaults'], `${system.label} does not support an application in the middle`, {
    key: 'app',
    hint: `it is for systems where ${abilities.application}`,
  })
}

/** The application decides what a consumer of the harness would be told. */
function refuseVain(source: ScenarioSource, { consumer, client, workload }: SettingsByPlace): void {
  if (consumer !== undefined)
    throw source.error(
      ['lanes', 'defaults'],
      'lanes.defaults.consumer has no effect: the application is the consumer',
      {
        key: 'consumer',
      },
    )
  const [own] = Object.keys(client).filter(name => name.startsWith('consumer.'))
  if (own !== undefined)
    throw source.settingError(`client.${own}`, `client.${own} has no effect: the application is the consumer`)
  for (const name of consumerSettings)
    if ((workload[name] ?? null) !== null && !kept.includes(name))
      throw source.settingError(`workload.${name}`, `workload.${name} has no effect on an application: leave it out`)
}
