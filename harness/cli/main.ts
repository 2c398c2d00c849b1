#!/usr/bin/env node
/** Entry point of the command line. Results go to standard output, progress and errors to standard error. */
import { ExitCode, LossproofError, messageOf } from '../../model/errors.ts'
import { commandLine } from './parser.ts'
import { machineError } from './system-errors.ts'

try {
  await commandLine(process.argv.slice(2)).parseAsync()
} catch (error) {
  process.exitCode = reportError(error)
}

/** Writes what went wrong for people; returns the exit code. Only a bug of Lossproof itself shows a stack trace. */
function reportError(error: unknown): number {
  const known = error instanceof LossproofError ? error : machineError(error)
  if (known) {
    process.stderr.write(`lossproof: ${known.message}\n${known.hint === undefined ? '' : `  ${known.hint}\n`}`)
    return known.exitCode
  }
  const stack = error instanceof Error ? error.stack : undefined
  process.stderr.write(`lossproof: a bug of ours: ${stack ?? messageOf(error)}\n`)
  return ExitCode.bug
}
