/** Processes of the harness that produce or consume. */

export interface FaultClient {
  /** Its name in every output: `producer-1`. */
  name: string
}

/** What the operating system or the engine reports about a client process, and the last counts the process reported. */
export interface ClientState {
  running: boolean
  /** Stopped by SIGSTOP, or its container is paused. */
  frozen: boolean
  /** `signal SIGKILL` or `exit code 0`; undefined while it runs. */
  ended: string | undefined
  /** The last line of its error output. */
  said: string | undefined
  /** Whether it reported that everything is written, as a client does that was asked to end. */
  finished: boolean
  /** Sends without an answer, over all lanes of the process. */
  unanswered: number
  /** Messages delivered to it whose offsets are not committed, over all its lanes. */
  uncommitted: number
}
