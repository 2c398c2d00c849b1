/** A fault that a step injects: its id, target and parameters, checked against the fault, the system and the cluster. */
import { ownValue } from '../../../model/input/own-value.ts'
import type { Fault } from '../../../faults/fault.ts'
import { appRole, rolesOf, targetsOn } from '../../../faults/fault.ts'
import { faults, findFault } from '../../../faults/index.ts'
import { suggestion } from '../../../model/nearest.ts'
import type { FaultCall } from '../../../model/schedule.ts'
import type { ScenarioPath } from '../../../model/scenario-errors.ts'
import type { Settings } from '../../../model/settings.ts'
import type { SystemFacts } from '../../../systems/shared/facts.ts'
import { refuseOnOwnCluster } from '../../../systems/shared/own-cluster/refuse-fault.ts'
import type { TargetContext } from '../../../systems/shared/planning.ts'
import type { ScenarioFault } from '../scenario/schema.ts'
import type { ScenarioSource } from '../scenario/source.ts'

export interface CallContext {
  system: SystemFacts
  target: TargetContext
  /** How often each fault was injected so far. */
  calls: Map<string, number>
}

export function planCall(
  source: ScenarioSource,
  call: ScenarioFault,
  path: ScenarioPath,
  { system, target: context, calls }: CallContext,
): FaultCall {
  const fault = knownFault(source, call.fault, [...path, 'fault'], system)
  const impossible = refuseOnOwnCluster(fault, context.cluster)
  if (impossible !== undefined) throw source.error([...path, 'fault'], `fault ${fault.id}: ${impossible}`)
  const target = planTarget(source, fault, call.target, [...path, 'target'], system, context)
  const params = planParams(source, call, path, fault)
  const refused = fault.refuses?.(context.brokers, params)
  if (refused !== undefined) throw source.error([...path, 'target'], `fault ${fault.id} on "${target}": ${refused}`)
  const number = (calls.get(fault.id) ?? 0) + 1
  calls.set(fault.id, number)
  return { id: `${fault.id}-${number}`, fault: fault.id, target, params }
}

function knownFault(source: ScenarioSource, id: string, path: ScenarioPath, system: SystemFacts): Fault {
  const fault = findFault(id)
  const isKnown = (known: Fault) => targetsOn(system, known, { applications: true }).length > 0
  if (fault && isKnown(fault)) return fault
  const ids = faults.filter(isKnown).map(known => known.id)
  const all = `one of ${ids.join(', ')}`
  throw fault
    ? source.error(path, `${system.label} does not support the fault "${id}"`, { hint: all })
    : source.error(path, `unknown fault "${id}"`, { hint: suggestion(id, ids, all) })
}

function planTarget(
  source: ScenarioSource,
  fault: Fault,
  given: string | undefined,
  path: ScenarioPath,
  system: SystemFacts,
  context: TargetContext,
): string {
  const targets = targetsOn(system, fault, { applications: true })
  const target = given ?? targets[0] ?? ''
  const roles = rolesOf(target)
  if (roles.length > 1 && (fault.kind === 'client' || fault.kind === 'client-link'))
    throw source.error(path, `fault ${fault.id} hits clients, which cannot be joined by "+" in a target`)
  for (const role of roles) {
    if (!targets.includes(role))
      throw source.error(path, `fault ${fault.id} has no target "${role}"`, {
        hint: suggestion(role, targets, `one of ${targets.join(', ')}, or several node roles joined by +`),
      })
    const refused = refuseClients(fault, role, context) ?? system.planning.refuseTarget(role, context)
    if (refused !== undefined) throw source.error(path, `fault ${fault.id}: target "${role}": ${refused}`)
  }
  return target
}

/** A fault of client processes needs processes of that role, and a fault of an application's links an application. */
function refuseClients(fault: Fault, target: string, { lanes }: TargetContext): string | undefined {
  const hasApplication = lanes.some(lane => lane.app === true)
  if (target === appRole)
    return hasApplication ? undefined : 'no lane has an application; lanes.defaults.app describes one'
  if (hasApplication && (target === 'consumer' || target === 'first-consumer'))
    return fault.kind === 'client'
      ? 'the consumer of the lanes is an application: use crash-app, stop-app or pause-app'
      : `the consumer of the lanes is an application: the target is "${appRole}"`
  const needsConsumers = fault.kind === 'client' && target !== 'producer'
  return needsConsumers && !lanes.some(lane => lane.consumes) ? 'no lane has a consumer' : undefined
}

function planParams(source: ScenarioSource, call: ScenarioFault, path: ScenarioPath, fault: Fault): Settings {
  const params: Settings = {}
  const known = Object.keys(fault.params)
  for (const [key, value] of Object.entries(call)) {
    if (key === 'fault' || key === 'target' || key === 'window') continue
    const param = ownValue(fault.params, key)
    if (!param) {
      const words = ['target', 'window', ...known]
      throw source.error(path, `fault ${call.fault} has no parameter "${key}"`, {
        key,
        hint: suggestion(key, words, `parameters: ${words.join(', ')}`),
      })
    }
    const given = typeof value === 'string' || typeof value === 'number' || typeof value === 'boolean' ? value : null
    const wrong = param.check(given)
    if (wrong !== undefined) throw source.error(path, `fault ${call.fault}: ${key}: ${wrong}`, { key })
    params[key] = given
  }
  return params
}
