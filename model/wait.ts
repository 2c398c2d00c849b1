/** Waits for a state. Each wait polls, has a time limit, and reports the last state it saw when the limit is reached. */
import { setTimeout as delay } from 'node:timers/promises'
import { LossproofError, messageOf } from './errors.ts'

export class WaitExpired extends LossproofError {
  readonly what: string
  readonly limitMs: number
  readonly seen: string

  constructor(what: string, limitMs: number, seen: string) {
    super('wait-expired', `${what}: not reached within ${limitMs / 1000} s; last seen: ${seen}`)
    this.what = what
    this.limitMs = limitMs
    this.seen = seen
  }
}

/** The result of one poll. A value ends the wait; `seen` describes the state for people in both cases. */
export interface Look<T> {
  value?: T
  seen: string
  /** The state came closer since the last poll. The limit then begins anew, up to `mostMs` in all. */
  moved?: boolean
}

export interface WaitOptions {
  what: string
  limitMs: number
  /** Where polls tell that the state moves on: the longest wait in all. Default: `limitMs`. */
  mostMs?: number
  intervalMs?: number
  signal: AbortSignal
}

/**
 * Polls until there is a value. A LossproofError('cluster') counts as a state: waiting goes on. Throws WaitExpired at the
 * limit, the signal's reason when it is aborted, and any other LossproofError at once.
 */
export async function waitFor<T>(options: WaitOptions, look: () => Look<T> | Promise<Look<T>>): Promise<T> {
  const began = performance.now()
  const { limitMs, mostMs = limitMs } = options
  let movedAt = began
  for (;;) {
    options.signal.throwIfAborted()
    let seen: string
    try {
      const found = await look()
      if (found.value !== undefined) return found.value
      ;({ seen } = found)
      if (found.moved) movedAt = performance.now()
    } catch (error) {
      // A cluster can recover while we wait; a dead client or a bug cannot.
      if (error instanceof LossproofError && error.code !== 'cluster') throw error
      seen = messageOf(error)
    }
    const now = performance.now()
    if (now - began >= mostMs) throw new WaitExpired(options.what, mostMs, seen)
    if (now - movedAt >= limitMs) throw new WaitExpired(options.what, limitMs, seen)
    await delay(options.intervalMs ?? 50, undefined, { signal: options.signal })
  }
}
