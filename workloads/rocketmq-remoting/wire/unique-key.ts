/**
 * Unique keys for messages: 32 hex digits, of which the first half is random per process and the second half a counter.
 */
import { randomBytes } from 'node:crypto'

const ofProcess = randomBytes(8).toString('hex').toUpperCase()
let count = 0

export function uniqueKey(): string {
  count += 1
  return `${ofProcess}${count.toString(16).toUpperCase().padStart(16, '0')}`
}
