/** An engine for commands that need one: found, else (root on a Debian-like system) installed and started, each step said first. */
import { spawn } from 'node:child_process'
import { closeSync, existsSync, openSync, readFileSync } from 'node:fs'
import { setTimeout as delay } from 'node:timers/promises'
import { LossproofError, messageOf } from '../../model/errors.ts'
import { findEngine, namedEngine } from './engine.ts'
import type { Engine } from './engine.ts'
import { isDebianLike, isRoot, runLoudly } from './host.ts'

const startLimitMs = 60_000
const pollMs = 200
const logFile = '/var/log/lossproof-dockerd.log'
const places = ['/usr/sbin', '/usr/bin', '/usr/local/sbin', '/usr/local/bin']

/** Throws LossproofError('engine-unreachable') that says what is missing and how to get it. */
export async function ensureEngine(say: (line: string) => void): Promise<Engine> {
  let reason: unknown
  try {
    return await findEngine()
  } catch (error) {
    reason = error
  }
  // An engine that was named explicitly is the user's own affair.
  if (namedEngine() !== undefined) throw reason
  if (!isRoot() || !isDebianLike())
    throw new LossproofError('engine-unreachable', messageOf(reason), {
      hint: hintFor(process.platform),
      cause: reason,
    })
  // Docker's own packages put it elsewhere than Debian's, which would replace them.
  if (findDockerd() === undefined) {
    say('installing docker.io and iptables with apt-get: no Docker engine was found')
    const quiet = () => {}
    await runLoudly('apt-get', ['update', '-q'], quiet)
    await runLoudly('apt-get', ['install', '-y', '--no-install-recommends', 'docker.io', 'iptables'], quiet)
  }
  return await start(say)
}

const findDockerd = () => places.map(place => `${place}/dockerd`).find(path => existsSync(path))

/** In a session of its own: it outlives this process. `dead` is aborted when it ends. */
function spawnDockerd(dead: AbortController): void {
  const log = openSync(logFile, 'w')
  const child = spawn(findDockerd() ?? 'dockerd', [], { detached: true, stdio: ['ignore', log, log] })
  closeSync(log)
  child.on('error', error => dead.abort(messageOf(error)))
  child.on('exit', (code, signal) => dead.abort(`it ended (${signal ?? code})`))
  child.unref()
}

async function start(say: (line: string) => void): Promise<Engine> {
  const dead = new AbortController()
  if (existsSync('/run/systemd/system')) {
    say('starting the Docker engine: systemctl start docker')
    await runLoudly('systemctl', ['start', 'docker'], () => {})
  } else {
    say(`starting the Docker engine: dockerd, its log in ${logFile}`)
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
          : 'no log'
        throw new LossproofError(
          'engine-unreachable',
          `the Docker engine did not come up: ${why}; its log ends:\n  ${log}`,
          { cause: error },
        )
      }
      await delay(pollMs)
    }
  }
}

function hintFor(platform: string): string {
  if (platform === 'darwin') return 'install and start Docker Desktop, Colima or Rancher Desktop'
  if (platform === 'win32') return 'run it inside WSL 2 with Docker installed there'
  return 'install and start Docker (Debian: apt-get install docker.io), join the docker group, or run this as root'
}
