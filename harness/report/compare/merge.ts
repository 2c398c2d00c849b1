/** The verdicts of shards, each with cells of its own, as the verdict of the whole. */
import { assembleRun } from '../../verdict/judge-trial.ts'
import type { RunVerdict } from '../../../model/verdict.ts'

/** Throws Error for a cell that two of them judged: they are no shards of one run. */
export function mergeVerdicts(name: string, shards: readonly RunVerdict[]): RunVerdict {
  const cells = shards.flatMap(shard => shard.cells)
  const twice = cells.find((cell, at) => cells.findIndex(({ id }) => id === cell.id) !== at)
  if (twice) throw new Error(`cell ${twice.id} is in more than one of them`)
  const claims = new Map<string, RunVerdict['claims'][number]>()
  for (const claim of shards.flatMap(shard => shard.claims)) {
    const known = claims.get(claim.id)
    claims.set(claim.id, { ...claim, cells: [...new Set([...(known?.cells ?? []), ...claim.cells])] })
  }
  return assembleRun({ run: name, seed: shards[0]?.seed ?? 0, claims: [...claims.values()] }, cells)
}
