/** Merges the verdicts of the shards of one run. */
import type { RunVerdict } from '../../../model/verdict.ts'
import { assembleRun, worst } from '../../verdict/judge-trial.ts'

export interface Merged {
  /** `inconclusive` at best when a shard is missing, and then no claim is shown. */
  verdict: RunVerdict
  /** Shards that none of the runs is: `2 of 4`. */
  missing: string[]
}

/**
 * The same result for the same runs, in any order and however often each was given. Throws Error when two runs judged the
 * same cell differently, or when they are shards of different runs. A run that was not sharded counts as complete.
 */
export function mergeShards(name: string, given: readonly RunVerdict[]): Merged {
  const runs = distinctRuns(given)
  refuseDifferentCells(runs)
  const missing = missingShards(runs.map(({ run }) => run))
  const claims = new Map<string, RunVerdict['claims'][number]>()
  for (const claim of runs.flatMap(run => run.claims)) {
    const known = claims.get(claim.id)
    claims.set(claim.id, { ...claim, cells: [...new Set([...(known?.cells ?? []), ...claim.cells])] })
  }
  const cells = [...new Map(runs.flatMap(run => run.cells.map(cell => [cell.id, cell] as const))).values()]
  const merged = assembleRun({ run: name, seed: runs[0]?.seed ?? 0, claims: [...claims.values()] }, cells)
  return { verdict: missing.length === 0 ? merged : incomplete(merged), missing }
}

/** Without the cells of the missing shards, nothing is known of them. */
function incomplete(merged: RunVerdict): RunVerdict {
  return {
    ...merged,
    verdict: worst([merged.verdict, 'inconclusive']),
    claims: merged.claims.map(claim => ({ ...claim, shown: false })),
  }
}

/** In the order of their shards, then of their names, each once. */
export function distinctRuns<T extends RunVerdict>(runs: readonly T[]): T[] {
  const distinct = [...new Map(runs.map(run => [JSON.stringify(run), run])).values()]
  const at = ({ run }: RunVerdict) => shardOf(run)?.index ?? 0
  return distinct.toSorted((a, b) => at(a) - at(b) || (a.run < b.run ? -1 : a.run > b.run ? 1 : 0))
}

/** A cell that was run twice is fine as long as both runs say the same of it. */
function refuseDifferentCells(runs: readonly RunVerdict[]): void {
  const seen = new Map<string, { run: string; text: string }>()
  for (const { run, cells } of runs) {
    for (const cell of cells) {
      const text = JSON.stringify(cell)
      const other = seen.get(cell.id)
      if (other !== undefined && other.text !== text)
        throw new Error(
          `cell ${cell.id} is in more than one of these runs with different results (${other.run}, ${run}); ` +
            'give one of them',
        )
      seen.set(cell.id, other ?? { run, text })
    }
  }
}

interface Shard {
  run: string
  /** Name of the plan without the shard. */
  plan: string
  index: number
  count: number
}

/** As many as a plan can be divided into. */
const mostShards = 1000

/** Throws Error when the runs are shards of different plans, or of different numbers of shards. */
function missingShards(runs: readonly string[]): string[] {
  const shards = runs.flatMap(run => shardOf(run) ?? [])
  const [first] = shards
  if (first === undefined) return []
  const stranger = shards.find(({ plan, count }) => plan !== first.plan || count !== first.count)
  if (stranger !== undefined) throw new Error(`${first.run} and ${stranger.run} are shards of different runs`)
  if (first.count > mostShards)
    throw new Error(`${first.run} is one of ${first.count} shards; at most ${mostShards} are supported`)
  const present = new Set(shards.map(({ index }) => index))
  return Array.from({ length: first.count }, (_, at) => at + 1)
    .filter(index => !present.has(index))
    .map(index => `${index} of ${first.count}`)
}

/** From the name of a run, `<date>-<time>-<plan>-<index>of<count>-<seed>`. Undefined for a run that is no shard. */
function shardOf(run: string): Shard | undefined {
  const [, plan, index, count] = /^(?:\d{8}-\d{6}-)?(.+)-(\d+)of(\d+)(?:-[0-9a-f]+)*$/.exec(run) ?? []
  return plan === undefined ? undefined : { run, plan, index: Number(index), count: Number(count) }
}
