/** A program of the user's: a process of this machine, or a container. */
import type { ClientSignal } from '../transport.ts'

export interface ProgramListener {
  stdout(chunk: Buffer): void
  /** Called once, when it has ended and all its output has been read: `exit code 0`, `signal SIGKILL`. */
  ended(how: string): void
}

export interface Program {
  /** Throws LossproofError('client') when it cannot be started. */
  start(listener: ProgramListener): Promise<void>
  /** Writes a line to its standard input. No effect when it does not read any more. */
  tell(line: string): void
  /** For SIGSTOP and SIGCONT, resolves when the state has changed. No effect after its end. */
  signal(signal: ClientSignal): Promise<void>
  /** Whether the kernel or the engine reports that it is stopped. */
  readonly stopped: boolean
  /** The end of its standard error. */
  readonly errors: string
  remove(): Promise<void>
}
