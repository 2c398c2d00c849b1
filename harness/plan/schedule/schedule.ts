/** The scenario's schedule → steps of one trial. Every name in it is resolved or refused. */
import { findFault } from '../../../faults/index.ts'
import { suggestion } from '../../../model/nearest.ts'
import type { FaultCall, Step } from '../../../model/schedule.ts'
import type { ScenarioPath } from '../../../model/scenario-errors.ts'
import type { Settings } from '../../../model/settings.ts'
import { systemFacts } from '../../../systems/index.ts'
import type { ScenarioStep } from '../scenario/schema.ts'
import type { ScenarioSource } from '../scenario/source.ts'
import { planCall } from './fault-call.ts'
import { planTrigger } from './trigger.ts'
import type { ScheduledLane } from './trigger.ts'
import { faultsOf, windowOf, writtenSteps } from './windows.ts'

/** What the schedule needs to know about its trial. */
export interface ScheduledTrial {
  lanes: ScheduledLane[]
  /** Settings of the place `cluster`. */
  cluster: Settings
  brokers: number
}

/** The steps of a trial. Throws LossproofError('scenario') with the line of the first part that is not valid. */
export function planSchedule(source: ScenarioSource, { lanes, cluster, brokers }: ScheduledTrial): Step[] {
  const system = systemFacts(source.scenario.system)
  const opened: string[] = []
  const calls = new Map<string, number>()
  const steps = writtenSteps(source.scenario)
  return steps.map((written, index): Step => {
    const { step, path, round } = written
    const after = planTrigger(source, step.after, [...path, 'after'], { system, lanes, opened, round })
    const inject = faultsOf(step).map((call, at) => {
      const callPath = Array.isArray(step.inject) ? [...path, 'inject', at] : [...path, 'inject']
      return planCall(source, call, callPath, { system, target: { lanes, cluster, brokers }, calls })
    })
    const window = windowOf(written)
    if (window !== undefined) {
      if (opened.includes(window)) throw source.error(path, `window "${window}" is opened twice`)
      opened.push(window)
    }
    const heal = planHeal(source, step.heal, [...path, 'heal'], calls)
    if (inject.length === 0 && heal === undefined && window === undefined)
      throw source.error(path, 'the step does nothing', { hint: 'add inject, heal or window' })
    const previous = steps[index - 1]
    const closesWindow = previous !== undefined && windowOf(previous) !== undefined
    return {
      after,
      inject,
      ...(heal === undefined ? {} : { heal }),
      ...(window === undefined ? {} : { window }),
      quiesce: step.quiesce ?? quiescesByDefault(inject, window !== undefined || closesWindow),
    }
  })
}

/** Producers pause around an injection and around both edges of a window, except for faults that need the load. */
function quiescesByDefault(inject: FaultCall[], edge: boolean): boolean {
  return (inject.length > 0 || edge) && !inject.some(call => findFault(call.fault)?.underLoad === true)
}

/** Fault names → ids of fault calls. A name without a number means the last injection so far. */
function planHeal(
  source: ScenarioSource,
  heal: ScenarioStep['heal'],
  path: ScenarioPath,
  calls: Map<string, number>,
): Step['heal'] {
  if (heal === undefined || heal === 'all') return heal
  return heal.map(name => {
    const id = /-\d+$/.test(name) ? name : `${name}-${calls.get(name) ?? 1}`
    const number = Number(/\d+$/.exec(id)?.[0])
    if (number >= 1 && number <= (calls.get(id.replace(/-\d+$/, '')) ?? 0)) return id
    const injected = [...calls].flatMap(([fault, count]) =>
      Array.from({ length: count }, (_, at) => `${fault}-${at + 1}`),
    )
    throw source.error(path, `heal names "${name}", which no earlier step injects`, {
      hint: suggestion(name, injected, `injected before: ${injected.join(', ') || 'nothing'}`),
    })
  })
}
