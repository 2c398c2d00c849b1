#!/usr/bin/env node
/** Entry point of the command line. Results go to standard output, progress and errors to standard error. */
import { ExitCode, LossproofError, messageOf } from '../../model/errors.ts'
import { commandLine } from './parser.ts'

try {
  await commandLine(process.argv.slice(2)).parseAsync()
} catch (error) {
  process.exitCode = reportError(error)
}

/** Writes what went wrong for people; returns the exit code. Only a bug of Lossproof itself shows a stack trace. */
function reportError(error: unknown): number {
  if (error instanceof LossproofError) {
    process.stderr.write(`lossproof: ${error.message}\n${error.hint === undefined ? '' : `  ${error.hint}\n`}`)
    return error.exitCode
  }
  const stack = error instanceof Error ? error.stack : undefined
  process.stderr.write(`lossproof: this is a bug of Lossproof, please report it: ${stack ?? messageOf(error)}\n`)
  return ExitCode.bug
}
