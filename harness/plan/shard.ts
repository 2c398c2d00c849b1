/** One part of a plan for each of several machines. A trial is never split, because its lanes share a cluster and a fault. */
import { LossproofError } from '../../model/errors.ts'
import type { Plan, Trial } from '../../model/plan.ts'

export interface Shard {
  /** From 1. */
  index: number
  count: number
}

/** No plan has as many trials as this. */
const mostShards = 1000

/** `2/4`. Throws LossproofError('usage') for anything else. */
export function parseShard(text: string): Shard {
  const found = /^(\d+)\/(\d+)$/.exec(text)
  const [index, count] = [Number(found?.[1]), Number(found?.[2])]
  if (count > mostShards)
    throw new LossproofError('usage', `--shard ${text}: at most ${mostShards} parts are supported`)
  if (!found || index < 1 || index > count)
    throw new LossproofError('usage', `--shard ${text}: expected part/parts, such as 2/4 for the second of four parts`)
  return { index, count }
}

/**
 * The trials of one part. The parts take about equally long: the longest trials come first, each to the part with the
 * least work so far. Every machine computes the same parts. A claim keeps the cells that are in the part. Throws
 * LossproofError('usage') for a part without any trial.
 */
export function shardOf(plan: Plan, { index, count }: Shard): Plan {
  const loads = Array.from({ length: count }, () => 0)
  const mine = new Set<string>()
  for (const trial of plan.trials.toSorted((a, b) => weight(b) - weight(a))) {
    const least = loads.indexOf(Math.min(...loads))
    loads[least] = (loads[least] ?? 0) + weight(trial)
    if (least === index - 1) mine.add(trial.id)
  }
  if (mine.size === 0)
    throw new LossproofError(
      'usage',
      `--shard ${index}/${count}: this part would be empty, because the plan has only ` +
        (plan.trials.length === 1 ? '1 trial' : `${plan.trials.length} trials`),
    )
  const cells = plan.cells.filter(cell => mine.has(cell.trial))
  const ids = new Set(cells.map(({ id }) => id))
  return {
    ...plan,
    name: `${plan.name}-${index}of${count}`,
    cells,
    trials: plan.trials.filter(trial => mine.has(trial.id)),
    claims: plan.claims
      .map(claim => ({ ...claim, cells: claim.cells.filter(id => ids.has(id)) }))
      .filter(claim => claim.cells.length > 0),
  }
}

/** Boot takes about as long as two steps with a fault (report/terminal/plan.ts estimates the same way). */
const weight = (trial: Trial): number => 2 + trial.schedule.filter(step => step.inject.length > 0).length
