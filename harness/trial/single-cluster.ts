/** One cluster outside of a run, with everything that removes it again. */
import { Janitor } from '../../docker/cleanup/janitor.ts'
import type { Engine } from '../../docker/engine/engine.ts'
import { EngineEvents } from '../../docker/engine/events.ts'
import { labelsOf } from '../../docker/engine/labels.ts'
import type { ImageReferences } from '../../docker/images/definition.ts'
import type { Trial } from '../../model/plan.ts'
import { startCluster } from '../../systems/live.ts'
import type { StartedCluster } from '../../systems/shared/live-system.ts'
import type { Cleanups } from './cleanups.ts'

export interface SingleCluster {
  /** Name of the run in the labels of containers, networks and volumes; unique. */
  run: string
  engine: Engine
  images: ImageReferences
  /** Whether its brokers have disks that faults can act on. */
  disks: boolean
  /** Leave it running; `lossproof clean` removes it. */
  keep?: boolean | undefined
}

/** Starts a cluster that can run `trial`. What removes it is added to `cleanups` as soon as it is there. */
export async function startSingleCluster(
  trial: Trial,
  { run, engine, images, disks, keep = false }: SingleCluster,
  cleanups: Cleanups,
): Promise<StartedCluster & { janitor: Janitor }> {
  const janitor = new Janitor(run)
  cleanups.add(async () => janitor.dismiss())
  const events = await EngineEvents.watch(engine.docker, run)
  cleanups.add(async () => events[Symbol.asyncDispose]())
  const started = await startCluster(trial, {
    docker: engine.docker,
    events,
    images,
    name: `lossproof-${run}`,
    labels: labelsOf(run, trial.id),
    disks,
    jit: 'c1',
  })
  if (!keep) cleanups.add(async () => started.cluster[Symbol.asyncDispose]())
  return { ...started, janitor }
}
