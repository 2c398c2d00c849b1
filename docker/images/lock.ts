/** Lets one process at a time build images on this machine. */
import { tmpdir, userInfo } from 'node:os'
import { join } from 'node:path'
import { lock } from 'proper-lockfile'
import { LossproofError, messageOf } from '../../model/errors.ts'

const limitMs = 20 * 60_000
const intervalMs = 500
/**
 * A holder renews the lock every five seconds. After this time without renewal its process is dead and the lock is
 * free.
 */
const staleMs = 30_000
const renewMs = 5000

export interface BuildLockOptions {
  path?: string
  limitMs?: number
}

/**
 * Runs `work` while this process holds the lock. `onWait` is called once when another process holds it. Throws
 * LossproofError('image-build') when that process still holds the lock at the limit (20 minutes).
 */
export async function withBuildLock<T>(
  work: () => Promise<T>,
  onWait: () => void,
  { path = join(tmpdir(), `lossproof-build-${userInfo().uid}`), limitMs: limit = limitMs }: BuildLockOptions = {},
): Promise<T> {
  const take = async (retries: number) =>
    lock(path, {
      realpath: false,
      stale: staleMs,
      update: renewMs,
      retries: { retries, factor: 1, minTimeout: intervalMs, maxTimeout: intervalMs },
      // A suspended machine can lose the lock. Two builds of the same images at once are slow but harmless.
      onCompromised: () => {},
    })
  const release = await take(0).catch(async (error: unknown) => {
    if (!isHeld(error)) throw error
    onWait()
    return take(Math.ceil(limit / intervalMs)).catch((second: unknown) => {
      throw new LossproofError(
        'image-build',
        `another process has held the lock ${path}.lock for ${limit / 60_000} minutes: ${messageOf(second)}`,
        { hint: 'wait for that process, or end it', cause: second },
      )
    })
  })
  try {
    return await work()
  } finally {
    // A lock that was lost, see above, cannot be released.
    await release().catch(() => {})
  }
}

const isHeld = (error: unknown) => error instanceof Error && 'code' in error && error.code === 'ELOCKED'
