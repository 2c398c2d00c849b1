/** Does something again and again, one at a time, and sooner when it is nudged. */
export class Repeater {
  readonly #intervalMs: number
  readonly #task: () => Promise<number | undefined>
  readonly #onError: (error: unknown) => void
  readonly #done: Promise<void>
  #stopped = false
  #nudged = false
  #wake: (() => void) | undefined

  /** The first time is at once. A number that `task` returns is the milliseconds until the next time, once. */
  constructor(intervalMs: number, task: () => Promise<number | undefined>, onError: (error: unknown) => void) {
    this.#intervalMs = intervalMs
    this.#task = task
    this.#onError = onError
    this.#done = this.#run()
  }

  /** The next time is now, or as soon as the one under way is over. */
  nudge(): void {
    this.#nudged = true
    this.#wake?.()
  }

  /** Resolves when nothing is under way any more. */
  async stop(): Promise<void> {
    this.#stopped = true
    this.#wake?.()
    await this.#done
  }

  async #run(): Promise<void> {
    while (!this.#stopped) {
      this.#nudged = false
      let waitMs = this.#intervalMs
      try {
        waitMs = (await this.#task()) ?? this.#intervalMs
      } catch (error) {
        this.#onError(error)
      }
      if (!this.#stopped && !this.#nudged) await this.#wait(waitMs)
    }
  }

  async #wait(ms: number): Promise<void> {
    await new Promise<void>(resolve => {
      const timer = setTimeout(resolve, ms)
      this.#wake = () => {
        clearTimeout(timer)
        resolve()
      }
    })
    this.#wake = undefined
  }
}
