/** Makes the scenario of a probe: one cell with the user's settings, one with the control, and one for each fix. */
import type { Settings, SettingValue } from '../../../model/settings.ts'
import type { AuditFacts } from '../../../systems/shared/audit.ts'
import { pointName } from '../../plan/matrix/matrix.ts'
import { ScenarioSource } from '../../plan/scenario/source.ts'
import type { Configuration } from '../read/configuration.ts'
import type { Probe } from '../probes/probe.ts'
import { ownSettings } from './own-settings.ts'

/** A consumer that stops is told beside the outcome. It loses nothing: what it has not reached is still there. */
const anyNumber = '<= 1000000000'
const usualWorkload: Settings = { rate: '100/s', size: '100B' }

export interface ComposedCells {
  /** Whether there is a cell with the user's settings as they are, and one with the control. */
  own: boolean
  fixes: readonly Settings[]
}

/** Settings of the brokers or the cluster are tried on brokers of their own. */
export const needsOwnBrokers = (fix: Settings): boolean =>
  Object.keys(fix).some(name => /^(?:broker|cluster)\./.test(name))

/** Settings of `wanted` that differ from the user's. */
export const changesOf = (wanted: Settings, own: Settings): Settings =>
  Object.fromEntries(Object.entries(wanted).filter(([name, value]) => String(own[name] ?? null) !== String(value)))

/** What may keep messages that these causes take, as differences from the user's settings, each once. */
export function fixesOf({ fixes }: Pick<AuditFacts, 'fixes'>, causes: readonly string[], own: Settings): Settings[] {
  const byName = new Map(
    causes
      .flatMap(cause => fixes(cause, own))
      .map(fix => changesOf(fix, own))
      .map(fix => [sortedName(fix), fix]),
  )
  byName.delete('')
  return [...byName.values()]
}

/** Equal for equal settings, whatever their order. */
export const sortedName = (settings: Settings): string =>
  pointName(Object.fromEntries(Object.entries(settings).toSorted(([a], [b]) => a.localeCompare(b))))

/** The control, unless the user has its settings already: then the user's own lane is one. */
export function controlOf({ control }: Probe, own: Settings): Settings | undefined {
  return control === undefined || Object.keys(changesOf(control, own)).length === 0 ? undefined : control
}

/** The scenario of a probe. Throws LossproofError('scenario') for one that cannot run. */
export function composeScenario(
  probe: Probe,
  configuration: Configuration,
  neutral: AuditFacts['neutral'],
  { own, fixes }: ComposedCells,
): ScenarioSource {
  const control = own ? controlOf(probe, ownSettings(configuration)) : undefined
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
      cells: [...(own ? [{}] : []), ...(control === undefined ? [] : [control]), ...fixes, ...companions],
      ...(probe.isolate === undefined ? {} : { isolate: probe.isolate }),
    },
    workload: { ...usualWorkload, ...of('workload'), ...probe.workload },
    schedule: probe.schedule,
    ...(probe.recovery === undefined ? {} : { recovery: probe.recovery }),
    ...(probe.drain === undefined ? {} : { drain: probe.drain }),
    ...(probe.settled === undefined ? {} : { settled: true }),
    ...(probe.tail === undefined ? {} : { tail: probe.tail }),
    expect: [
      ...(probe.side === 'consumer' ? [{ stalled: anyNumber }] : []),
      ...(control === undefined ? [] : [{ when: control, ...harm(probe) }]),
      ...companions.map(when => ({ when, stored: '>= 1' })),
    ],
  }
  return ScenarioSource.of(`the probe ${probe.id}`, scenario)
}

/** What surely happens to the control. */
const harm = ({ side }: Probe) => (side === 'producer' ? { lost: '>= 1' } : { skipped: '>= 1', stalled: anyNumber })

/**
 * Brokers with other settings are another cluster, which needs a control of its own: steps of the schedule may wait for
 * it. Whether it loses there is open, because the fix may protect it as well.
 */
function companionOf({ control, isolate }: Probe, fix: Settings, own: Settings): Settings[] {
  if (control === undefined || isolate === true || !needsOwnBrokers(fix)) return []
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
