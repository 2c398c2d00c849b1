/**
 * The dangers to acknowledged messages that a schedule causes, by the facts of its faults. A danger is a situation, not a
 * list of faults: messages that lie on the leader alone when the leader is lost, for example. It has the same name whichever
 * faults cause it, so that draws can look for dangers that were not tried yet.
 */
import type { FaultEffect } from '../../../faults/fault.ts'
import type { Draw, DrawnCall, DrawnStep } from '../../../model/stress/stress.ts'
import { effectsOf, hitsAllFollowers, kindOf, takesNode } from './world.ts'
import type { Ground } from './world.ts'

/** How much the danger can cost, from 0.5 (every client should survive it) to 3 (the only copy goes). */
export interface Danger {
  name: string
  weight: number
}

/** Where acknowledged messages lie when a leader is lost. */
type Copies = 'in step' | 'behind' | 'alone'

interface Walk {
  ground: Ground
  copies: Copies
  gone: boolean
  found: Danger[]
}

/** Each danger once, with its greatest weight. */
export function dangersOf({ steps, gone }: Pick<Draw, 'steps' | 'gone'>, ground: Ground): Danger[] {
  const walk: Walk = { ground, copies: 'in step', gone, found: [] }
  for (const [at, step] of steps.entries()) {
    if (step.heal === 'all') walk.copies = 'in step'
    if (step.state === 'isr-leader') walk.copies = 'alone'
    // The new leader had what the others have.
    if (step.state === 'leader-changed') walk.copies = 'in step'
    for (const call of step.inject) note(walk, call, step, steps.slice(at + 1))
    // What followers lack, they lack once load has flowed: from the next step on.
    const held = step.inject.some(call => holdsCopies(call, ground))
    if (held && ground.replicas > 1 && walk.copies === 'in step') walk.copies = 'behind'
  }
  const heaviest = new Map<string, Danger>()
  for (const danger of walk.found)
    if (danger.weight > (heaviest.get(danger.name)?.weight ?? 0)) heaviest.set(danger.name, danger)
  return [...heaviest.values()]
}

const holdsCopies = (call: DrawnCall, ground: Ground): boolean =>
  (hitsAllFollowers(call, ground) && takesNode(effectsOf(call))) ||
  (kindOf(call) === 'leader' && effectsOf(call).includes('delays-copies'))

function note(
  { ground, copies, gone, found }: Walk,
  call: DrawnCall,
  step: DrawnStep,
  later: readonly DrawnStep[],
): void {
  const effects = effectsOf(call)
  const kind = kindOf(call)
  if (kind === 'client') found.push(...ofClients(call, effects, step, ground))
  else if (kind === 'leader' || kind === 'everyone' || (kind === 'member' && takesNode(effects))) {
    const who = kind === 'everyone' ? 'everyone' : 'the leader'
    const how = lossOf(effects, call, later)
    if (how === undefined || (effects.includes('moves-leadership') && (!ground.elects || kind === 'everyone'))) return
    const forGood = gone && later.length === 0
    const withoutIt = copies === 'alone' && later.some(({ heal }) => heal === 'earlier')
    const ending = forGood ? ', for good' : withoutIt ? ', and others return first' : ''
    found.push({
      name: `${who} ${how} while others are ${copies}${ending}`,
      weight: weightOf({ ground, copies, how, kind, forGood, withoutIt }),
    })
  } else if (kind === 'other' && takesNode(effects))
    found.push({ name: 'who decides about leaders is lost', weight: 0.8 })
  else if (effects.includes('delays-copies') || effects.includes('slows'))
    found.push({ name: 'copies are slow', weight: 0.3 })
}

type Loss =
  | 'loses its disk'
  | 'loses power'
  | 'dies'
  | 'is stopped'
  | 'falls silent'
  | 'is deposed and wakes'
  | 'is deposed and serves on'
  | 'hands over'
  | 'restarts'

function lossOf(effects: readonly FaultEffect[], call: DrawnCall, later: readonly DrawnStep[]): Loss | undefined {
  if (effects.includes('loses-data')) return 'loses its disk'
  if (effects.includes('loses-unflushed')) return 'loses power'
  if (effects.includes('ends-node')) return effects.includes('gentle') ? 'is stopped' : 'dies'
  if (effects.includes('silences-node'))
    return kindOf(call) === 'leader' && later[0]?.state === 'leader-changed' ? 'is deposed and wakes' : 'falls silent'
  if (effects.includes('moves-leadership'))
    return effects.includes('gentle') ? 'hands over' : 'is deposed and serves on'
  return effects.includes('restarts-node') ? 'restarts' : undefined
}

const inStep: Readonly<Record<Loss, number>> = {
  'loses its disk': 1,
  'loses power': 1.2,
  dies: 1,
  'is stopped': 0.7,
  'falls silent': 0.8,
  'is deposed and wakes': 2,
  'is deposed and serves on': 2.4,
  'hands over': 0.6,
  restarts: 0.6,
}

const orderly: ReadonlySet<Loss> = new Set(['is stopped', 'hands over', 'restarts'])

interface Situation {
  ground: Ground
  copies: Copies
  how: Loss
  kind: string
  forGood: boolean
  withoutIt: boolean
}

function weightOf({ ground, copies, how, kind, forGood, withoutIt }: Situation): number {
  const isOnlyCopy = ground.replicas === 1
  const losesMessages = how === 'loses its disk' || how === 'loses power'
  if (isOnlyCopy) return losesMessages ? 3 : inStep[how]
  // Nobody has a copy that the power of all has taken.
  if (kind === 'everyone') return losesMessages ? 2.5 : inStep[how]
  if (copies === 'in step') return forGood ? inStep[how] + 0.5 : inStep[how]
  // Where no other replica takes over, nothing is truncated: the leader returns with all that is on its disk.
  const staysLost = ground.elects || forGood || losesMessages
  if (!staysLost) return 0.8
  if (copies === 'behind') return orderly.has(how) ? 2 : 3
  return withoutIt || how === 'loses its disk' ? 3 : 1.5
}

function ofClients(call: DrawnCall, effects: readonly FaultEffect[], step: DrawnStep, { consumes }: Ground): Danger[] {
  const consumer = call.target !== 'producer'
  const isGentle = effects.includes('gentle')
  const end = isGentle ? 'is ended' : 'dies'
  const endWeight = (weight: number) => (isGentle ? weight / 3 : weight)
  if (effects.includes('ends-client'))
    return [
      consumer
        ? {
            name: `a consumer ${end} in the middle of its work`,
            weight: endWeight(consumes && step.state === 'committed' ? 3 : 2.4),
          }
        : { name: `a producer ${end} with sends on the way`, weight: endWeight(1) },
    ]
  if (effects.includes('silences-client')) return [{ name: 'a consumer stands still and wakes', weight: 1 }]
  if (consumer) return effects.includes('slows') ? [] : [{ name: 'a consumer loses its connections', weight: 0.6 }]
  if (effects.includes('loses-answers') && !effects.includes('loses-requests'))
    return [{ name: 'answers to sends are lost', weight: 2.2 }]
  return effects.includes('slows')
    ? [{ name: 'sends are slow', weight: 0.3 }]
    : [{ name: 'sends are lost', weight: 1.2 }]
}
