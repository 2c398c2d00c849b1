/** For tests: the shipped probes, and the scenario of a probe for somebody's settings. */
import { readdirSync, readFileSync } from 'node:fs'
import { basename, join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { stringify } from 'yaml'
import type { Settings } from '../../../../model/settings.ts'
import { systemFacts } from '../../../../systems/index.ts'
import { parseProbe } from '../probe.ts'
import type { Probe } from '../probe.ts'

const folder = fileURLToPath(new URL('../../../../scenarios/audit', import.meta.url))

/** The probes of a system, by file name. */
export function shippedProbes(system: string): Probe[] {
  const files = readdirSync(join(folder, system)).filter(name => name.endsWith('.yaml'))
  return files.toSorted().map(name => {
    const file = join(folder, system, name)
    return parseProbe(basename(name, '.yaml'), file, readFileSync(file, 'utf8'))
  })
}

/** The YAML of the scenario: cells with the user's settings, the control, and each fix. `client` in `own` names the library. */
export function composeProbe(probe: Probe, system: string, own: Settings, fixes: readonly Settings[]): string {
  const all: Settings = { ...own, ...probe.set }
  const of = (place: string) =>
    Object.fromEntries(
      Object.entries(all).flatMap(([name, value]) =>
        name.startsWith(`${place}.`) ? [[name.slice(place.length + 1), value] as const] : [],
      ),
    )
  const neutral = Object.fromEntries(systemFacts(system).audit.neutral.map(({ name, value }) => [name, value]))
  const client = own['client'] === undefined ? {} : { library: own['client'] }
  return stringify({
    name: probe.id,
    system,
    cluster: { ...of('cluster'), defaults: 'system', broker: { ...neutral, ...of('broker') } },
    lanes: {
      defaults: {
        topic: of('topic'),
        producer: of('producer'),
        ...(probe.side === 'consumer' ? { consumer: of('consumer') } : {}),
        ...(own['client'] === undefined ? {} : { client: { ...client, ...of('client') } }),
      },
      cells: [{}, ...(probe.control ? [probe.control] : []), ...fixes],
      ...(probe.isolate === undefined ? {} : { isolate: probe.isolate }),
    },
    workload: { ...of('workload'), ...probe.workload },
    schedule: probe.schedule,
    ...(probe.recovery === undefined ? {} : { recovery: probe.recovery }),
    ...(probe.drain === undefined ? {} : { drain: probe.drain }),
    ...(probe.tail === undefined ? {} : { tail: probe.tail }),
    ...(probe.control
      ? { expect: [{ when: probe.control, [probe.side === 'producer' ? 'lost' : 'skipped']: '>= 1' }] }
      : {}),
  })
}
