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
}

export interface WaitOptions {
  what: string
  limitMs: number
  intervalMs?: number
  signal: AbortSignal
}

/**
 * Polls until there is a value. A LossproofError('cluster') counts as a state: waiting goes on. Throws WaitExpired at the
 * limit, the signal's reason when it is aborted, and any other LossproofError at once.
 */
export async function waitFor<T>(options: WaitOptions, look: () => Look<T> | Promise<Look<T>>): Promise<T> {
  const deadline = performance.now() + options.limitMs
  for (;;) {
    options.signal.throwIfAborted()
    let seen: string
    try {
      const found = await look()
      if (found.value !== undefined) return found.value
      ;({ seen } = found)
    } catch (error) {
      // A cluster can recover while we wait; a dead client or a bug cannot.
      if (error instanceof LossproofError && error.code !== 'cluster') throw error
      seen = messageOf(error)
    }
    if (performance.now() >= deadline) throw new WaitExpired(options.what, options.limitMs, seen)
    await delay(options.intervalMs ?? 50, undefined, { signal: options.signal })
  }
}
