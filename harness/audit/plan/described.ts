/** Parts of the configuration and the probes as the result of an audit tells them. */
import type { AuditedKey, AuditPlan } from '../../../model/audit.ts'
import type { Settings } from '../../../model/settings.ts'
import type { AuditFacts } from '../../../systems/shared/audit.ts'
import type { Probe } from '../probes/probe.ts'
import type { ClassifiedKey } from '../read/configuration.ts'

/** Nothing for keys that are part of the test and not dangerous by themselves. */
export function auditedKey({ file, line, key, value, verdict, reason, danger }: ClassifiedKey): AuditedKey[] {
  if (verdict === 'shape' || (verdict === 'used' && danger === undefined)) return []
  return [
    {
      file,
      line,
      key,
      value,
      verdict,
      ...(reason === undefined ? {} : { reason }),
      ...(danger === undefined ? {} : { danger }),
    },
  ]
}

export const setByHarness = ({ neutral }: AuditFacts, own: Settings): AuditPlan['setByHarness'] =>
  neutral
    .filter(({ name }) => own[`broker.${name}`] === undefined)
    .map(({ name, value, reason }) => ({ name: `broker.${name}`, value, reason }))

/** Equal settings once, with all probes that need them. */
export function setByProbes(probes: readonly Probe[]): AuditPlan['setByHarness'] {
  const needed = probes.flatMap(({ title, set, settled }) =>
    Object.entries({ ...set, ...(settled && { settled }) }).map(([name, value]) => ({ name, value, title })),
  )
  return [...Map.groupBy(needed, ({ name, value }) => `${name}=${String(value)}`).values()].map(same => ({
    name: same[0]?.name ?? '',
    value: same[0]?.value ?? null,
    reason: `only in the probes that cannot run without it: ${same.map(({ title }) => title).join(', ')}`,
  }))
}
