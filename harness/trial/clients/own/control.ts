/** How a program of the user's is paused, resumed and stopped. */
import type { Program } from './program.ts'

export interface Control {
  /** The program sends as soon as it runs, so it is started with the first `resume`. */
  readonly startsWithLoad: boolean
  /** Resolves with true when the program is paused; with false when it will say so itself. */
  pause(running: boolean): Promise<boolean>
  resume(): Promise<void>
  /** Ends a freeze. `paused`: the harness has paused the program, and it stays so. */
  wake(paused: boolean): Promise<void>
  stop(): Promise<void>
}

/** By lines on standard input. */
export class LineControl implements Control {
  readonly startsWithLoad = false
  readonly #program: Program

  constructor(program: Program) {
    this.#program = program
  }

  async pause(): Promise<boolean> {
    this.#program.tell('pause')
    return false
  }

  async resume(): Promise<void> {
    this.#program.tell('resume')
  }

  async wake(): Promise<void> {
    await this.#program.signal('SIGCONT')
  }

  async stop(): Promise<void> {
    this.#program.tell('stop')
  }
}

/** By signals, for programs that read no commands. */
export class SignalControl implements Control {
  readonly startsWithLoad: boolean
  readonly #program: Program

  constructor(program: Program, role: 'producer' | 'consumer') {
    this.#program = program
    this.startsWithLoad = role === 'producer'
  }

  async pause(running: boolean): Promise<boolean> {
    if (running) await this.#program.signal('SIGSTOP')
    return true
  }

  async resume(): Promise<void> {
    await this.#program.signal('SIGCONT')
  }

  async wake(paused: boolean): Promise<void> {
    if (!paused) await this.#program.signal('SIGCONT')
  }

  async stop(): Promise<void> {
    await this.#program.signal('SIGCONT')
    await this.#program.signal('SIGTERM')
  }
}
