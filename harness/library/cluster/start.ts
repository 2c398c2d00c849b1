/** Starts a cluster for tests that bring their own clients. */
import { randomBytes } from 'node:crypto'
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { findFault } from '../../../faults/index.ts'
import { EventLog } from '../../../history/appender.ts'
import { LossproofError } from '../../../model/errors.ts'
import type { Plan, Trial } from '../../../model/plan.ts'
import { prepareMachine } from '../../cli/prepare/prepare-machine.ts'
import { Cleanups } from '../../trial/cleanups.ts'
import { hasDisks } from '../../trial/cluster-slot.ts'
import { startSingleCluster } from '../../trial/single-cluster.ts'
import { executeArguments, planOwn } from '../run-scenario.ts'
import type { ExecuteOptions, ScenarioInput } from '../run-scenario.ts'
import { withSurroundings } from '../surroundings.ts'
import type { CallOptions } from '../surroundings.ts'
import { knownFaults } from './fault-ids.ts'
import type { FaultId } from './fault-ids.ts'
import { LiveTestCluster } from './test-cluster.ts'
import type { TestCluster } from './types.ts'

export interface StartOptions extends CallOptions, Pick<ExecuteOptions, 'images' | 'keep'> {
  /**
   * Faults that need more than Docker, such as `isolate` (iptables) or `power-loss` (a disk for each broker). Whether this
   * machine can cause them is tried before the cluster starts.
   */
  faults?: readonly FaultId[]
}

/** `cluster`: the keys of `cluster` in a scenario. Resolves when every broker knows every other one. */
export async function startTestCluster(
  system: string,
  cluster: NonNullable<ScenarioInput['cluster']>,
  options: StartOptions,
): Promise<TestCluster> {
  return withSurroundings(options, async surroundings => {
    const planned = planFor(system, cluster, options.faults ?? [])
    const [trial] = planned.trials
    if (trial === undefined) throw new Error('a cluster without a trial')
    const { progress, signal, installs } = surroundings
    const args = executeArguments({ ...options, results: tmpdir() })
    const { engine, images } = await prepareMachine(planned, args, progress, signal, { installs })
    const cleanups = new Cleanups()
    try {
      const run = `cluster-${randomBytes(4).toString('hex')}`
      progress.now(system, 'starting the cluster', true)
      const { janitor, ...started } = await startSingleCluster(
        trial,
        { run, engine, images, disks: hasDisks(trial), keep: options.keep },
        cleanups,
      )
      const folder = await mkdtemp(join(tmpdir(), 'lossproof-cluster-'))
      cleanups.add(async () => rm(folder, { recursive: true, force: true }))
      const log = new EventLog(join(folder, 'events.jsonl'))
      cleanups.add(async () => log.close())
      const test = new LiveTestCluster({ trial, started, log, janitor, description: { system, cluster }, cleanups })
      await test.ready(signal)
      return test
    } catch (error) {
      // Whatever the removal says, the reason of the failure is what the user has to know.
      await cleanups.run().catch(() => {})
      throw error
    }
  })
}

/** One lane, that is never run: it carries the defaults of topics. */
function planFor(system: string, cluster: NonNullable<ScenarioInput['cluster']>, faults: readonly FaultId[]): Plan {
  const planned = planOwn('the cluster', { name: 'cluster', system, cluster, lanes: { cells: [{}] } })
  const needs = new Set(['docker', ...faults.flatMap(id => needsOf(id))])
  return { ...planned, warnings: [], trials: planned.trials.map((trial): Trial => ({ ...trial, needs: [...needs] })) }
}

function needsOf(id: FaultId): readonly string[] {
  const fault = findFault(id)
  if (fault !== undefined) return fault.needs
  throw new LossproofError('usage', `unknown fault "${id}"`, { hint: `one of ${knownFaults.join(', ')}` })
}
