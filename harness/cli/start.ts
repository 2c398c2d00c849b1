/** Runs a command. Results go to standard output, progress and errors to standard error. */
import { ExitCode, LossproofError, messageOf } from '../../model/errors.ts'
import { commandLine } from './parser.ts'
import { machineError } from './system-errors.ts'

export async function start(words: readonly string[]): Promise<void> {
  try {
    if (words[0] === '__complete') {
      const { completions } = await import('./help/complete.ts')
      process.stdout.write((await completions(words.slice(1))).map(word => `${word}\n`).join(''))
    } else await commandLine(words).parseAsync()
  } catch (error) {
    process.exitCode = reportError(error)
  }
}

/** Writes what went wrong for people; returns the exit code. Only a bug of Lossproof itself shows a stack trace. */
function reportError(error: unknown): number {
  const known = error instanceof LossproofError ? error : machineError(error)
  if (known) {
    process.stderr.write(`lossproof: ${known.message}\n${known.hint === undefined ? '' : `  ${known.hint}\n`}`)
    return known.exitCode
  }
  const stack = error instanceof Error ? error.stack : undefined
  process.stderr.write(`lossproof: this is a bug of Lossproof, please report it: ${stack ?? messageOf(error)}\n`)
  return ExitCode.bug
}
