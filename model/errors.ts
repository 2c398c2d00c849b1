/**
 * Errors made for users: a code, a message that says what was found and expected, and a hint that says what to do.
 * The exit code follows from the code.
 */
export type ErrorCode =
  | 'usage'
  | 'scenario'
  | 'history'
  | 'engine-unreachable'
  | 'image-build'
  | 'capability-missing'
  | 'wait-expired'
  | 'cluster'
  | 'client'
  | 'interrupted'
  | 'internal'

/** Exit codes of every command that judges. */
export const ExitCode = {
  held: 0,
  bug: 1,
  usage: 2,
  cannot: 3,
  inconclusive: 4,
  violated: 99,
  interrupted: 130,
} as const

const exitCodes: Record<ErrorCode, number> = {
  usage: ExitCode.usage,
  scenario: ExitCode.usage,
  history: ExitCode.usage,
  'engine-unreachable': ExitCode.cannot,
  'image-build': ExitCode.cannot,
  'capability-missing': ExitCode.cannot,
  'wait-expired': ExitCode.inconclusive,
  cluster: ExitCode.inconclusive,
  client: ExitCode.inconclusive,
  interrupted: ExitCode.interrupted,
  internal: ExitCode.bug,
}

export class LossproofError extends Error {
  override readonly name = 'LossproofError'
  readonly code: ErrorCode
  readonly hint: string | undefined

  constructor(code: ErrorCode, message: string, options: { hint?: string; cause?: unknown } = {}) {
    super(message, options.cause === undefined ? undefined : { cause: options.cause })
    this.code = code
    this.hint = options.hint
  }

  get exitCode(): number {
    return exitCodes[this.code]
  }
}

/** The message of anything that was thrown. */
export function messageOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error)
}
