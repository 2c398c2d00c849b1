/**
 * Decides when sends are due. It is an open loop: a stalled broker does not slow the load down. A pause shifts the
 * whole schedule, because the harness pauses the load, not the broker. Pure: the caller passes the time in.
 */
export class LoadSchedule {
  readonly #intervalMs: number
  /** When send number 0 was due, plus the length of all pauses since. */
  #start: number | undefined
  #pausedAt: number | undefined
  #due = 0

  /** `sendsPerSec` counts sends, each of which may carry a batch. */
  constructor(sendsPerSec: number) {
    this.#intervalMs = 1000 / sendsPerSec
  }

  pause(now: number): void {
    this.#pausedAt ??= now
  }

  resume(now: number): void {
    if (this.#start === undefined) this.#start = now
    else if (this.#pausedAt !== undefined) this.#start += now - this.#pausedAt
    this.#pausedAt = undefined
  }

  /** The times of sends that have become due since the last call, oldest first, at most `limit`. */
  take(now: number, limit: number): number[] {
    if (this.#start === undefined || this.#pausedAt !== undefined) return []
    const due: number[] = []
    while (due.length < limit && this.#start + this.#due * this.#intervalMs <= now) {
      due.push(this.#start + this.#due * this.#intervalMs)
      this.#due += 1
    }
    return due
  }
}
