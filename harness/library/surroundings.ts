/** What calls of the library have in common: progress by callback, an AbortSignal, and errors of one class. */
import { LossproofError, messageOf } from '../../model/errors.ts'
import type { Surroundings } from '../cli/execute/execute.ts'
import { machineError } from '../cli/system-errors.ts'

/** One line of progress. */
export interface Progress {
  /** The trial or the image that it is about; absent for the whole run. */
  part?: string
  text: string
}

export interface CallOptions {
  /** Ends the call: what it had started is removed, then it rejects with LossproofError('interrupted'). */
  signal?: AbortSignal | undefined
  /** Called with each line of progress. Nothing is printed. */
  onProgress?: ((progress: Progress) => void) | undefined
}

/** Rejects only with LossproofError. Installs nothing on this machine. */
export async function withSurroundings<T>(
  { signal, onProgress = () => {} }: CallOptions,
  work: (surroundings: Surroundings) => Promise<T>,
): Promise<T> {
  const controller = new AbortController()
  const interrupt = () => controller.abort(interrupted(signal?.reason))
  try {
    if (signal?.aborted === true) throw interrupted(signal.reason)
    signal?.addEventListener('abort', interrupt, { once: true })
    return await work({
      progress: {
        say: text => onProgress({ text }),
        now: (part, text) => onProgress({ part, text }),
        done: () => {},
      },
      signal: controller.signal,
      installs: false,
    })
  } catch (error) {
    throw asLossproofError(error, controller.signal)
  } finally {
    signal?.removeEventListener('abort', interrupt)
  }
}

const interrupted = (cause: unknown) =>
  new LossproofError('interrupted', 'interrupted; everything that the run had started was removed', { cause })

/**
 * The error as a user gets it. What is thrown after `signal` was aborted has its reason, which is a LossproofError. Everything
 * else that is not made for users is a trouble of this machine or a bug.
 */
export function asLossproofError(error: unknown, signal?: AbortSignal): LossproofError {
  if (error instanceof LossproofError) return error
  if (signal?.aborted === true && signal.reason instanceof LossproofError) return signal.reason
  return (
    machineError(error) ??
    new LossproofError('internal', `this is a bug of Lossproof, please report it: ${messageOf(error)}`, {
      cause: error,
    })
  )
}
