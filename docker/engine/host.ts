/** What this host is, and commands that change it. Each is announced before it runs. */
import { spawn } from 'node:child_process'
import { existsSync, readFileSync } from 'node:fs'
import { LossproofError } from '../../model/errors.ts'

const linesKept = 15

export const isRoot = () => process.getuid?.() === 0

export function isDebianLike(): boolean {
  if (!existsSync('/usr/bin/apt-get') || !existsSync('/etc/os-release')) return false
  return /^ID(_LIKE)?=.*debian/m.test(readFileSync('/etc/os-release', 'utf8'))
}

/** Runs a command to its end, its lines told as they come. Throws LossproofError('image-build') with its last lines. */
export async function runLoudly(command: string, args: string[], say: (line: string) => void): Promise<void> {
  const child = spawn(command, args, {
    stdio: ['ignore', 'pipe', 'pipe'],
    env: { ...process.env, DEBIAN_FRONTEND: 'noninteractive' },
  })
  const last: string[] = []
  const hear = (data: Buffer) => {
    for (const line of data
      .toString('utf8')
      .split('\n')
      .map(text => text.trim())
      .filter(Boolean)) {
      last.push(line)
      if (last.length > linesKept) last.shift()
      say(line)
    }
  }
  child.stdout.on('data', hear)
  child.stderr.on('data', hear)
  const code = await new Promise<number | string>((resolve, reject) => {
    child.on('error', reject)
    child.on('close', (exitCode, signal) => resolve(signal ?? exitCode ?? 'unknown'))
  })
  if (code !== 0) {
    throw new LossproofError('image-build', `${command} ${args[0] ?? ''} failed (${code}):\n  ${last.join('\n  ')}`, {
      hint: 'run it by hand to see more',
    })
  }
}
