/** Runs a task at intervals, never concurrently with itself, and at once after `nudge`. */
export class Repeater {
  readonly #intervalMs: number
  readonly #task: () => Promise<number | undefined>
  readonly #onError: (error: unknown) => void
  readonly #done: Promise<void>
  #stopped = false
  #nudged = false
  #wake: (() => void) | undefined

  /**
   * Runs the task for the first time at once. When `task` returns a number, the next run is after that many
   * milliseconds.
   */
  constructor(intervalMs: number, task: () => Promise<number | undefined>, onError: (error: unknown) => void) {
    this.#intervalMs = intervalMs
    this.#task = task
    this.#onError = onError
    this.#done = this.#run()
  }

  /** Runs the task now, or as soon as the current run has ended. */
  nudge(): void {
    this.#nudged = true
    this.#wake?.()
  }

  /** Resolves when the current run has ended. */
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
