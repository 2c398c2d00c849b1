/** Everything that Lossproof creates on an engine carries these labels. It never touches anything without them. */
import { readFileSync } from 'node:fs'
import { hostname } from 'node:os'

export const runLabel = 'lossproof.run'
export const ownerLabel = 'lossproof.owner'
export const trialLabel = 'lossproof.trial'

export type Labels = Record<string, string>

export function labelsOf(run: string, trial?: string): Labels {
  return {
    [runLabel]: run,
    [ownerLabel]: ownerOf(process.pid),
    ...(trial === undefined ? {} : { [trialLabel]: trial }),
  }
}

/** `host/boot/pid/start`: identifies one process on one machine, so that a reused process id is a different owner. */
export function ownerOf(pid: number): string {
  return [hostname(), bootId(), pid, startOf(pid) ?? 'gone'].join('/')
}

/**
 * Whether the process that created something is dead. False for owners on other machines, because they may use this
 * engine over the network.
 */
export function ownerIsGone(owner: string): boolean {
  const [host, boot, pid, start] = owner.split('/')
  if (host !== hostname()) return false
  return boot !== bootId() || startOf(Number(pid)) !== start
}

function bootId(): string {
  return read('/proc/sys/kernel/random/boot_id')?.trim() ?? 'unknown-boot'
}

/** Start time of a process in clock ticks since boot (field 22 of /proc/pid/stat); undefined when it does not run. */
export function startOf(pid: number): string | undefined {
  const stat = read(`/proc/${pid}/stat`)
  if (stat !== undefined) {
    const fields = stat.slice(stat.lastIndexOf(')') + 2).split(' ')
    return fields[0] === 'Z' ? undefined : fields[19]
  }
  if (read('/proc/self/stat') !== undefined) return undefined
  try {
    process.kill(pid, 0)
    return 'unknown-start'
  } catch {
    return undefined
  }
}

function read(path: string): string | undefined {
  try {
    return readFileSync(path, 'utf8')
  } catch {
    return undefined
  }
}
