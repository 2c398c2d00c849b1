/** What went wrong between us and the engine, as its client library throws it. */

/** The engine's HTTP status; undefined for an error that is no answer of the engine. */
export function engineStatus(error: unknown): number | undefined {
  if (typeof error !== 'object' || error === null || !('statusCode' in error)) return undefined
  return typeof error.statusCode === 'number' ? error.statusCode : undefined
}

/** Whether the engine refused, failed, or could not be reached: its trouble, not a bug of ours. */
export function isEngineError(error: unknown): boolean {
  if (engineStatus(error) !== undefined) return true
  return typeof error === 'object' && error !== null && 'syscall' in error && error.syscall === 'connect'
}
