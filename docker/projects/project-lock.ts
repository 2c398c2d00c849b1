/**
 * A project that runs already is tested by one run at a time. The lock is a container that is created and never started,
 * because no two containers of an engine have one name. It has the labels of the trial, so it is removed with it.
 */
import type Dockerode from 'dockerode'
import { LossproofError } from '../../model/errors.ts'
import { engineStatus } from '../engine/errors.ts'
import { runLabel } from '../engine/labels.ts'
import type { Labels } from '../engine/labels.ts'

const lockOf = (project: string) => `lossproof-tests-${project}`

export interface LockOptions {
  /** Name of the project. */
  project: string
  /** Any image that the engine has. */
  image: string
  labels: Labels
}

/** Throws LossproofError('capability-missing') when another run tests the project. */
export async function lockProject(docker: Dockerode, { project, image, labels }: LockOptions): Promise<void> {
  try {
    await docker.createContainer({ name: lockOf(project), Image: image, Labels: labels })
  } catch (error) {
    if (engineStatus(error) !== 409) throw error
    await refuseLocked(docker, project)
    throw error
  }
}

/** Throws LossproofError('capability-missing') when a run tests the project. */
export async function refuseLocked(docker: Dockerode, project: string): Promise<void> {
  const found = await docker
    .getContainer(lockOf(project))
    .inspect()
    .catch((error: unknown) => {
      if (engineStatus(error) === 404) return undefined
      throw error
    })
  if (found === undefined) return
  throw new LossproofError(
    'capability-missing',
    `the compose project "${project}" is tested by the run ${found.Config.Labels[runLabel] ?? 'of another machine'} at present`,
    {
      hint: 'two runs would take the faults of each other for their own; lossproof clean removes what a dead run has left',
    },
  )
}
