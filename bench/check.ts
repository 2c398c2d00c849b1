/**
 * `npm run bench:check [messages…]`: speed and memory of judging a stored run, compared with a plain script that loads the
 * same files into Maps, for dense and for scattered message numbers. Each runs as a process of its own. The rate is records
 * per second of processor time, including compilation and garbage collection, because other work on the machine would
 * distort wall-clock time. The fastest of three runs counts (of the script: one run). Memory is the process's peak above
 * the peak of a process that judges ten messages.
 */
import { spawnSync } from 'node:child_process'
import { mkdtempSync, rmSync } from 'node:fs'
import { cpus, tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { z } from 'zod'
import { writeHistory } from './history.ts'
import type { Numbering } from './history.ts'

const sizes = process.argv.length > 2 ? process.argv.slice(2).map(Number) : [1_000_000, 3_000_000, 10_000_000]
const times = { check: 3, maps: 1 } as const
type Way = keyof typeof times
const Measured = z.object({
  wallMs: z.number(),
  cpuMs: z.number(),
  peakBytes: z.number(),
  lost: z.number(),
  verdict: z.string(),
})
type Measured = z.infer<typeof Measured>

/** Undefined when the process ran out of memory. */
function measure(way: Way, folder: string): Measured | undefined {
  const { stdout, stderr, status } = spawnSync(
    process.execPath,
    [fileURLToPath(new URL(`${way}-once.ts`, import.meta.url)), folder],
    { encoding: 'utf8', stdio: ['ignore', 'pipe', 'pipe'] },
  )
  if (status !== 0 && !stderr.includes('out of memory')) throw new Error(stderr)
  return status === 0 ? Measured.parse(JSON.parse(stdout)) : undefined
}

function fastest(way: Way, folder: string): Measured | undefined {
  const runs = Array.from({ length: times[way] }, () => measure(way, folder))
  return runs.reduce((best, run) => (best && run && best.cpuMs <= run.cpuMs ? best : run))
}

const say = (...cells: (string | number)[]) => console.log(cells.map(cell => String(cell).padStart(12)).join(''))

function measureBoth(messages: number, numbering: Numbering, base: Record<Way, number>): void {
  const folder = mkdtempSync(join(tmpdir(), 'lossproof-bench-'))
  try {
    const { records, bytes, lost } = writeHistory(folder, messages, numbering)
    for (const way of ['check', 'maps'] as const) {
      const found = fastest(way, folder)
      const about = [messages, numbering, records, Math.round(bytes / 1e6), way]
      if (!found) {
        say(...about, 'out of memory')
        continue
      }
      if (found.lost !== lost) throw new Error(`${way} found ${found.lost} lost messages instead of ${lost}`)
      say(
        ...about,
        (found.wallMs / 1000).toFixed(2),
        (found.cpuMs / 1000).toFixed(2),
        Math.round((records / found.cpuMs) * 1000),
        Math.round(found.peakBytes / 1e6),
        ((found.peakBytes - base[way]) / messages).toFixed(1),
        found.verdict,
      )
    }
  } finally {
    rmSync(folder, { recursive: true })
  }
}

const tiny = mkdtempSync(join(tmpdir(), 'lossproof-bench-'))
try {
  writeHistory(tiny, 10)
  const base = { check: measure('check', tiny)?.peakBytes ?? 0, maps: measure('maps', tiny)?.peakBytes ?? 0 }
  console.log(`${cpus()[0]?.model ?? 'unknown processor'}, Node.js ${process.versions.node}`)
  say('messages', 'numbers', 'records', 'MB', 'way', 's', 'CPU s', 'rec/CPU s', 'peak MB', 'B/message', 'verdict')
  for (const messages of sizes)
    for (const numbering of ['dense', 'scattered'] as const) measureBoth(messages, numbering, base)
} finally {
  rmSync(tiny, { recursive: true })
}
