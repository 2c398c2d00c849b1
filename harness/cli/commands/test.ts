import { mkdtemp, readFile, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join, relative } from 'node:path'
import { fileURLToPath } from 'node:url'
import { stripVTControlCharacters } from 'node:util'
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
  /** Where each failure was, and the first lines of what it said. */
  failures: string[]
}

const root = fileURLToPath(new URL('../../..', import.meta.url))

export const testCommand: Command<Arguments> = {
  builder: yargs =>
    yargs
      .option('soak', { type: 'boolean', default: false, describe: 'Run the long tests too' })
      .option('unit', { type: 'boolean', default: false, describe: 'Run only what needs no Docker' }),
  handler: async args => {
    const tally: Tally = { passed: 0, failed: 0, failures: [] }
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
    // Again at the end, because the output of a failed test is thousands of lines above.
    if (tally.failures.length > 0) process.stdout.write(`\n# what failed\n${tally.failures.join('\n')}\n\n`)
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
  add(tally, { passed: 0, failed: 1, failures: [`page tests: ${chromium.error.message}`] })
}

function add(tally: Tally, more: Tally): void {
  tally.passed += more.passed
  tally.failed += more.failed
  tally.failures.push(...more.failures)
}

/** A tool that passes or fails as a whole counts as one test. */
async function runCheck(tally: Tally, name: string, tool: string, args: readonly string[]): Promise<void> {
  process.stdout.write(`\n# ${name}\n`)
  const passed = await succeeds(tool, args)
  add(tally, passed ? { passed: 1, failed: 0, failures: [] } : { passed: 0, failed: 1, failures: [`${name}: ${tool}`] })
}

async function runSuite(tally: Tally, project: string, env: Record<string, string> = {}): Promise<void> {
  process.stdout.write(`\n# ${project} tests\n`)
  const folder = await mkdtemp(join(tmpdir(), 'lossproof-vitest-'))
  try {
    const report = join(folder, 'report.json')
    const args = ['run', '--project', project, '--reporter=default', '--reporter=json', `--outputFile.json=${report}`]
    const ok = await succeeds('vitest', args, env)
    add(tally, await countTests(report, ok, `${project} tests`))
  } finally {
    await rm(folder, { recursive: true, force: true })
  }
}

const VitestReport = z.object({
  numPassedTests: z.int(),
  numFailedTests: z.int(),
  testResults: z.array(
    z.object({
      name: z.string(),
      status: z.string(),
      message: z.string().default(''),
      assertionResults: z.array(
        z.object({ fullName: z.string(), status: z.string(), failureMessages: z.array(z.string()).nullish() }),
      ),
    }),
  ),
})

const shownLines = 6

/**
 * Counts from vitest's JSON report. A run that failed without a failed test (a file that does not load, no report) counts
 * as one failure, and so does a run without any test. Exported for its test.
 */
export async function countTests(report: string, succeeded: boolean, suite: string): Promise<Tally> {
  let unreadable = ''
  const read = await readFile(report, 'utf8')
    .then(text => VitestReport.parse(JSON.parse(text)))
    .catch((error: unknown) => {
      unreadable = `vitest left no readable report: ${messageOf(error)}`
      return { numPassedTests: 0, numFailedTests: 0, testResults: [] }
    })
  const failures = read.testResults.flatMap(file => {
    const failed = file.assertionResults.filter(({ status }) => status === 'failed')
    const where = relative(root, file.name)
    if (failed.length === 0) return file.status === 'failed' ? [told(where, file.message)] : []
    return failed.map(one => told(`${where}: ${one.fullName}`, one.failureMessages?.[0] ?? ''))
  })
  const { numPassedTests: passed, numFailedTests: failed } = read
  if (failed > 0 || (succeeded && passed > 0)) return { passed, failed, failures }
  const why = unreadable || (passed === 0 ? 'no test ran' : 'vitest failed, though no test did')
  return { passed, failed: 1, failures: failures.length > 0 ? failures : [`${suite}: ${why}`] }
}

const told = (where: string, message: string): string =>
  [where, ...stripVTControlCharacters(message).split('\n').slice(0, shownLines)].join('\n    ')

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
