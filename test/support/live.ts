/** For tests of single faults: a running cluster with load on it and without a schedule. */
import { randomBytes } from 'node:crypto'
import { findEngine } from '../../docker/engine/engine.ts'
import { ensureImages } from '../../docker/images/ensure.ts'
import { toolImages } from '../../docker/images/tools.ts'
import { findFault } from '../../faults/index.ts'
import type { FaultContext, Injected } from '../../faults/fault.ts'
import { EventLog } from '../../history/appender.ts'
import { trialPaths } from '../../history/folder.ts'
import { makePlan } from '../../harness/plan/plan.ts'
import { ScenarioSource } from '../../harness/plan/scenario/source.ts'
import type { Settings } from '../../model/plan.ts'
import { Cleanups } from '../../harness/trial/cleanups.ts'
import type { TrialContext } from '../../harness/trial/context.ts'
import { startSingleCluster } from '../../harness/trial/single-cluster.ts'
import { faultContext } from '../../harness/trial/schedule/fault-context.ts'
import { startConsumers, startProducers } from '../../harness/trial/clients/start.ts'
import { waitForRecovery } from '../../harness/trial/finish/recovery.ts'
import { resolveTarget } from '../../harness/trial/schedule/targets.ts'
import { defaultVersions, systemFacts } from '../../systems/index.ts'
import { folder } from './cli.ts'

export interface Live extends AsyncDisposable {
  context: TrialContext
  /** The run's folder. */
  folder: string
  /** Injects the fault; with `doesNothing`, through a context whose acts do nothing and whose looks are real. */
  inject(fault: string, target: string, params?: Settings, options?: { doesNothing?: boolean }): Promise<Injected>
  /** Waits until every replica is in sync and further messages are acknowledged in every lane. */
  healthy(): Promise<void>
}

/**
 * `scenario`: YAML with cluster, lanes and workload. Its schedule does not run; its targets decide which clients get a
 * process of their own.
 */
export async function startLive(scenario: string, { disks = true } = {}): Promise<Live> {
  const [trial] = makePlan('live', [new ScenarioSource('live.yaml', scenario)], {
    seed: 1,
    defaultVersions,
  }).trials
  if (!trial) throw new Error('no trial')
  const engine = await findEngine()
  const images = await ensureImages(
    engine,
    [systemFacts(trial.system).images.imageFor(trial.cluster.version), ...toolImages],
    { onProgress: () => {} },
  )
  const run = `live-${process.pid}-${randomBytes(3).toString('hex')}`
  const { signal } = new AbortController()
  const cleanups = new Cleanups()
  const { cluster, attach, janitor } = await startSingleCluster(trial, { run, engine, images, disks }, cleanups)
  const results = folder()
  const log = new EventLog(trialPaths(results, trial.id).events)
  const system = attach(trial, log, signal)
  cleanups.add(async () => system[Symbol.asyncDispose]())
  await system.prepare()
  const producers = await startProducers({ trial, system, folder: results, log, janitor, signal })
  cleanups.add(async () => producers.kill())
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
    extracts: undefined,
    progress: () => {},
  }
  const act = faultContext(context)
  cleanups.add(async () => context.consumers?.kill())
  await waitForRecovery(context, log.now())
  context.consumers = await startConsumers({ trial, system, folder: results, log, janitor, signal })
  producers.resume()
  const acked = () => Math.min(...trial.lanes.map(lane => producers.status(lane.id).acked))
  return {
    context,
    folder: results,
    inject: async (id, target, params = {}, { doesNothing = false } = {}) => {
      const fault = findFault(id)
      if (!fault) throw new Error(`unknown fault ${id}`)
      const resolved = await resolveTarget(context, target)
      if (!doesNothing) return fault.inject(act, resolved, params)
      const links = resolved.links.map(link => ({ ...link, addToxic: nothing, enable: nothing }))
      return fault.inject(withoutActs(act), { ...resolved, links }, params)
    },
    healthy: async () => {
      await waitForRecovery(context, log.now())
      const before = acked()
      const deadline = Date.now() + 30_000
      while (acked() < before + 10) {
        if (Date.now() > deadline) throw new Error(`only ${acked() - before} messages were acknowledged in 30 s`)
        await new Promise(resolve => setTimeout(resolve, 20))
      }
    },
    [Symbol.asyncDispose]: async () => cleanups.run(),
  }
}

const nothing = async () => {}

/**
 * A context whose acts do nothing and whose looks are real. Ending a process reports the running one, so evidence that
 * rests on an exit code alone is better tested in faults/evidence.test.ts.
 */
function withoutActs(real: FaultContext): FaultContext {
  const noRules = async () => real.part([], 'both')
  return {
    ...real,
    end: async () => ({ exitCode: 0, engineEvent: undefined }),
    start: nothing,
    pause: nothing,
    unpause: nothing,
    replicationLink: node => ({ ...real.replicationLink(node), addToxic: nothing }),
    recovered: nothing,
    part: noRules,
    isolate: noRules,
    losePower: async () => Promise.reject(new Error('power loss has no look without an act')),
    onDisk: async (node, script) => (script.startsWith('df') ? real.onDisk(node, script) : ''),
    freezeDisk: nothing,
    thawDisk: nothing,
    throttleDisk: nothing,
    transferLeadership: nothing,
    endClient: nothing,
    freezeClient: nothing,
    wakeClient: nothing,
    startClient: nothing,
  }
}
