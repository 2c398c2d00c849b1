/** Runs trials in parallel, each on the cluster of a free slot. */
import pLimit from 'p-limit'
import { clusterSlots } from './cluster-slot.ts'
import type { ClusterSlot } from './cluster-slot.ts'
import type { ClusterRequest } from './cluster-slot.ts'

/** An error that only a bug can cause. */
export interface TrialError {
  /** Undefined: it came after the last trial. */
  trial: string | undefined
  error: unknown
}

interface PoolOptions {
  /** Trials at once; at least one runs. */
  parallel: number
  /** Clusters that boot at once; at least one does. */
  boots: number
  /** End each cluster after its trial. */
  fresh: boolean
  signal: AbortSignal
}

/**
 * Resolves when all trials have run, with the errors that trials have thrown. Such an error ends the cluster of its trial,
 * and the other trials go on. A slot takes the waiting trial that can use its cluster, else the first. `run` resolves with
 * trials that are to be run as well, before those that wait. When `signal` aborts no further trial begins; those under way
 * are awaited, every cluster is ended, and the reason is thrown.
 */
export async function runOnSlots<T extends ClusterRequest, S extends { cluster: AsyncDisposable }>(
  trials: readonly T[],
  { parallel, boots, fresh, signal }: PoolOptions,
  run: (trial: T, slot: ClusterSlot<S>) => Promise<readonly T[]>,
): Promise<TrialError[]> {
  const waiting: T[] = []
  const tasks: Promise<void>[] = []
  const errors: TrialError[] = []
  const slots = clusterSlots<S>({ parallel, boots })
  const free = [...slots]
  const pool = pLimit(slots.length)
  const begin = (more: readonly T[]) => {
    waiting.unshift(...more)
    for (const _ of more) tasks.push(pool(next))
  }
  const next = async () => {
    const slot = free.pop()
    const trial = signal.aborted ? undefined : slot?.choose(waiting)
    if (!slot || !trial) return
    waiting.splice(waiting.indexOf(trial), 1)
    try {
      begin(await run(trial, slot))
      if (fresh) await slot.end()
    } catch (error) {
      errors.push({ trial: trial.id, error })
      await endAfterError(slot, trial.id, errors)
    } finally {
      free.push(slot)
    }
  }
  begin(trials)
  // Tasks are added while others are awaited.
  for (let at = 0; at < tasks.length; at++) await tasks[at]
  for (const ended of await Promise.allSettled(slots.map(async slot => slot.end())))
    if (ended.status === 'rejected') errors.push({ trial: undefined, error: ended.reason })
  signal.throwIfAborted()
  return errors
}

async function endAfterError<S extends { cluster: AsyncDisposable }>(
  slot: ClusterSlot<S>,
  trial: string,
  errors: TrialError[],
): Promise<void> {
  try {
    await slot.end()
  } catch (error) {
    errors.push({ trial, error })
  }
}
