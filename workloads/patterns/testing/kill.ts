/** Helper for tests of what survives a SIGKILL. */
import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { createInterface } from 'node:readline'
import { fileURLToPath } from 'node:url'

const victim = fileURLToPath(new URL('victim.ts', import.meta.url))
const limitMs = 20_000

/**
 * Starts `victim.ts` and sends it SIGKILL, in the middle of its work, when it has printed `killAfter` lines. Without
 * `killAfter` it ends by itself. Returns all lines that it printed, including those after line number `killAfter`.
 */
export async function runVictim(
  work: string,
  folder: string,
  options: { killAfter?: number; onLine?: () => void } = {},
): Promise<string[]> {
  const { killAfter = Infinity, onLine } = options
  const child = spawn(process.execPath, ['--disable-warning=ExperimentalWarning', victim, work, folder], {
    stdio: ['ignore', 'pipe', 'pipe'],
    signal: AbortSignal.timeout(limitMs),
    killSignal: 'SIGKILL',
  })
  let stderr = ''
  child.stderr.on('data', (data: Buffer) => (stderr += data.toString('utf8')))
  const lines: string[] = []
  createInterface({ input: child.stdout }).on('line', line => {
    lines.push(line)
    onLine?.()
    if (lines.length === killAfter) child.kill('SIGKILL')
  })
  const [code, signal]: unknown[] = await once(child, 'close')
  const killed = signal === 'SIGKILL' && lines.length >= killAfter
  if (!killed && !(code === 0 && killAfter === Infinity)) {
    throw new Error(`the victim ended with ${String(code ?? signal)} after ${lines.length} lines: ${stderr}`)
  }
  return lines
}
