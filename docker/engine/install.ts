/** Finds an engine, or installs and starts one where this process may: as root on a Debian-like system. */
import { spawn } from 'node:child_process'
import { closeSync, existsSync, openSync, readFileSync } from 'node:fs'
import { setTimeout as delay } from 'node:timers/promises'
import { LossproofError, messageOf } from '../../model/errors.ts'
import { findEngine, namedEngine } from './engine.ts'
import type { Engine } from './engine.ts'
import { isDebianLike, isRoot, runCommand } from './host.ts'

const startLimitMs = 60_000
const pollMs = 200
const logFile = '/var/log/lossproof-dockerd.log'
const binaryFolders = ['/usr/sbin', '/usr/bin', '/usr/local/sbin', '/usr/local/bin']

/**
 * Each step is announced through `say` before it runs. Throws LossproofError('engine-unreachable') with what is missing
 * and how to get it.
 */
export async function ensureEngine(say: (line: string) => void): Promise<Engine> {
  let reason: unknown
  try {
    return await findEngine()
  } catch (error) {
    reason = error
  }
  // The user named this engine, so no other one is installed.
  if (namedEngine() !== undefined) throw reason
  if (!isRoot() || !isDebianLike()) throw unreachable(reason)
  // Looks in all usual folders, because Debian's package would replace Docker's own ones.
  if (findDockerd() === undefined) {
    say('no Docker engine was found: installing docker.io and iptables with apt-get')
    const quiet = () => {}
    await runCommand('apt-get', ['update', '-q'], quiet)
    await runCommand('apt-get', ['install', '-y', '--no-install-recommends', 'docker.io', 'iptables'], quiet)
  }
  return await start(say)
}

/** Finds an engine, and installs nothing. Throws as `ensureEngine`. */
export async function requireEngine(): Promise<Engine> {
  try {
    return await findEngine()
  } catch (error) {
    throw namedEngine() === undefined ? unreachable(error) : error
  }
}

const unreachable = (reason: unknown) =>
  new LossproofError('engine-unreachable', messageOf(reason), { hint: hintFor(process.platform), cause: reason })

const findDockerd = () => binaryFolders.map(folder => `${folder}/dockerd`).find(path => existsSync(path))

/** Starts dockerd in its own session, so that it outlives this process. `dead` is aborted when dockerd ends. */
function spawnDockerd(dead: AbortController): void {
  const log = openSync(logFile, 'w')
  const env = daemonEnvironment(process.env)
  const child = spawn(findDockerd() ?? 'dockerd', [], { detached: true, stdio: ['ignore', log, log], env })
  closeSync(log)
  child.on('error', error => dead.abort(messageOf(error)))
  child.on('exit', (code, signal) => dead.abort(`dockerd ended (${signal ?? code})`))
  child.unref()
}

/** A temporary folder of this process may be removed when it ends, and runc needs one for each command in a container. */
export function daemonEnvironment(own: NodeJS.ProcessEnv): NodeJS.ProcessEnv {
  return Object.fromEntries(Object.entries(own).filter(([name]) => !['TMPDIR', 'TMP', 'TEMP'].includes(name)))
}

async function start(say: (line: string) => void): Promise<Engine> {
  const dead = new AbortController()
  if (existsSync('/run/systemd/system')) {
    say('starting the Docker engine: systemctl start docker')
    await runCommand('systemctl', ['start', 'docker'], () => {})
  } else {
    say(`starting the Docker engine: dockerd, which logs to ${logFile}`)
    spawnDockerd(dead)
  }
  const deadline = Date.now() + startLimitMs
  for (;;) {
    try {
      return await findEngine()
    } catch (error) {
      if (dead.signal.aborted || Date.now() > deadline) {
        const why = dead.signal.aborted ? String(dead.signal.reason) : `no answer within ${startLimitMs / 1000} s`
        const log = existsSync(logFile)
          ? readFileSync(logFile, 'utf8').trim().split('\n').slice(-8).join('\n  ')
          : 'there is no log'
        throw new LossproofError(
          'engine-unreachable',
          `the Docker engine did not start: ${why}; the end of its log:\n  ${log}`,
          { cause: error },
        )
      }
      await delay(pollMs)
    }
  }
}

function hintFor(platform: string): string {
  if (platform === 'darwin') return 'install and start Docker Desktop, Colima or Rancher Desktop'
  if (platform === 'win32') return 'install Docker in WSL 2 and run Lossproof there'
  return 'install and start Docker (Debian: apt-get install docker.io), and join the docker group or run as root'
}
