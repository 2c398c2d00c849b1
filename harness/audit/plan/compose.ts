/** A probe and somebody's settings → a scenario: a cell with their settings, the control, and a cell for each fix. */
import { stringify } from 'yaml'
import type { Settings, SettingValue } from '../../../model/settings.ts'
import type { AuditFacts } from '../../../systems/shared/audit.ts'
import { ScenarioSource } from '../../plan/scenario/source.ts'
import type { Configuration } from '../read/configuration.ts'
import type { Probe } from '../probes/probe.ts'
import { ownSettings } from './own-settings.ts'

const usualWorkload: Settings = { rate: '100/s', size: '100B' }

export interface ComposedCells {
  /** Settings that surely lose; undefined when the user has them all. */
  control: Settings | undefined
  fixes: readonly Settings[]
}

/** Settings of `wanted` that differ from the user's. */
export const changesOf = (wanted: Settings, own: Settings): Settings =>
  Object.fromEntries(Object.entries(wanted).filter(([name, value]) => String(own[name] ?? null) !== String(value)))

/** The scenario of a probe. Its first cell has the user's settings. Throws LossproofError('scenario') for one that cannot run. */
export function composeScenario(
  probe: Probe,
  configuration: Configuration,
  neutral: AuditFacts['neutral'],
  { control, fixes }: ComposedCells,
): ScenarioSource {
  const { system, version, client } = configuration
  const of = (place: string) => placed(configuration, probe, place)
  const quiet = Object.fromEntries(neutral.map(({ name, value }) => [name, value]))
  const { version: _, ...shape } = configuration.cluster
  const companions = fixes.flatMap(fix => companionOf(probe, fix, ownSettings(configuration)))
  const consumer = probe.side === 'consumer' ? { consumer: of('consumer') } : {}
  const scenario = {
    name: probe.id,
    system,
    cluster: { ...shape, ...of('cluster'), defaults: 'system', version, broker: { ...quiet, ...of('broker') } },
    lanes: {
      defaults: {
        topic: of('topic'),
        producer: of('producer'),
        ...consumer,
        client: { library: client, ...of('client') },
      },
      cells: [{}, ...(control === undefined ? [] : [control]), ...fixes, ...companions],
      ...(probe.isolate === undefined ? {} : { isolate: probe.isolate }),
    },
    workload: { ...usualWorkload, ...of('workload'), ...probe.workload },
    schedule: probe.schedule,
    ...(probe.recovery === undefined ? {} : { recovery: probe.recovery }),
    ...(probe.drain === undefined ? {} : { drain: probe.drain }),
    ...(probe.tail === undefined ? {} : { tail: probe.tail }),
    expect: [
      ...(control === undefined ? [] : [{ when: control, [probe.side === 'producer' ? 'lost' : 'skipped']: '>= 1' }]),
      ...companions.map(when => ({ when, stored: '>= 1' })),
    ],
  }
  return new ScenarioSource(`the probe ${probe.id}`, stringify(scenario))
}

/**
 * Brokers with other settings are another cluster, which needs a control of its own: steps of the schedule may wait for
 * it. Whether it loses there is open, because the fix may protect it as well.
 */
function companionOf({ control, isolate }: Probe, fix: Settings, own: Settings): Settings[] {
  const isElsewhere = Object.keys(fix).some(name => /^(?:broker|cluster)\./.test(name))
  if (control === undefined || isolate === true || !isElsewhere) return []
  const companion = { ...fix, ...control }
  return Object.keys(changesOf(companion, { ...own, ...fix })).length === 0 ? [] : [companion]
}

/** Settings of one place: the user's, and over them those without which the probe cannot run. */
function placed({ settings }: Configuration, { set }: Probe, place: string): Record<string, SettingValue> {
  const own = settings.filter(setting => setting.place === place).map(({ name, value }) => [name, value] as const)
  const forced = Object.entries(set).flatMap(([name, value]) =>
    name.startsWith(`${place}.`) ? [[name.slice(place.length + 1), value] as const] : [],
  )
  return Object.fromEntries([...own, ...forced])
}
