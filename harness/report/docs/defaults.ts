/** The page about settings that Lossproof sets by itself, and those that only it can set. */
import { LossproofError } from '../../../model/errors.ts'
import type { ScenarioErrors } from '../../../model/scenario-errors.ts'
import { systems } from '../../../systems/index.ts'
import type { SystemFacts } from '../../../systems/shared/facts.ts'
import type { HarnessSetting } from '../../../systems/shared/settings/known.ts'
import { code, fillTemplate, table } from './template.ts'

export function defaultsPage(template: string): string {
  return fillTemplate(template, { systems: systems.map(section).join('\n\n') })
}

function section(system: SystemFacts): string {
  const known = system.planning.knownSettings('broker', system.images.defaultVersion)
  const rows = settingsOf(system).map(({ node, name, value, reason }) => [
    node,
    code(name),
    code(String(value)),
    known[name]?.default === undefined ? '' : code(known[name].default),
    reason,
  ])
  const reserved = system.planning.reservedBrokerSettings.map(({ names, reason }) => [
    names.map(code).join(', '),
    reason,
  ])
  return [
    `## ${system.label}`,
    table(['node', 'setting', 'value', `default of ${system.images.defaultVersion}`, 'reason'], rows),
    `A scenario cannot give these broker settings:`,
    table(['settings', 'reason'], reserved),
  ].join('\n\n')
}

/** Of the clusters that stand for all others, each setting once. */
function settingsOf({ planning, images }: SystemFacts): (HarnessSetting & { node: string })[] {
  const version = images.defaultVersion
  const all = planning.documentedClusters.flatMap(cluster => {
    const { site } = planning.planCluster(refused, [{ cluster, broker: {}, version }])
    return Object.entries(planning.harnessSettings(site)).flatMap(([node, settings]) =>
      settings.map(setting => ({ node, ...setting })),
    )
  })
  return [...new Map(all.map(setting => [`${setting.node} ${setting.name}`, setting])).values()]
}

const wrong = (message: string) => new LossproofError('internal', `a documented cluster is refused: ${message}`)
const refused: ScenarioErrors = {
  error: (_path, message) => wrong(message),
  settingError: (_name, message) => wrong(message),
}
