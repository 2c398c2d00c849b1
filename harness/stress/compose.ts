/** A draw → the scenario that runs it. */
import type { Draw, DrawnStep } from '../../model/stress/stress.ts'
import type { Settings } from '../../model/settings.ts'
import { systemFacts } from '../../systems/index.ts'
import type { DeclaredRecovery } from '../../systems/shared/stress/facts.ts'
import type { Plan } from '../../model/plan.ts'
import { makePlan } from '../plan/plan.ts'
import { ScenarioSource } from '../plan/scenario/source.ts'
import { endingOf, losesMostBrokers } from './draw/world.ts'
import { ofPlace } from './subject.ts'
import type { Subject } from './subject.ts'

/** Each lane sends on, however many answers are missing; an audit does the same. */
const usualWorkload: Settings = { rate: '100/s', size: '100B', maxInFlight: 10_000 }
/** Handlers take most of the time between two messages, so that there is always unfinished work. */
const usualHandling: Settings = { processTime: '8ms' }
/** What consumers have not reached is told beside the outcome. It is still there. */
const anyNumber = '<= 1000000000'
const limit = '60s'

/** The settings without which the draw cannot run. They come over those of the user. */
export function neededSettings(draw: Pick<Draw, 'steps' | 'gone'>, { system, own }: Subject): Settings {
  const { stress } = systemFacts(system)
  const alone = losesMostBrokers(draw.steps, stress.brokers(own)) ? stress.electsAlone(own) : {}
  return { ...alone, ...recoveryOf(draw, system, own).set }
}

function recoveryOf(draw: Pick<Draw, 'steps' | 'gone'>, system: string, own: Settings): DeclaredRecovery {
  return systemFacts(system).stress.recovery(endingOf(draw), own) ?? { recovery: 'whole', set: {} }
}

/** The scenario as data. `name`: lower-case letters, digits and dashes. */
export function scenarioOf(name: string, draw: Runnable, subject: Subject): object {
  const { system, version, consumes, promises } = subject
  const own = { ...subject.own, ...neededSettings(draw, subject) }
  const of = (place: string) => ofPlace(own, place)
  /** A part of the scenario; left out where nothing is set. */
  const part = (place: string) => {
    const settings = of(place)
    return Object.keys(settings).length === 0 ? {} : { [place]: settings }
  }
  const { version: _, ...shape } = of('cluster')
  return {
    name,
    system,
    cluster: { ...shape, version, ...part('broker') },
    lanes: {
      defaults: {
        ...part('topic'),
        ...part('producer'),
        ...(consumes ? { consumer: of('consumer') } : {}),
        client: { library: own['client'], ...of('client') },
      },
      cells: draw.lanes.map(({ settings }) => settings),
    },
    workload: { ...usualWorkload, ...(consumes ? usualHandling : {}), ...of('workload') },
    schedule: scheduleOf(draw),
    recovery: recoveryOf(draw, system, subject.own).recovery,
    ...(consumes || Object.keys(promises).length > 0
      ? { expect: [{ ...(consumes ? { stalled: anyNumber } : {}), ...promises }] }
      : {}),
  }
}

/** What a plan needs of a draw. */
export type Runnable = Pick<Draw, 'steps' | 'gone' | 'lanes'>

/** The plan of a draw. Throws LossproofError('scenario') for one that the planner refuses. */
export const planOf = (name: string, draw: Runnable, subject: Subject, seed: number): Plan =>
  planAll(name, [{ name, draw }], subject, seed)

/** One plan of several draws. Throws as `planOf` does. */
export function planAll(
  name: string,
  draws: readonly { name: string; draw: Runnable }[],
  subject: Subject,
  seed: number,
): Plan {
  const sources = draws.map(one => ScenarioSource.of(`the draw ${one.name}`, scenarioOf(one.name, one.draw, subject)))
  return makePlan(name, sources, { seed, defaultVersions: { [subject.system]: subject.version } })
}

/** Steps as a scenario spells them. A step that waits for a state and then for load is two of them. */
export function scheduleOf({ steps }: Pick<Draw, 'steps'>): object[] {
  const injected: { step: number; name: string }[] = []
  const calls = new Map<string, number>()
  return steps.flatMap((step, at) => {
    const heal = healed(step, injected)
    for (const { fault } of step.inject) {
      calls.set(fault, (calls.get(fault) ?? 0) + 1)
      injected.push({ step: at, name: `${fault}-${calls.get(fault)}` })
    }
    const [only] = step.inject
    const acts = {
      quiesce: false,
      ...(heal === undefined ? {} : { heal }),
      ...(only === undefined ? {} : { inject: step.inject.length === 1 ? only : step.inject }),
    }
    if (at === 0) return [{ after: { acked: Math.max(1, step.load), limit }, ...acts }]
    if (step.state === undefined)
      return [{ after: { sent: Math.max(1, step.load), since: 'last-step', limit }, ...acts }]
    if (step.load === 0) return [{ after: waitOf(step.state), ...acts }]
    const window = `after-${at}`
    return [
      { after: waitOf(step.state), quiesce: false, window },
      { after: { sent: step.load, in: window, limit }, ...acts },
    ]
  })
}

/** Names of the fault calls to heal; undefined when nothing is. Forgets what it heals. */
function healed(step: DrawnStep, injected: { step: number; name: string }[]): string[] | 'all' | undefined {
  if (step.heal === 'nothing' || injected.length === 0) return undefined
  const last = injected.at(-1)?.step
  const ended = injected.filter(call => step.heal === 'all' || call.step !== last)
  const kept = injected.filter(call => !ended.includes(call))
  injected.splice(0, injected.length, ...kept)
  if (ended.length === 0) return undefined
  return step.heal === 'all' ? 'all' : ended.map(({ name }) => name)
}

const waits = {
  'isr-leader': { isr: 'leader', limit },
  'leader-changed': { 'leader-changed': true, limit },
  offline: { offline: true, limit },
  recovered: { recovered: true, limit },
  'client-gone': { 'client-gone': true, limit },
  processed: { processed: 50, since: 'last-step', limit },
  committed: { committed: 50, limit },
} as const

const waitOf = (state: NonNullable<DrawnStep['state']>): object => waits[state]
