/** The program that starts docker-compose projects: `docker compose`, or the older `docker-compose`. */
import { execa } from 'execa'
import { LossproofError } from '../../model/errors.ts'
import { isDebianLike, isRoot, runCommand } from '../engine/host.ts'

const programs = [['docker', 'compose'], ['docker-compose']] as const
const answerLimitMs = 30_000

export type ComposeProgram = readonly [command: string, ...args: string[]]

/** The first of them that answers. */
export async function findCompose(): Promise<ComposeProgram | undefined> {
  for (const program of programs) {
    const [command, ...args] = program
    const { failed } = await execa(command, [...args, 'version'], { reject: false, timeout: answerLimitMs })
    if (!failed) return program
  }
  return undefined
}

/**
 * Installs docker-compose where it is missing. That needs `installs`, root, and a Debian-like system.
 * Throws LossproofError('capability-missing').
 */
export async function ensureCompose(say: (line: string) => void, installs: boolean): Promise<void> {
  if ((await findCompose()) !== undefined) return
  if (installs && isRoot() && isDebianLike()) {
    say('no docker compose was found: installing docker-compose with apt-get')
    const quiet = () => {}
    await runCommand('apt-get', ['update', '-q'], quiet)
    await runCommand('apt-get', ['install', '-y', '--no-install-recommends', 'docker-compose'], quiet)
    if ((await findCompose()) !== undefined) return
  }
  throw new LossproofError('capability-missing', 'this machine has no docker compose, which starts compose projects', {
    hint: 'install it (Debian: apt-get install docker-compose), or start the project yourself and add attach: true',
  })
}
