import { ExitCode, LossproofError } from '../../../model/errors.ts'

/**
 * Aborts on SIGINT and SIGTERM, so that the run cleans up and ends. A second signal ends the process at once; the janitor
 * then cleans up.
 */
export class Interruption implements Disposable {
  readonly #controller = new AbortController()
  readonly #onSignal: (signal: NodeJS.Signals) => void

  constructor(say: (line: string) => void) {
    this.#onSignal = signal => {
      if (this.signal.aborted) process.exit(ExitCode.interrupted)
      say(`${signal}: cleaning up`)
      this.#controller.abort(
        new LossproofError('interrupted', 'interrupted; everything that the run had started was removed'),
      )
    }
    process.on('SIGINT', this.#onSignal).on('SIGTERM', this.#onSignal)
  }

  get signal(): AbortSignal {
    return this.#controller.signal
  }

  [Symbol.dispose](): void {
    process.off('SIGINT', this.#onSignal).off('SIGTERM', this.#onSignal)
  }
}
