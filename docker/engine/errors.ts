/** Reads the errors that the engine's client library throws. */

/** The HTTP status that the engine answered; undefined when the error is not an answer of the engine. */
export function engineStatus(error: unknown): number | undefined {
  if (typeof error !== 'object' || error === null || !('statusCode' in error)) return undefined
  return typeof error.statusCode === 'number' ? error.statusCode : undefined
}

/** Whether the engine refused a request, failed, or was unreachable, as opposed to a bug in Lossproof. */
export function isEngineError(error: unknown): boolean {
  if (engineStatus(error) !== undefined) return true
  return typeof error === 'object' && error !== null && 'syscall' in error && error.syscall === 'connect'
}
