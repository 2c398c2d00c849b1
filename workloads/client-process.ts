/** What all client processes share: they take commands over IPC, send reports, and end when the harness is gone. */
import { isStrayLibraryError } from './clients/index.ts'
import type { Command, ProcessConfig, Report } from './messages.ts'

export interface CommandHandlers {
  start(config: ProcessConfig): Promise<void>
  pause?(): void
  resume?(): void
  stop(): Promise<void>
  /** At a SIGTERM; absent: as `stop`. */
  terminate?(): Promise<void>
}

const commandTypes: readonly string[] = ['start', 'pause', 'resume', 'stop'] satisfies Command['type'][]
/** Limits the notes about stray errors: a library that fails in a loop must not fill the harness's memory. */
const maxNotes = 50

export function sendReport(report: Report): void {
  if (process.connected) process.send?.(report, () => {})
}

/** Sends the last report. The process exits as soon as the report has been handed over. */
export function reportAndExit(report: Report, exitCode = 0): void {
  if (!process.connected) process.exit(exitCode)
  process.send?.(report, () => process.exit(exitCode))
}

/** Handles commands until `stop` is done or the harness has disconnected. */
export function runClientProcess(handlers: CommandHandlers): void {
  process.on('disconnect', () => process.exit(0))
  // The harness decides when clients end: Ctrl-C and a closed terminal do not.
  for (const signal of ['SIGINT', 'SIGHUP'] as const) process.on(signal, () => {})
  // SIGTERM is a graceful shutdown, as when a new version of an application is deployed.
  process.on('SIGTERM', () => void (handlers.terminate?.() ?? handlers.stop()).catch(fail))
  let notes = 0
  const handleUncaught = (error: unknown) => {
    if (!isStrayLibraryError(error)) return fail(error)
    notes += 1
    if (notes <= maxNotes) process.stderr.write(`${String(error)}\n`)
  }
  process.on('unhandledRejection', handleUncaught)
  process.on('uncaughtException', handleUncaught)
  process.on('message', message => {
    if (isCommand(message)) handle(handlers, message).catch(fail)
  })
}

async function handle(handlers: CommandHandlers, command: Command): Promise<void> {
  if (command.type === 'start') await handlers.start(command.config)
  if (command.type === 'pause') handlers.pause?.()
  if (command.type === 'resume') handlers.resume?.()
  if (command.type === 'stop') await handlers.stop()
}

/** Both ends of the channel run the same version of this code, so checking the type is enough. */
function isCommand(message: unknown): message is Command {
  return (
    typeof message === 'object' && message !== null && 'type' in message && commandTypes.includes(String(message.type))
  )
}

function fail(error: unknown): void {
  reportAndExit({ type: 'fatal', error: error instanceof Error ? (error.stack ?? error.message) : String(error) }, 1)
}
