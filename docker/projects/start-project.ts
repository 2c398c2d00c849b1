/** Starts a docker-compose project of the user's under a name of its own, so that nothing of the user's is used or removed. */
import { execa } from 'execa'
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { LossproofError } from '../../model/errors.ts'
import { findCompose } from './compose-program.ts'

/** Images may have to be downloaded. */
const startLimitMs = 300_000
const linesShown = 8

export interface ProjectStart {
  /** The user's compose file. */
  file: string
  /** Of the project: small letters, digits, `-` and `_`. */
  name: string
  /** They are started with all services that they depend on. */
  services: readonly string[]
  /** Text of the file that is laid over the user's. */
  override: string
}

/** Resolves when the containers have been started. Throws LossproofError('cluster') with the end of the program's output. */
export async function startProject({ file, name, services, override }: ProjectStart): Promise<void> {
  const program = await findCompose()
  if (program === undefined) throw new LossproofError('cluster', 'this machine has no docker compose any more')
  const [command, ...args] = program
  const folder = mkdtempSync(join(tmpdir(), 'lossproof-compose-'))
  try {
    const second = join(folder, 'lossproof.yml')
    writeFileSync(second, override)
    const asked = [...args, '-p', name, '-f', file, '-f', second, 'up', '-d', ...services]
    const { failed, all, timedOut } = await execa(command, asked, {
      all: true,
      stdin: 'ignore',
      reject: false,
      timeout: startLimitMs,
    })
    if (!failed) return
    const end = all.trim().split('\n').slice(-linesShown).join('\n  ')
    const how = timedOut ? ` did not end within ${startLimitMs / 1000} s` : ' failed'
    throw new LossproofError('cluster', `${program.join(' ')} up of ${file}${how}:\n  ${end}`)
  } finally {
    rmSync(folder, { recursive: true, force: true })
  }
}
