/** For tests: the command line as a user runs it, and what it leaves on the engine. */
import { mkdtempSync, readdirSync, readFileSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { execa } from 'execa'
import { expect } from 'vitest'
import { findEngine } from '../../docker/engine/engine.ts'
import { runLabel } from '../../docker/engine/labels.ts'

export const root = fileURLToPath(new URL('../..', import.meta.url))
const main = join(root, 'harness/cli/main.ts')

export interface Finished {
  code: number | null
  stdout: string
  stderr: string
}

/** Starts `lossproof` with these words. `input` is its standard input, `cwd` its folder. */
export function start(args: string[], env: Record<string, string> = {}, input?: string, cwd = root) {
  const child = execa(process.execPath, ['--disable-warning=ExperimentalWarning', main, ...args], {
    cwd,
    env: { NO_COLOR: '1', ...env },
    reject: false,
    stripFinalNewline: false,
    ...(input === undefined ? { stdin: 'ignore' as const } : { input }),
  })
  let stderr = ''
  child.stderr.on('data', (data: Buffer) => (stderr += data.toString('utf8')))
  const finished = child.then((result): Finished => ({
    code: result.exitCode ?? null,
    stdout: result.stdout,
    stderr: result.stderr,
  }))
  let ended = false
  const mark = () => {
    ended = true
  }
  finished.then(mark, mark)
  return { child, finished, stderr: () => stderr, hasEnded: () => ended }
}

/** Starts a run and resolves when it is about to inject its first fault. */
export async function startHealthy(args: string[]): Promise<Pick<ReturnType<typeof start>, 'child' | 'finished'>> {
  const { child, finished, stderr, hasEnded } = start(args)
  await expect.poll(() => stderr().includes(': healthy') || hasEnded(), { timeout: 80_000, interval: 50 }).toBe(true)
  expect(hasEnded(), stderr()).toBe(false)
  return { child, finished }
}

export async function lossproof(
  args: string[],
  env: Record<string, string> = {},
  input?: string,
  cwd = root,
): Promise<Finished> {
  return start(args, env, input, cwd).finished
}

export const folder = (): string => mkdtempSync(join(tmpdir(), 'lossproof-test-'))

/** A copy of the quick scenario under another name, by which everything that its run creates is found. */
export const quickAs = (name: string): string => scenarioAs(name, 'quick/kafka')

export function scenarioAs(name: string, scenario: string): string {
  const file = join(folder(), `${name}.yaml`)
  writeFileSync(
    file,
    readFileSync(join(root, 'scenarios', `${scenario}.yaml`), 'utf8').replace(/^name: .*$/m, `name: ${name}`),
  )
  return file
}

/** Containers, networks and volumes of runs whose id contains `name`. */
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
