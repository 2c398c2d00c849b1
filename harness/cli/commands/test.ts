import { spawn } from 'node:child_process'
import { fileURLToPath } from 'node:url'
import type { CommandModule } from 'yargs'
import { ensureImages } from '../../../docker/images/ensure.ts'
import { toolImages } from '../../../docker/images/tools.ts'
import { ensureEngine } from '../../../docker/engine/install.ts'
import { ExitCode, LossproofError } from '../../../model/errors.ts'
import { systems } from '../../../systems/index.ts'
import { ensureChromium } from '../execute/chromium.ts'

interface Arguments {
  soak: boolean
  unit: boolean
}

const root = fileURLToPath(new URL('../../..', import.meta.url))
const bin = (name: string) => `${root}node_modules/.bin/${name}`

export const testCommand: CommandModule<object, Arguments> = {
  command: 'test',
  describe: "The project's own tests: types, lint, unit, and on real clusters",
  builder: yargs =>
    yargs
      .option('soak', { type: 'boolean', default: false, describe: 'The long ones too' })
      .option('unit', { type: 'boolean', default: false, describe: 'Only what needs no Docker' }),
  handler: async args => {
    const tally = { passed: 0, failed: 0 }
    const say = (line: string) => process.stderr.write(`${line}\n`)
    // Installed while the first tests run, where it has to be.
    const chromium = ensureChromium(say).catch((error: unknown) =>
      error instanceof LossproofError ? error : Promise.reject(error as Error),
    )
    await step(tally, 'types', bin('tsc'), ['--noEmit'])
    await step(tally, 'types of the report page', bin('tsc'), ['--noEmit', '-p', 'harness/report/page'])
    await step(tally, 'lint', bin('oxlint'), ['--type-aware', '--deny-warnings'])
    await suites(tally, 'unit')
    await pageSuite(tally, await chromium)
    if (!args.unit) {
      const engine = await ensureEngine(say)
      await ensureImages(engine, [...systems.flatMap(({ images }) => images.definitions), ...toolImages], {
        onProgress: (image, line) => /^(building|built|no registry)/.test(line) && say(`${image}: ${line}`),
      })
      await suites(tally, 'docker', args.soak ? { LOSSPROOF_SOAK: '1' } : {})
    }
    process.stdout.write(`${tally.passed} passed, ${tally.failed} failed\n`)
    if (tally.failed > 0) process.exitCode = ExitCode.bug
  },
}

/** Without a browser these tests have failed, and it is said what is missing. */
async function pageSuite(tally: { passed: number; failed: number }, chromium: string | LossproofError): Promise<void> {
  if (typeof chromium === 'string') return suites(tally, 'page', { LOSSPROOF_CHROMIUM: chromium })
  process.stdout.write(`\n# page tests\n${chromium.message}\n  ${chromium.hint ?? ''}\n`)
  tally.failed += 1
}

/** A check that either passes or not counts as one test. */
async function step(
  tally: { passed: number; failed: number },
  name: string,
  command: string,
  args: string[],
): Promise<void> {
  process.stdout.write(`\n# ${name}\n`)
  const { code } = await output(command, args, {})
  if (code === 0) tally.passed += 1
  else tally.failed += 1
}

/** Vitest's own closing lines are read for the counts; a run that ended without them has failed. */
async function suites(
  tally: { passed: number; failed: number },
  project: string,
  env: Record<string, string> = {},
): Promise<void> {
  process.stdout.write(`\n# ${project} tests\n`)
  const { code, text } = await output(bin('vitest'), ['run', '--project', project], env)
  // oxlint-disable-next-line no-control-regex -- colours
  const plain = text.replaceAll(/\u001B\[\d+m/g, '')
  const line = /^\s*Tests\s+(.+)$/m.exec(plain)?.[1] ?? ''
  const count = (word: string) => Number(new RegExp(`(\\d+) ${word}`).exec(line)?.[1] ?? 0)
  tally.passed += count('passed')
  tally.failed += count('failed')
  if (code !== 0 && count('failed') === 0) tally.failed += 1
  if (code === 0 && count('passed') === 0) tally.failed += 1
}

async function output(
  command: string,
  args: string[],
  env: Record<string, string>,
): Promise<{ code: number; text: string }> {
  const child = spawn(command, args, {
    cwd: root,
    stdio: ['ignore', 'pipe', 'inherit'],
    env: { ...process.env, ...env },
  })
  let text = ''
  child.stdout.on('data', (data: Buffer) => {
    text += data.toString('utf8')
    process.stdout.write(data)
  })
  const code = await new Promise<number>((resolve, reject) => {
    child.on('error', reject)
    child.on('close', exitCode => resolve(exitCode ?? 1))
  })
  return { code, text }
}
