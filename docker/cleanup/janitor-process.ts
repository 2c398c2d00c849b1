/** Entry point of the janitor process: reads its orders from standard input until that ends, then cleans up. */
import { execFile } from 'node:child_process'
import { createInterface } from 'node:readline'
import { setTimeout as delay } from 'node:timers/promises'
import { ofRun, removeLabelled, total } from './cleanup.ts'
import { findEngine } from '../engine/engine.ts'
import { startOf } from '../engine/labels.ts'

const limitMs = 120_000
const programLimitMs = 120_000
/**
 * A request that the harness sent before it died may still create something. So the janitor sweeps until it has found
 * nothing new for this long.
 */
const quietMs = 2000
const intervalMs = 500

for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) process.on(signal, () => {})

const run = process.argv[2] ?? ''
const processes: { pid: number; start: string }[] = []
const programs = new Set<string>()
let dismissed = false

for await (const line of createInterface({ input: process.stdin })) {
  const [word, pid, start] = line.split(' ')
  if (word === 'done') dismissed = true
  if (word === 'run') programs.add(line.slice('run '.length))
  if (word === 'pid' && pid !== undefined && start !== undefined) processes.push({ pid: Number(pid), start })
}

if (!dismissed) {
  for (const { pid, start } of processes) {
    if (startOf(pid) === start) killGroup(pid)
  }
  await sweep()
  // Nodes that were healed can answer again.
  for (const program of programs) await runProgram(program)
}

/** Resolves when it has ended, well or not, or after the limit. */
async function runProgram(module: string): Promise<void> {
  await new Promise<void>(resolve => {
    const args = ['--disable-warning=ExperimentalWarning', module, run]
    execFile(process.execPath, args, { timeout: programLimitMs }, () => resolve())
  })
}

/** Client processes lead process groups of their own. */
function killGroup(pid: number): void {
  try {
    process.kill(-pid, 'SIGKILL')
  } catch {
    process.kill(pid, 'SIGKILL')
  }
}

async function sweep(): Promise<void> {
  const deadline = Date.now() + limitMs
  let quietSince = Date.now()
  while (Date.now() < deadline && Date.now() - quietSince < quietMs) {
    try {
      const { docker } = await findEngine()
      if (total(await removeLabelled(docker, ofRun(run))) > 0) quietSince = Date.now()
    } catch {
      // The engine did not answer or refused a removal: try again in the next round.
      quietSince = Date.now()
    }
    await delay(intervalMs)
  }
}
