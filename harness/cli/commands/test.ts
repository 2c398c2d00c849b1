import { mkdtemp, readFile, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { execa } from 'execa'
import { z } from 'zod'
import { ensureImages } from '../../../docker/images/ensure.ts'
import { ensureEngine } from '../../../docker/engine/install.ts'
import { ExitCode, LossproofError, messageOf } from '../../../model/errors.ts'
import { ensureChromium } from '../prepare/chromium.ts'
import { allImages } from '../prepare/images.ts'
import type { Command } from '../help/command.ts'

interface Arguments {
  soak: boolean
  unit: boolean
}

interface Tally {
  passed: number
  failed: number
}

const root = fileURLToPath(new URL('../../..', import.meta.url))

export const testCommand: Command<Arguments> = {
  builder: yargs =>
    yargs
      .option('soak', { type: 'boolean', default: false, describe: 'Run the long tests too' })
      .option('unit', { type: 'boolean', default: false, describe: 'Run only what needs no Docker' }),
  handler: async args => {
    const tally: Tally = { passed: 0, failed: 0 }
    const say = (line: string) => process.stderr.write(`${line}\n`)
    // What is missing is installed while the first tests run; one after the other, because apt-get locks.
    const chromium = outcomeOf(ensureChromium(say))
    const machine = args.unit ? undefined : chromium.then(async () => outcomeOf(prepareEngine(say)))
    await runCheck(tally, 'types', 'tsc', ['--noEmit'])
    await runCheck(tally, 'types of the report page', 'tsc', ['--noEmit', '-p', 'harness/report/page'])
    await runCheck(tally, 'lint', 'oxlint', ['--type-aware', '--deny-warnings'])
    await runCheck(tally, 'format', 'prettier', ['--check', '--log-level', 'warn', '.'])
    await runSuite(tally, 'unit')
    await runPageSuite(tally, await chromium)
    if (machine !== undefined) {
      const prepared = await machine
      if ('error' in prepared) throw prepared.error
      await runSuite(tally, 'docker', args.soak ? { LOSSPROOF_SOAK: '1' } : {})
    }
    process.stdout.write(`${tally.passed} passed, ${tally.failed} failed\n`)
    if (tally.failed > 0) process.exitCode = ExitCode.bug
  },
}

type Outcome<T> = { value: T } | { error: unknown }

/** Never rejects, so that a failure can wait until somebody asks for it. */
const outcomeOf = async <T>(promise: Promise<T>): Promise<Outcome<T>> =>
  promise.then(
    value => ({ value }),
    (error: unknown) => ({ error }),
  )

async function prepareEngine(say: (line: string) => void): Promise<void> {
  const engine = await ensureEngine(say)
  await ensureImages(engine, allImages, {
    onProgress: (image, line) => /^(building|built|no registry)/.test(line) && say(`${image}: ${line}`),
  })
}

/** Without a browser the page tests count as one failure, with what is missing. */
async function runPageSuite(tally: Tally, chromium: Outcome<string>): Promise<void> {
  if ('value' in chromium) return runSuite(tally, 'page', { LOSSPROOF_CHROMIUM: chromium.value })
  if (!(chromium.error instanceof LossproofError)) throw chromium.error
  process.stdout.write(`\n# page tests\n${chromium.error.message}\n  ${chromium.error.hint ?? ''}\n`)
  tally.failed += 1
}

/** A tool that passes or fails as a whole counts as one test. */
async function runCheck(tally: Tally, name: string, tool: string, args: readonly string[]): Promise<void> {
  process.stdout.write(`\n# ${name}\n`)
  if (await succeeds(tool, args)) tally.passed += 1
  else tally.failed += 1
}

async function runSuite(tally: Tally, project: string, env: Record<string, string> = {}): Promise<void> {
  process.stdout.write(`\n# ${project} tests\n`)
  const folder = await mkdtemp(join(tmpdir(), 'lossproof-vitest-'))
  try {
    const report = join(folder, 'report.json')
    const args = ['run', '--project', project, '--reporter=default', '--reporter=json', `--outputFile.json=${report}`]
    const ok = await succeeds('vitest', args, env)
    const counted = await countTests(report, ok)
    tally.passed += counted.passed
    tally.failed += counted.failed
  } finally {
    await rm(folder, { recursive: true, force: true })
  }
}

const VitestReport = z.object({ numPassedTests: z.int(), numFailedTests: z.int() })

/**
 * Counts from vitest's JSON report. A run that failed without a failed test (a file that does not load, no report) counts
 * as one failure, and so does a run without any test. Exported for its test.
 */
export async function countTests(report: string, succeeded: boolean): Promise<Tally> {
  const counts = await readFile(report, 'utf8')
    .then(text => VitestReport.parse(JSON.parse(text)))
    .catch((error: unknown) => {
      process.stdout.write(`vitest left no readable report: ${messageOf(error)}\n`)
      return { numPassedTests: 0, numFailedTests: 0 }
    })
  const { numPassedTests: passed, numFailedTests: failed } = counts
  const isUnexplained = failed === 0 && (!succeeded || passed === 0)
  return { passed, failed: isUnexplained ? 1 : failed }
}

/** Runs a tool of node_modules with its output shown; true when it ends with exit code 0. */
async function succeeds(tool: string, args: readonly string[], env: Record<string, string> = {}): Promise<boolean> {
  const { failed } = await execa(tool, args, {
    cwd: root,
    env,
    preferLocal: true,
    localDir: root,
    reject: false,
    stdin: 'ignore',
    stdout: 'inherit',
    stderr: 'inherit',
  })
  return !failed
}
