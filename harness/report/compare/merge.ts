/** Merges the verdicts of the shards of one run. */
import { assembleRun } from '../../verdict/judge-trial.ts'
import type { RunVerdict } from '../../../model/verdict.ts'

/** Throws Error when two of them judged the same cell, because shards of one run share no cell. */
export function mergeVerdicts(name: string, shards: readonly RunVerdict[]): RunVerdict {
  const cells = shards.flatMap(shard => shard.cells)
  const twice = cells.find((cell, at) => cells.findIndex(({ id }) => id === cell.id) !== at)
  if (twice) throw new Error(`cell ${twice.id} is in more than one of these runs, so they are not shards of one run`)
  const claims = new Map<string, RunVerdict['claims'][number]>()
  for (const claim of shards.flatMap(shard => shard.claims)) {
    const known = claims.get(claim.id)
    claims.set(claim.id, { ...claim, cells: [...new Set([...(known?.cells ?? []), ...claim.cells])] })
  }
  return assembleRun({ run: name, seed: shards[0]?.seed ?? 0, claims: [...claims.values()] }, cells)
}
