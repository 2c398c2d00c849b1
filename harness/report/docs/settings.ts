/** What a system lets scenarios say about clusters, and what Lossproof sets there by itself: tables for docs/. */
import { z } from 'zod'
import { LossproofError } from '../../../model/errors.ts'
import type { Settings, Site } from '../../../model/plan.ts'
import type { ScenarioErrors } from '../../../model/scenario-errors.ts'
import { defaultVersions, systems } from '../../../systems/index.ts'
import type { SystemFacts } from '../../../systems/shared/facts.ts'
import { code, table } from './template.ts'

/** The keys of `cluster`, one table per system. */
export function clusterTables(): string {
  return systems
    .map(({ label, planning }) =>
      table(
        [`key of \`cluster\` on ${label}`, 'meaning (default)', 'form'],
        Object.entries(planning.clusterSettings).map(([name, { doc, form }]) => [code(name), doc, form]),
      ),
    )
    .join('\n\n')
}

/** The versions of each system of which an image can be built. */
export function versionTable(): string {
  return table(
    ['system', 'versions that can be built', 'default'],
    systems.map(({ label, planning, images }) => [label, planning.versions.join(', '), images.defaultVersion]),
  )
}

/** Everything that Lossproof sets, one section per system and kind of cluster. */
export function harnessSettingTables(): string {
  return systems
    .flatMap(system =>
      modesOf(system).flatMap(mode => {
        const site = siteOf(system, mode === undefined ? {} : { mode })
        const known = system.planning.knownSettings('broker', site.cluster.version)
        return Object.entries(system.planning.harnessSettings(site)).map(([node, settings]) => {
          const title = `### ${system.label} ${site.cluster.version}, ${node}${mode === undefined ? '' : `, ${mode} mode`}`
          const rows = settings.map(({ name, value, reason, kind }) => [
            code(name),
            code(String(value)),
            known[name]?.default === undefined ? '' : code(known[name].default),
            kind,
            reason,
          ])
          return `${title}\n\n${table(['setting', 'value', "system's default", 'kind', 'reason'], rows)}`
        })
      }),
    )
    .join('\n\n')
}

/** Broker settings that scenarios cannot give. */
export function reservedSettingTables(): string {
  return systems
    .map(({ label, planning }) =>
      [
        `### ${label}`,
        table(
          ['settings', 'reason'],
          planning.reservedBrokerSettings.map(({ names, reason }) => [names.map(code).join(', '), reason]),
        ),
      ].join('\n\n'),
    )
    .join('\n\n')
}

/** The values of the setting `mode`; one undefined for a system without modes. */
function modesOf({ planning }: SystemFacts): (string | undefined)[] {
  const input = planning.clusterSettings['mode']?.input
  return input instanceof z.ZodEnum ? input.options.map(String) : [undefined]
}

/** The cluster of a scenario that gives nothing but these settings. */
function siteOf(system: SystemFacts, cluster: Settings): Site {
  const fail = (_: unknown, message: string) => new LossproofError('scenario', message)
  const errors: ScenarioErrors = { error: fail, settingError: fail }
  const version = defaultVersions[system.id] ?? ''
  return system.planning.planCluster(errors, [{ cluster, broker: {}, version }]).site
}
