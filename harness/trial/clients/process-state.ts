import { readFileSync } from 'node:fs'

/**
 * The state letter of a process, field 3 of /proc/<pid>/stat; T means stopped. Undefined when there is no such process.
 */
export function stateOf(pid: number): string | undefined {
  try {
    const stat = readFileSync(`/proc/${pid}/stat`, 'utf8')
    return stat.slice(stat.lastIndexOf(')') + 2)[0]
  } catch {
    return undefined
  }
}
