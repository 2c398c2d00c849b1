/** What has to be undone, in reverse order. Node.js 22 has no AsyncDisposableStack. */
export class Cleanups {
  readonly #all: (() => Promise<void>)[] = []

  add(cleanup: () => Promise<void>): void {
    this.#all.push(cleanup)
  }

  /** Undoes everything once. Goes on after a failure, and throws the first one at the end. */
  async run(): Promise<void> {
    const failures: unknown[] = []
    for (let next = this.#all.pop(); next !== undefined; next = this.#all.pop())
      await next().catch((error: unknown) => failures.push(error))
    if (failures.length > 0) throw failures[0]
  }
}
