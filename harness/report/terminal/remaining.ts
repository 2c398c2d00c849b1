/** How long the rest of a run takes, from the trials that have ended. */
import type { Plan, Trial } from '../../../model/plan.ts'
import { trialSeconds } from '../../plan/trial-seconds.ts'

const soonMs = 10_000
const worthMinutesMs = 90_000

/** Milliseconds. Before a trial has ended, and for trials of different length, measured trials of other runs count. */
export function remainingMs(
  { trials }: Pick<Plan, 'trials'>,
  done: ReadonlySet<string>,
  { elapsedMs, parallel }: { elapsedMs: number; parallel: number },
): number {
  const sum = (some: readonly Trial[]) => some.reduce((total, trial) => total + trialSeconds(trial), 0)
  const doneSeconds = sum(trials.filter(({ id }) => done.has(id)))
  const left = sum(trials.filter(({ id }) => !done.has(id)))
  if (left === 0) return 0
  const estimateMs = (left * 1000) / Math.max(1, Math.min(parallel, trials.length))
  return doneSeconds === 0 ? Math.max(0, estimateMs - elapsedMs) : (elapsedMs / doneSeconds) * left
}

/** `about 40 s left`, `about 3 min left`. */
export function remainingWords(ms: number): string {
  if (ms < soonMs) return 'a few seconds left'
  return ms < worthMinutesMs
    ? `about ${Math.round(ms / 10_000) * 10} s left`
    : `about ${Math.round(ms / 60_000)} min left`
}
