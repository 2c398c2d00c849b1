/** Freezing all processes of a container at once, with the engine's freezer. */
import type Dockerode from 'dockerode'
import { LossproofError, messageOf } from '../../model/errors.ts'

const freezeLimitMs = 15_000

/**
 * Resolves when the engine says that the container is frozen. Control groups of version 1 cannot freeze a process that
 * waits for its disk: runc asks for a while, lets all of it go on again and says `unable to freeze`. Then it is asked
 * anew. Throws LossproofError('cluster') when the limit runs out.
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
