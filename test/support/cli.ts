/** For tests: the command line as a user runs it, and what it leaves on the engine. */
import { spawn } from 'node:child_process'
import { mkdtempSync, readdirSync, readFileSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { findEngine } from '../../docker/engine/engine.ts'
import { runLabel } from '../../docker/engine/labels.ts'

export const root = fileURLToPath(new URL('../..', import.meta.url))
const main = join(root, 'harness/cli/main.ts')

export interface Finished {
  code: number | null
  stdout: string
  stderr: string
}

/** Starts `lossproof` with these words. */
export function start(args: string[], env: Record<string, string> = {}) {
  const child = spawn(process.execPath, ['--disable-warning=ExperimentalWarning', main, ...args], {
    cwd: root,
    stdio: ['ignore', 'pipe', 'pipe'],
    env: { ...process.env, NO_COLOR: '1', ...env },
  })
  let stdout = ''
  let stderr = ''
  child.stdout.on('data', (data: Buffer) => (stdout += data.toString('utf8')))
  child.stderr.on('data', (data: Buffer) => (stderr += data.toString('utf8')))
  const finished = new Promise<Finished>(resolve => child.on('close', code => resolve({ code, stdout, stderr })))
  return { child, finished, stderr: () => stderr }
}

export async function lossproof(args: string[], env: Record<string, string> = {}): Promise<Finished> {
  return start(args, env).finished
}

export const folder = (): string => mkdtempSync(join(tmpdir(), 'lossproof-test-'))

/** The quick scenario under a name of its own, so that what its run creates can be told from everything else. */
export const quickAs = (name: string): string => scenarioAs(name, 'quick/kafka')

export function scenarioAs(name: string, scenario: string): string {
  const file = join(folder(), `${name}.yaml`)
  writeFileSync(
    file,
    readFileSync(join(root, 'scenarios', `${scenario}.yaml`), 'utf8').replace(/^name: .*$/m, `name: ${name}`),
  )
  return file
}

/** What runs whose id contains `name` have on the engine, and their processes on this machine. */
export async function leftOf(name: string): Promise<string[]> {
  const { docker } = await findEngine()
  const filters = { label: [runLabel] }
  const containers = (await docker.listContainers({ all: true, filters })).map(found => ({
    labels: found.Labels,
    what: `container ${found.Names.join()}`,
  }))
  const networks = (await docker.listNetworks({ filters })).map(found => ({
    labels: found.Labels ?? {},
    what: `network ${found.Name}`,
  }))
  const volumes = ((await docker.listVolumes({ filters })).Volumes ?? []).map(found => ({
    labels: found.Labels ?? {},
    what: `volume ${found.Name}`,
  }))
  const things = [...containers, ...networks, ...volumes].filter(({ labels }) => labels[runLabel]?.includes(name))
  return things.map(({ what }) => what)
}

/** Pids of processes whose command line contains `word`. */
export function processesWith(word: string): number[] {
  return readdirSync('/proc')
    .filter(name => /^\d+$/.test(name))
    .map(Number)
    .filter(pid => {
      try {
        return readFileSync(`/proc/${pid}/cmdline`, 'utf8').includes(word)
      } catch {
        return false
      }
    })
}
