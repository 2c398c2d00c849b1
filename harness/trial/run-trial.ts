/**
 * Runs one trial: starts the cluster, the lanes' clients and the schedule, heals, writes fences and reads the final
 * log. It writes history and judges nothing.
 */
import type { Engine } from '../../docker/engine/engine.ts'
import { isEngineError } from '../../docker/engine/errors.ts'
import type { EngineEvents } from '../../docker/engine/events.ts'
import type { ImageReferences } from '../../docker/images/definition.ts'
import type { Janitor } from '../../docker/cleanup/janitor.ts'
import { labelsOf } from '../../docker/engine/labels.ts'
import { NodeBootError } from '../../docker/nodes/boot.ts'
import { LossproofError, messageOf } from '../../model/errors.ts'
import { EventLog } from '../../history/appender.ts'
import { trialPaths } from '../../history/folder.ts'
import type { Trial } from '../../model/plan.ts'
import type { TrialContext } from './context.ts'
import { faultContext } from './schedule/fault-context.ts'
import { PhaseClock } from './phases.ts'
import { startConsumers, startProducers } from './clients/start.ts'
import { readBack } from './finish/read-back.ts'
import { inputEnds } from './application/input-ends.ts'
import { readOutputs } from './application/read-output.ts'
import { writeFences } from './finish/fences.ts'
import type { Fences } from './finish/fences.ts'
import { waitForRecovery } from './finish/recovery.ts'
import { Extracts } from './keep/extracts.ts'
import { saveBootLog, saveLogs } from './keep/broker-logs.ts'
import { hasDisks } from './cluster-slot.ts'
import type { ClusterSlot } from './cluster-slot.ts'
import { startCluster } from '../../systems/live.ts'
import type { Cluster, StartedCluster, TrialSystem } from '../../systems/shared/live-system.ts'
import { prepareLanes } from './prepare/lanes.ts'
import { prepareOwnTopics } from './prepare/own-topics.ts'
import { ScheduleRunner } from './schedule/runner.ts'
import { waitForTail } from './finish/tail.ts'
import { WaitExpired } from '../../model/wait.ts'

export interface TrialOptions {
  trial: Trial
  /** The run's folder. */
  folder: string
  /** Id of the run on the engine. */
  run: string
  engine: Engine
  events: EngineEvents
  images: ImageReferences
  janitor: Janitor
  signal: AbortSignal
  progress: (phase: string, text: string) => void
  /** Leave the cluster running. */
  keep: boolean
  slot: ClusterSlot<StartedCluster>
}

/**
 * Resolves with the milliseconds that each phase took. A failure of the cluster or of a client is recorded in the trial's
 * events. Thrown are interruptions, and errors that only a bug can cause.
 */
export async function runTrial(options: TrialOptions): Promise<Record<string, number>> {
  const { trial, folder, signal } = options
  const paths = trialPaths(folder, trial.id)
  const log = new EventLog(paths.events)
  const phases = new PhaseClock(log, phase => options.progress(phase, ''))
  try {
    await carryOut(options, log, phases)
  } catch (error) {
    signal.throwIfAborted()
    if (error instanceof NodeBootError) await saveBootLog(error, paths.logs)
    if (!(error instanceof WaitExpired)) log.write({ kind: 'trial-failed', why: messageOf(error) })
    options.progress('failed', messageOf(error))
    if (!(error instanceof LossproofError) && !isEngineError(error)) throw error
  } finally {
    phases.end()
    log.close()
  }
  return phases.took
}

async function carryOut(options: TrialOptions, log: EventLog, phases: PhaseClock): Promise<void> {
  const { engine, events, images, run, janitor, signal, folder } = options
  const began = Date.now()
  phases.begin(options.slot.fits(options.trial) ? 'boot' : 'queue')
  const labels = labelsOf(run, options.trial.id)
  const {
    started: { cluster, own, attach },
    before,
  } = await options.slot.take(options.trial, async () => {
    signal.throwIfAborted()
    phases.begin('boot')
    return startCluster(options.trial, {
      docker: engine.docker,
      events,
      images,
      name: `lossproof-${run}-${options.trial.id}`,
      labels,
      disks: hasDisks(options.trial),
      jit: 'c1',
    })
  })
  if (before.length > 0) log.write({ kind: 'note', text: `uses the cluster of trial ${before.join(', ')}` })
  for (const text of own?.notes ?? []) log.write({ kind: 'note', text })
  // Removed last, when what was broken is healed.
  await using topics = await prepareOwnTopics({
    trial: own?.place?.(options.trial) ?? options.trial,
    addresses: own?.addresses,
    docker: engine.docker,
    labels,
    janitor,
    log,
  })
  let intact = false
  try {
    await using system = attach(topics.trial, log, signal)
    const trial = await prepareLanes({ trial: topics.trial, system, log, signal })
    const producers = await startProducers({ trial, system, folder, log, janitor, signal })
    const context: TrialContext = {
      trial,
      system,
      cluster,
      observer: system.observer,
      producers,
      log,
      janitor,
      signal,
      consumers: undefined,
      lastHit: undefined,
      extracts: extractsOf(options, system, log),
      progress: text => options.progress('step', text),
    }
    const runner = new ScheduleRunner(context, faultContext(context))
    try {
      await waitForRecovery(context, log.now())
      if (trial.settled) await syncDisks(cluster, log)
      context.consumers = await startConsumers({ trial, system, folder, log, janitor, signal })
      phases.begin('healthy')
      runner.rememberLeaders()
      producers.resume()
      await runner.run(phases)
      await waitForTail(context)
      phases.begin('drain')
      await producers.stop()
      const drain = async (ends: Fences) =>
        context.consumers?.drain({
          ends,
          lanes: trial.lanes,
          system,
          folder,
          trial: trial.id,
          restart: trial.restartConsumers,
        })
      const hasApplications = trial.lanes.some(({ app }) => app !== undefined)
      if (hasApplications) await drain(await inputEnds(context))
      const fences = await writeFences(context)
      if (!hasApplications) await drain(fences)
      phases.begin('read')
      if (hasApplications) await readOutputs(context, folder)
      await readBack(context, folder, fences)
      await context.extracts?.end()
      // After any other recovery the copies may differ for good.
      intact = trial.recovery === 'whole'
    } finally {
      await producers.kill()
      await context.consumers?.kill()
    }
  } catch (error) {
    if (error instanceof WaitExpired)
      log.write({ kind: 'wait-expired', what: error.what, limitMs: error.limitMs, seen: error.seen })
    throw error
  } finally {
    await saveLogs(cluster, began, trialPaths(folder, options.trial.id).logs)
    // The user's own cluster stays anyway, and what was broken in it is healed.
    if (options.keep && own === undefined) options.slot.keep()
    else await options.slot.leave(intact)
  }
}

async function syncDisks({ brokers, disks }: Cluster, log: EventLog): Promise<void> {
  await Promise.all(brokers.map(async ({ id }) => disks.on(id, 'sync -f /disk')))
  log.write({ kind: 'note', text: 'what the brokers wrote while they started is on their disks' })
}

/** Extracts of replica logs explain losses, so a trial without faults takes none. */
function extractsOf({ trial, folder }: TrialOptions, system: TrialSystem, log: EventLog): Extracts | undefined {
  const { replicaLogs: logs, cluster } = system
  if (!logs || !trial.schedule.some(step => step.inject.length > 0)) return undefined
  return new Extracts({ logs, brokers: cluster.brokers, folder, trial: trial.id, log })
}
