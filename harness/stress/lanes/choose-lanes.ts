/** The lanes of one trial: the user's settings under several loads, and some neighbours. */
import type { DrawnCall, DrawnLane } from '../../../model/stress/stress.ts'
import { effectsOf } from '../draw/world.ts'
import type { Random } from '../random.ts'
import type { Space } from '../space.ts'

const fewest = 8
const most = 16
/** Beside neighbours, so that chance has several tries with the user's own settings. */
const ownBeside = 4

/** `isLeftOut`: neighbours that the present round of draws does not have. */
export function chooseLanes(
  { own, neighbours }: Pick<Space, 'own' | 'neighbours'>,
  calls: readonly DrawnCall[],
  random: Random,
  isLeftOut: (lane: DrawnLane) => boolean = () => false,
): DrawnLane[] {
  // A client that a fault ends is a process of its own, so such a trial has as few lanes as possible.
  const limit = calls.some(call => effectsOf(call).includes('ends-client')) ? fewest : most
  const others = random.sample(
    neighbours.filter(lane => !isLeftOut(lane)),
    limit - ownBeside,
  )
  return [...own.slice(0, Math.max(ownBeside, fewest - others.length)), ...others]
}
