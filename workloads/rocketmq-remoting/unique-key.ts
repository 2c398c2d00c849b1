/** Keys that no two messages share: 32 hex digits, half of them this process's, half counting. */
import { randomBytes } from 'node:crypto'

const ofProcess = randomBytes(8).toString('hex').toUpperCase()
let count = 0

export function uniqueKey(): string {
  count += 1
  return `${ofProcess}${count.toString(16).toUpperCase().padStart(16, '0')}`
}
