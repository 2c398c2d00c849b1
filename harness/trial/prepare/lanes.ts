/** Prepares the lanes of a trial: creates their topics, and compares requested settings with those in force. */
import { LossproofError } from '../../../model/errors.ts'
import type { Trial } from '../../../model/plan.ts'
import { WaitExpired, waitFor } from '../../../model/wait.ts'
import type { TrialContext } from '../context.ts'

const settingsLimitMs = 20_000

type PrepareContext = Pick<TrialContext, 'trial' | 'log' | 'signal'> & {
  system: Pick<TrialContext['system'], 'prepare' | 'settingDifferences'>
}

/**
 * Resolves with the trial of the lanes that take part. A lane whose topic is refused is recorded and left out, and the
 * others go on. Throws LossproofError('cluster') when none is left, or when a step waits for a lane that was left out.
 */
export async function prepareLanes(context: PrepareContext, limitMs = settingsLimitMs): Promise<Trial> {
  const { trial, system, log } = context
  const failures = await system.prepare()
  for (const { lane, why } of failures) log.write({ kind: 'lane-failed', lane, why })
  const prepared = withoutLanes(trial, new Map(failures.map(({ lane, why }) => [lane, why])))
  await recordDifferences(context, limitMs)
  return prepared
}

/** Lanes are left out of triggers too. */
function withoutLanes(trial: Trial, failed: ReadonlyMap<string, string>): Trial {
  if (failed.size === 0) return trial
  const reasons = [...failed].map(([lane, why]) => `${lane}: ${why}`).join('; ')
  const lanes = trial.lanes.filter(({ id }) => !failed.has(id))
  if (lanes.length === 0) throw new LossproofError('cluster', `no lane can take part: ${reasons}`)
  const schedule = trial.schedule.map((step, index) => {
    const left = step.after.lanes.filter(lane => !failed.has(lane))
    if (left.length === 0 && step.after.lanes.length > 0)
      throw new LossproofError('cluster', `step ${index + 1} waits for lanes that cannot take part: ${reasons}`)
    return { ...step, after: { ...step.after, lanes: left } }
  })
  return { ...trial, lanes, schedule }
}

async function recordDifferences({ system, log, signal }: PrepareContext, limitMs: number): Promise<void> {
  try {
    const found = await waitFor({ what: 'settings in force read', limitMs, signal }, async () => ({
      value: await system.settingDifferences(),
      seen: '',
    }))
    for (const { lanes, setting, where, requested, inForce } of found)
      for (const lane of lanes ?? [undefined])
        log.write({
          kind: 'setting-differs',
          ...(lane === undefined ? {} : { lane }),
          setting,
          where,
          requested,
          ...(inForce === undefined ? {} : { inForce }),
        })
  } catch (error) {
    if (!(error instanceof WaitExpired)) throw error
    log.write({ kind: 'wait-expired', what: error.what, limitMs: error.limitMs, seen: error.seen })
  }
}
