/** The running cluster on which a client is checked. */
import { randomBytes } from 'node:crypto'
import { mkdir } from 'node:fs/promises'
import { join } from 'node:path'
import { Janitor } from '../../../../docker/cleanup/janitor.ts'
import { EngineEvents } from '../../../../docker/engine/events.ts'
import { labelsOf } from '../../../../docker/engine/labels.ts'
import { EventLog } from '../../../../history/appender.ts'
import { trialPaths } from '../../../../history/folder.ts'
import { LossproofError } from '../../../../model/errors.ts'
import type { Trial } from '../../../../model/plan.ts'
import { startCluster } from '../../../../systems/live.ts'
import type { ClientOptions } from '../../../trial/clients/start.ts'
import type { TrialContext } from '../../../trial/context.ts'
import { waitForRecovery } from '../../../trial/finish/recovery.ts'
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
  const name = `${new Date().toISOString().replaceAll(/[-:]/g, '').replace('T', '-').slice(0, 15)}-check-client`
  const folder = join(results, name)
  const run = `${name}-${randomBytes(3).toString('hex')}`
  const { events: eventsFile, folder: trialFolder } = trialPaths(folder, trial.id)
  await mkdir(trialFolder, { recursive: true })
  await using stack = new AsyncDisposableStack()
  const janitor = new Janitor(run)
  stack.defer(async () => janitor.dismiss())
  const events = stack.use(await EngineEvents.watch(engine.docker, run))
  const { cluster, attach } = await startCluster(trial, {
    docker: engine.docker,
    events,
    images,
    name: `lossproof-${run}`,
    labels: labelsOf(run, trial.id),
    disks: false,
    jit: 'c1',
  })
  stack.use(cluster)
  const log = new EventLog(eventsFile)
  stack.defer(() => log.close())
  const system = stack.use(attach(trial, log, signal))
  const [failure] = await system.prepare()
  if (failure) throw new LossproofError('cluster', `the topic of check-client was refused: ${failure.why}`)
  await waitForRecovery({ system, cluster, signal }, log.now())
  const kept = stack.move()
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
    [Symbol.asyncDispose]: async () => kept.disposeAsync(),
  }
}
