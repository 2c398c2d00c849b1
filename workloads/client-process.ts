/** What every client process does alike: takes orders over IPC, reports, and never outlives the harness. */
import type { Command, ProcessConfig, Report } from './messages.ts'

export interface Orders {
  start(config: ProcessConfig): Promise<void>
  pause?(): void
  resume?(): void
  stop(): Promise<void>
}

const types: readonly string[] = ['start', 'pause', 'resume', 'stop'] satisfies Command['type'][]
/** A library that fails in a loop must not fill the harness's memory. */
const maxNotes = 50

export function tell(report: Report): void {
  if (process.connected) process.send?.(report, () => {})
}

/** The last word: resolves never, the process ends when it has been handed over. */
export function finish(report: Report, exitCode = 0): void {
  if (!process.connected) process.exit(exitCode)
  process.send?.(report, () => process.exit(exitCode))
}

/** Runs until `stop` has been carried out or the harness is gone. */
export function takeOrders(orders: Orders): void {
  process.on('disconnect', () => process.exit(0))
  for (const signal of ['SIGINT', 'SIGHUP'] as const) process.on(signal, () => {})
  // As when an application is deployed anew.
  process.on('SIGTERM', () => void orders.stop().catch(fail))
  let notes = 0
  const survive = (error: unknown) => {
    if (!isLibraryNoise(error)) return fail(error)
    notes += 1
    if (notes <= maxNotes) process.stderr.write(`${String(error)}\n`)
  }
  process.on('unhandledRejection', survive)
  process.on('uncaughtException', survive)
  process.on('message', message => {
    if (isCommand(message)) carryOut(orders, message).catch(fail)
  })
}

async function carryOut(orders: Orders, command: Command): Promise<void> {
  if (command.type === 'start') await orders.start(command.config)
  if (command.type === 'pause') orders.pause?.()
  if (command.type === 'resume') orders.resume?.()
  if (command.type === 'stop') await orders.stop()
}

/** Both ends are ours and of one version: the type is enough to tell an order. */
function isCommand(message: unknown): message is Command {
  return typeof message === 'object' && message !== null && 'type' in message && types.includes(String(message.type))
}

/**
 * The libraries leave some of their own connection errors to nobody while a broker is down. They end no send and lose
 * no record; an error of ours, or a bug anywhere, is the end of the process.
 */
function isLibraryNoise(error: unknown): boolean {
  if (!(error instanceof Error)) return false
  return error.name.startsWith('KafkaJS') || ('code' in error && String(error.code).startsWith('PLT_KFK_'))
}

function fail(error: unknown): void {
  finish({ type: 'fatal', error: error instanceof Error ? (error.stack ?? error.message) : String(error) }, 1)
}
