/** Draws a schedule at random: one to four steps that inject faults, each after a state or some load, and an end. */
import type { FaultEffect } from '../../../faults/fault.ts'
import type { DrawnCall, DrawnState, DrawnStep } from '../../../model/stress/stress.ts'
import type { Random } from '../random.ts'
import { effectsOf, isSound, kindOf, takesNode, World } from './world.ts'
import type { Ground } from './world.ts'

export interface Schedule {
  steps: DrawnStep[]
  gone: boolean
}

const mostSteps = 4
const stepCounts = [
  [1, 2],
  [2, 4],
  [3, 2.5],
  [4, 1.5],
] as const
const firstLoads = [50, 100, 200] as const
/** Until faults have acted: some tens of messages; until sessions end and leaders are elected: hundreds. */
const loads = [
  [20, 2],
  [50, 4],
  [100, 2],
  [300, 1],
] as const
const lastLoads = [
  [50, 3],
  [200, 3],
  [600, 2],
] as const
const healsBefore = 0.25
const waitsForState = 0.6
const twoFaultsAtOnce = 0.1
const goneForGood = 0.3
const tries = 30

/** A sound schedule from `calls`. Undefined when chance found none, which a few further tries change. */
export function randomSchedule(calls: readonly DrawnCall[], ground: Ground, random: Random): Schedule | undefined {
  for (let attempt = 0; attempt < tries; attempt++) {
    const schedule = attemptOf(calls, ground, random)
    if (schedule !== undefined && isSound(schedule, ground)) return schedule
  }
  return undefined
}

function attemptOf(calls: readonly DrawnCall[], ground: Ground, random: Random): Schedule | undefined {
  const world = new World(ground)
  const wanted = random.weighted(stepCounts) ?? 1
  const steps: DrawnStep[] = []
  for (let made = 0; made < wanted && steps.length <= mostSteps; made++) {
    const step = nextStep(world, steps.length === 0, calls, random)
    if (step === undefined) break
    steps.push(step)
    // Its injections are in the world already.
    world.endStep()
  }
  if (steps.length === 0) return undefined
  const last = steps.at(-1)
  const canStayGone = ground.canBeGone && last !== undefined && last.inject.some(endsLeader)
  if (canStayGone && random.chance(goneForGood)) return { steps, gone: true }
  // The others return before the leader, because the first replica that is back can become the leader.
  if (world.needsHeal && world.canHeal('earlier') && random.chance(0.6) && !world.states().includes('client-gone')) {
    const earlier: DrawnStep = { load: random.pick([20, 50]) ?? 20, heal: 'earlier', inject: [] }
    steps.push(earlier)
    world.heal('earlier')
    world.endStep()
  }
  return { steps: [...steps, endOf(world, random)], gone: false }
}

const endsLeader = (call: DrawnCall) => kindOf(call) === 'leader' && effectsOf(call).includes('ends-node')

function nextStep(world: World, isFirst: boolean, calls: readonly DrawnCall[], random: Random): DrawnStep | undefined {
  const heal =
    isFirst || !world.anythingInForce ? 'nothing' : world.needsHeal || random.chance(healsBefore) ? 'all' : 'nothing'
  const wait = isFirst ? { load: random.pick(firstLoads) ?? 50 } : waitOf(world, random)
  world.heal(heal)
  const possible = calls.filter(call => world.permits(call))
  const first = random.pick(possible)
  if (first === undefined) return undefined
  world.inject(first)
  const others = calls.filter(
    call => kindOf(call) !== kindOf(first) && call.fault !== first.fault && world.permits(call),
  )
  const second = random.chance(twoFaultsAtOnce) ? random.pick(others) : undefined
  if (second !== undefined) world.inject(second)
  return { ...wait, heal, inject: second === undefined ? [first] : [first, second] }
}

function waitOf(world: World, random: Random): { state?: DrawnState; load: number } {
  const states = world.states()
  const load = random.weighted(loads) ?? 50
  if (states.includes('client-gone')) return { state: 'client-gone', load: 0 }
  const state = random.chance(waitsForState) ? random.pick(states) : undefined
  return state === undefined ? { load } : { state, load }
}

function endOf(world: World, random: Random): DrawnStep {
  const states = world.states()
  const load = random.weighted(lastLoads) ?? 50
  if (states.includes('client-gone')) return { state: 'client-gone', load: 0, heal: 'all', inject: [] }
  const state = random.chance(waitsForState)
    ? random.pick(states.filter(one => one === 'leader-changed' || one === 'offline'))
    : undefined
  return { ...(state === undefined ? { load } : { state, load: Math.min(load, 200) }), heal: 'all', inject: [] }
}

/** A schedule that differs in one thing: a call, a state, a load, a heal, a step more or less. Undefined when none is sound. */
export function mutate(
  schedule: Schedule,
  calls: readonly DrawnCall[],
  ground: Ground,
  random: Random,
): Schedule | undefined {
  for (let attempt = 0; attempt < tries; attempt++) {
    const changed = mutation(schedule, calls, random)
    if (changed !== undefined && changed.steps.length <= mostSteps + 2 && isSound(changed, ground)) return changed
  }
  return undefined
}

function mutation({ steps, gone }: Schedule, calls: readonly DrawnCall[], random: Random): Schedule | undefined {
  const at = random.below(steps.length)
  const step = steps[at]
  const call = random.pick(calls)
  if (step === undefined || call === undefined) return undefined
  const replaced = (other: DrawnStep) => ({ steps: steps.with(at, other), gone })
  switch (random.below(7)) {
    case 0:
      return step.inject.length === 0 ? undefined : replaced({ ...step, inject: [call] })
    case 1:
      return replaced({ ...withoutState(step), load: random.weighted(loads) ?? 50 })
    case 2: {
      const state = random.pick(['isr-leader', 'leader-changed', 'offline', 'processed', 'committed'] as const)
      return replaced({ ...step, ...(state === undefined ? {} : { state }), load: Math.max(20, step.load) })
    }
    case 3:
      return replaced({ ...step, heal: random.pick(['nothing', 'earlier', 'all'] as const) ?? 'all' })
    case 4:
      return { steps: steps.toSpliced(at, 1), gone }
    case 5: {
      const added: DrawnStep = { load: random.weighted(loads) ?? 50, heal: 'nothing', inject: [call] }
      return { steps: steps.toSpliced(Math.max(1, at), 0, added), gone }
    }
    default: {
      // Ends after the last injection for good, or comes back.
      const last = steps.at(-1)
      if (last?.inject.length === 0) return { steps: steps.slice(0, -1), gone: true }
      return { steps: [...steps, { load: 50, heal: 'all', inject: [] }], gone: false }
    }
  }
}

const withoutState = ({ load, heal, inject }: DrawnStep): DrawnStep => ({ load, heal, inject })

const onDisk: readonly FaultEffect[] = ['loses-unflushed', 'loses-data', 'refuses-writes']

/** About how long a schedule takes, s: boot, load, waits, recovery and reading back. */
export function secondsOf({ steps }: Schedule): number {
  const each = steps.map(({ state, load, heal, inject }) => {
    const disk = inject.some(call => onDisk.some(one => effectsOf(call).includes(one)))
    const waits = state === undefined ? 0 : state === 'committed' ? 8 : 5
    const back = heal === 'all' ? 6 : 0
    return waits + load / 60 + back + (disk ? 4 : 0) + (inject.some(call => takesNode(effectsOf(call))) ? 1 : 0)
  })
  return 15 + each.reduce((sum, one) => sum + one, 0)
}
