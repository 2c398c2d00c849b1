/** Runs trials in parallel, each on the cluster of a free slot. */
import pLimit from 'p-limit'
import { ClusterSlot } from './cluster-slot.ts'
import type { ClusterRequest } from './cluster-slot.ts'

interface PoolOptions {
  /** Trials at once; at least one runs. */
  parallel: number
  /** End each cluster after its trial. */
  fresh: boolean
}

/**
 * Resolves when all trials have run. A slot takes the waiting trial that can use its cluster, else the first. After the
 * first failure no further trial begins; those under way are awaited, every cluster is ended, and the failure is thrown.
 */
export async function runOnSlots<T extends ClusterRequest, S extends { cluster: AsyncDisposable }>(
  trials: readonly T[],
  { parallel, fresh }: PoolOptions,
  run: (trial: T, slot: ClusterSlot<S>) => Promise<void>,
): Promise<void> {
  const waiting = [...trials]
  const failures: unknown[] = []
  const size = Math.max(1, parallel)
  const slots = Array.from({ length: size }, () => new ClusterSlot<S>())
  const free = [...slots]
  const pool = pLimit(size)
  const next = async () => {
    const slot = free.pop()
    const trial = failures.length === 0 ? slot?.choose(waiting) : undefined
    if (!slot || !trial) return
    waiting.splice(waiting.indexOf(trial), 1)
    try {
      await run(trial, slot)
      if (fresh) await slot.end()
    } catch (error) {
      failures.push(error)
    } finally {
      free.push(slot)
    }
  }
  await Promise.all(trials.map(async () => pool(next)))
  for (const ended of await Promise.allSettled(slots.map(async slot => slot.end())))
    if (ended.status === 'rejected') failures.push(ended.reason)
  if (failures.length > 0) throw failures[0]
}
