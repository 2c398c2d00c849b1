/** What kind of system this host is, and how commands run on it. */
import { execa } from 'execa'
import { existsSync, readFileSync } from 'node:fs'
import { LossproofError } from '../../model/errors.ts'

const linesKept = 15

export const isRoot = () => process.getuid?.() === 0

/** Whether packages can be installed with apt-get. */
export function isDebianLike(): boolean {
  if (!existsSync('/usr/bin/apt-get') || !existsSync('/etc/os-release')) return false
  return /^ID(_LIKE)?=.*debian/m.test(readFileSync('/etc/os-release', 'utf8'))
}

/**
 * Runs a command to its end and passes each line of its output to `onLine` at once. Throws
 * LossproofError('image-build') with the last lines when the command fails.
 */
export async function runCommand(command: string, args: string[], onLine: (line: string) => void): Promise<void> {
  const last: string[] = []
  const running = execa(command, args, {
    all: true,
    buffer: false,
    stdin: 'ignore',
    reject: false,
    env: { DEBIAN_FRONTEND: 'noninteractive' },
  })
  for await (const text of running.iterable({ from: 'all' })) {
    const line = text.trim()
    if (line === '') continue
    last.push(line)
    if (last.length > linesKept) last.shift()
    onLine(line)
  }
  const { failed, exitCode, signal, code } = await running
  if (failed) {
    const how = signal ?? exitCode ?? code ?? 'unknown'
    throw new LossproofError('image-build', `${command} ${args[0] ?? ''} failed (${how}):\n  ${last.join('\n  ')}`, {
      hint: `run ${[command, ...args].join(' ')} by hand to see its complete output`,
    })
  }
}
