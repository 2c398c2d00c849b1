/**
 * The connection to a client process: a fork of Node.js, or a container. Both take the same commands and send the same
 * reports.
 */
import type { Command, Report } from '../../../workloads/messages.ts'

/** SIGSTOP freezes the process and SIGCONT lets it go on. SIGTERM asks it to end; SIGKILL ends it at once. */
export type ClientSignal = 'SIGKILL' | 'SIGTERM' | 'SIGSTOP' | 'SIGCONT'

export interface Transport {
  /**
   * Starts the process; calls `onReport` with each of its reports. Throws LossproofError('client') when it cannot
   * start.
   */
  open(onReport: (report: Report) => void): Promise<void>
  /** Whether it was started. */
  readonly opened: boolean
  /** No effect after the process has ended. */
  send(command: Command): void
  /**
   * Resolves when the signal was sent; for SIGSTOP and SIGCONT, when `frozen` shows the new state. No effect after the
   * process has ended.
   */
  signal(signal: ClientSignal): Promise<void>
  /** `exit code 0` or `signal SIGKILL`, once its last report has been read; undefined while it runs. */
  readonly ended: string | undefined
  readonly frozen: boolean
  /** The end of what it wrote to standard error. */
  readonly errors: string
  /** Removes what is left of a process that has ended. */
  remove(): Promise<void>
}
