/** A record that an application wrote, for people. */
import type { OutputRecord } from '../../../systems/shared/followed-applications.ts'

const shownChars = 200

/** Key, value and names of the headers, shortened. */
export function recordInWords({ key, value, headers }: OutputRecord): string {
  const text = (bytes: Buffer | null) =>
    bytes === null ? 'none' : JSON.stringify(bytes.toString('utf8').slice(0, shownChars))
  const listed = headers.map(([name]) => name)
  return `key ${text(key)}, value ${text(value)}, headers ${listed.length === 0 ? 'none' : listed.slice(0, 20).join(', ')}`
}
