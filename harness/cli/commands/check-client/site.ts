/** The running cluster on which a client is checked. */
import { randomBytes } from 'node:crypto'
import { mkdir } from 'node:fs/promises'
import { join } from 'node:path'
import { EventLog } from '../../../../history/appender.ts'
import { trialPaths } from '../../../../history/folder.ts'
import { LossproofError } from '../../../../model/errors.ts'
import type { Trial } from '../../../../model/plan.ts'
import type { ClientOptions } from '../../../trial/clients/start.ts'
import type { TrialContext } from '../../../trial/context.ts'
import { Cleanups } from '../../../trial/cleanups.ts'
import { waitForRecovery } from '../../../trial/finish/recovery.ts'
import { timeStamp } from '../../../trial/run-plan.ts'
import { startSingleCluster } from '../../../trial/single-cluster.ts'
import type { Machine } from '../../prepare/prepare-machine.ts'

/** Everything of a trial but its client processes. */
export interface CheckSite extends Omit<TrialContext, 'producers' | 'consumers'>, AsyncDisposable {
  clients: ClientOptions
  folder: string
}

/** Resolves when the topic exists and the broker serves it. Disposing of it removes the cluster. */
export async function startSite(
  trial: Trial,
  { engine, images, results }: Machine,
  signal: AbortSignal,
): Promise<CheckSite> {
  const name = `${timeStamp(new Date())}-check-client`
  const folder = join(results, name)
  const run = `${name}-${randomBytes(3).toString('hex')}`
  const { events: eventsFile, folder: trialFolder } = trialPaths(folder, trial.id)
  await mkdir(trialFolder, { recursive: true })
  const cleanups = new Cleanups()
  try {
    const single = { run, engine, images, disks: false }
    const { cluster, attach, janitor } = await startSingleCluster(trial, single, cleanups)
    const log = new EventLog(eventsFile)
    cleanups.add(async () => log.close())
    const system = attach(trial, log, signal)
    cleanups.add(async () => system[Symbol.asyncDispose]())
    const [failure] = await system.prepare()
    if (failure) throw new LossproofError('cluster', `the topic of check-client was refused: ${failure.why}`)
    await waitForRecovery({ system, cluster, signal }, log.now())
    return {
      trial,
      system,
      cluster,
      observer: system.observer,
      log,
      janitor,
      signal,
      folder,
      extracts: undefined,
      lastHit: undefined,
      progress: () => {},
      clients: { trial, system, folder, log, janitor, signal },
      [Symbol.asyncDispose]: async () => cleanups.run(),
    }
  } catch (error) {
    await cleanups.run().catch(() => {})
    throw error
  }
}
