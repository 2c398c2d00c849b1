/** Messages that a group filters out because its members subscribe to different tags. */
import { subscribesTo, tagOf } from '../../../model/workload.ts'
import { laneOf } from '../../shared/autopsy/input.ts'
import type { Settled } from '../../shared/autopsy/input.ts'

/** Undefined where the members agree, or all of them want the tag of message `s`. */
export function filteredOut(s: number, settled: Settled): string | undefined {
  const lane = laneOf(settled)
  const { tags } = lane?.workload ?? {}
  const { subscriptions } = lane?.consumer ?? {}
  if (!tags || !subscriptions || new Set(subscriptions).size < 2) return undefined
  const tag = tagOf(tags, s)
  const others = subscriptions.filter(expression => !subscribesTo(expression, tag))
  if (others.length === 0) return undefined
  return `not every member of the group wants the tag (subscriptions: ${subscriptions.join(', ')})`
}
