/** For tests: the scenario of a probe for given settings. */
import type { Settings } from '../../../../model/settings.ts'
import { systemFacts } from '../../../../systems/index.ts'
import type { ScenarioSource } from '../../../plan/scenario/source.ts'
import { composeScenario } from '../../plan/compose.ts'
import type { Configuration, PlacedSetting } from '../../read/configuration.ts'
import type { Probe } from '../probe.ts'

/** The scenario of a probe as an audit composes it. `client` in `own` names the library. */
export function composeProbe(probe: Probe, system: string, own: Settings, fixes: readonly Settings[]): ScenarioSource {
  const { images, planning, audit } = systemFacts(system)
  const { client = planning.defaultClient, ...placed } = own
  const settings = Object.entries(placed).map(([name, value]): PlacedSetting => {
    const dot = name.indexOf('.')
    return { place: name.slice(0, dot) as PlacedSetting['place'], name: name.slice(dot + 1), value }
  })
  const cluster = settings.filter(({ place }) => place === 'cluster').map(({ name, value }) => [name, value] as const)
  const { version = images.defaultVersion, ...shape } = Object.fromEntries(cluster)
  const configuration: Configuration = {
    system,
    version: String(version),
    client: String(client),
    topic: undefined,
    files: [],
    cluster: shape,
    settings: settings.filter(({ place }) => place !== 'cluster'),
    keys: [],
    assumptions: [],
    notes: [],
    mentions: [],
  }
  return composeScenario(probe, configuration, audit.neutral, { own: true, fixes })
}
