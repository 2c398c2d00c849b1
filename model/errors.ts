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

/** Where in a file something is wrong. Lines and columns begin at 1. */
export interface ErrorPlace {
  file: string
  line: number
  column?: number
}

export interface ErrorOptions {
  /** What to do about it. */
  hint?: string | undefined
  cause?: unknown
  /** Where the message says that it is. */
  place?: ErrorPlace | undefined
}

export class LossproofError extends Error {
  override readonly name = 'LossproofError'
  readonly code: ErrorCode
  readonly hint: string | undefined
  /** The file that is wrong, for errors of scenarios, configurations and histories. */
  readonly file: string | undefined
  readonly line: number | undefined
  readonly column: number | undefined

  constructor(code: ErrorCode, message: string, { hint, cause, place }: ErrorOptions = {}) {
    super(message, cause === undefined ? undefined : { cause })
    this.code = code
    this.hint = hint
    this.file = place?.file
    this.line = place?.line
    this.column = place?.column
  }

  /** An error whose message begins with its place: `file:line:column: …`. */
  static at(code: ErrorCode, place: ErrorPlace, message: string, options: Omit<ErrorOptions, 'place'> = {}) {
    const { file, line, column } = place
    const where = [file, line, ...(column === undefined ? [] : [column])].join(':')
    return new LossproofError(code, `${where}: ${message}`, { ...options, place })
  }

  get place(): ErrorPlace | undefined {
    const { file, line, column } = this
    if (file === undefined || line === undefined) return undefined
    return { file, line, ...(column === undefined ? {} : { column }) }
  }

  get exitCode(): number {
    return exitCodes[this.code]
  }
}

/** The message of anything that was thrown. */
export function messageOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error)
}
