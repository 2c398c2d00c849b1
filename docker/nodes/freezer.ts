/** Freezes all processes of a container at once, with the engine's freezer. */
import type Dockerode from 'dockerode'
import { LossproofError, messageOf } from '../../model/errors.ts'

const freezeLimitMs = 15_000

/**
 * Resolves when the engine reports that the container is frozen. Control groups of version 1 cannot freeze a process
 * that waits for its disk: runc gives up after a while, resumes all processes and reports `unable to freeze`. Then this
 * function tries again. Throws LossproofError('cluster') when the limit is reached.
 */
export async function freezeContainer(
  container: Pick<Dockerode.Container, 'pause'>,
  name: string,
  limitMs = freezeLimitMs,
): Promise<void> {
  const deadline = performance.now() + limitMs
  for (;;) {
    try {
      await container.pause()
      return
    } catch (error) {
      if (!/unable to freeze/.test(messageOf(error))) throw error
      if (performance.now() > deadline)
        throw new LossproofError(
          'cluster',
          `${name} could not be frozen within ${limitMs / 1000} s: ${messageOf(error)}`,
          { cause: error },
        )
    }
  }
}
