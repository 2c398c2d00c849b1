/** Waiting for a state, never for time: each wait polls, has a limit, and says what it last saw when the limit is reached. */
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

/** What one look found: a value ends the wait; `seen` describes the state for people either way. */
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

/** Looks until there is a value. A cluster's error counts as a state seen. Throws WaitExpired, or the signal's reason. */
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
      // Only a cluster's trouble can pass; a dead client or a bug cannot.
      if (error instanceof LossproofError && error.code !== 'cluster') throw error
      seen = messageOf(error)
    }
    if (performance.now() >= deadline) throw new WaitExpired(options.what, options.limitMs, seen)
    await delay(options.intervalMs ?? 50, undefined, { signal: options.signal })
  }
}
