/** The systems under test, as pure facts for planner, judge and reports. The Docker side is in live.ts. */
import { LossproofError } from '../model/errors.ts'
import { kafka } from './kafka/facts.ts'
import { rocketmq } from './rocketmq/facts.ts'
import type { SystemFacts } from './shared/facts.ts'

export const systems: readonly SystemFacts[] = [kafka, rocketmq]
export const systemIds: readonly string[] = systems.map(({ id }) => id)
/** The version of each system that a scenario without `cluster.version` gets, by system id. */
export const defaultVersions: Readonly<Record<string, string>> = Object.fromEntries(
  systems.map(({ id, images }) => [id, images.defaultVersion]),
)

/** Throws LossproofError('scenario') for an unknown id. */
export function systemFacts(id: string): SystemFacts {
  const found = systems.find(system => system.id === id)
  if (found === undefined)
    throw new LossproofError('scenario', `unknown system "${id}"`, { hint: `one of ${systemIds.join(', ')}` })
  return found
}
