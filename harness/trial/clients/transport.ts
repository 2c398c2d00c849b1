/**
 * How the harness reaches a client process: a fork of Node or a container. The trial does not care which: both take the
 * same orders and make the same reports.
 */
import type { Command, Report } from '../../../workloads/messages.ts'

/** SIGSTOP and SIGCONT freeze and thaw; SIGTERM asks to end as an application is asked; SIGKILL asks nobody. */
export type ClientSignal = 'SIGKILL' | 'SIGTERM' | 'SIGSTOP' | 'SIGCONT'

export interface Transport {
  /** Starts the process and takes its reports. Throws LossproofError('client') when it cannot start. */
  open(hear: (report: Report) => void): Promise<void>
  /** Whether it was started. */
  readonly opened: boolean
  /** Without effect once the process is gone. */
  send(command: Command): void
  /** Resolves when the signal is on its way; SIGSTOP and SIGCONT: when `frozen` tells the new state. No error once it is gone. */
  signal(signal: ClientSignal): Promise<void>
  /** `exit code 0`, `signal SIGKILL`: from the moment that all it reported before has been heard; undefined while it runs. */
  readonly ended: string | undefined
  readonly frozen: boolean
  /** The last of what it wrote to standard error. */
  readonly errors: string
  /** Of a process that has ended: removes what is left of it. */
  remove(): Promise<void>
}
