/** `check` and `report` on stored runs never overwrite what they cannot make again. */
import { spawnSync } from 'node:child_process'
import {
  existsSync,
  lstatSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, describe, expect, test, vi } from 'vitest'
import { runPaths } from '../../../history/folder.ts'
import { LossproofError } from '../../../model/errors.ts'
import { checkRunFolder } from '../judging/check-folder.ts'
import { verdictText } from '../judging/verdict-file.ts'
import { commandLine } from '../parser.ts'
import { runFolder } from '../testing/stored-run.ts'

afterEach(() => {
  process.exitCode = undefined
  vi.restoreAllMocks()
})

/** What a command printed, and its exit code. */
async function lossproof(...words: string[]): Promise<{ code: unknown; stdout: string; message: string }> {
  let stdout = ''
  vi.spyOn(process.stdout, 'write').mockImplementation(text => {
    stdout += String(text)
    return true
  })
  vi.spyOn(process.stderr, 'write').mockReturnValue(true)
  process.exitCode = undefined
  try {
    await commandLine(words).parseAsync()
    return { code: process.exitCode, stdout, message: '' }
  } catch (error) {
    if (!(error instanceof LossproofError)) throw error
    return { code: error.exitCode, stdout, message: error.message }
  }
}

/** A run folder with its verdict, and a page with timelines. */
async function judgedRun(): Promise<string> {
  const folder = runFolder()
  writeFileSync(runPaths(folder).verdict, verdictText(await checkRunFolder(folder)))
  writeFileSync(runPaths(folder).report, '<script>{"story":1}</script>')
  return folder
}

const text = (file: string) => readFileSync(file, 'utf8')

describe('check', () => {
  test('refuses a run whose history is gone, and leaves its verdict as it was', async () => {
    const folder = await judgedRun()
    const before = text(runPaths(folder).verdict)
    rmSync(runPaths(folder).trials, { recursive: true })
    for (const more of [[], ['--json']])
      expect(await lossproof('check', folder, ...more)).toMatchObject({
        code: 2,
        stdout: '',
        message: expect.stringContaining('the history of 1 of 1 trials is missing (t)'),
      })
    expect(text(runPaths(folder).verdict)).toBe(before)
  })

  test('refuses a folder that is not a run folder', async () => {
    expect(await lossproof('check', mkdtempSync(join(tmpdir(), 'lossproof-empty-')))).toMatchObject({
      code: 2,
      message: expect.stringContaining('is not a run folder'),
    })
  })

  test.each<[string, (file: string) => void]>([
    ['a folder', file => mkdirSync(file)],
    ['a named pipe', file => spawnSync('mkfifo', [file])],
    ['a link to a file that does not exist', file => symlinkSync('/nowhere/at/all', file)],
  ])('refuses a run whose verdict.json is %s, and leaves it there', async (kind, make) => {
    const folder = runFolder()
    const { verdict } = runPaths(folder)
    make(verdict)
    const before = lstatSync(verdict).mode
    expect(await lossproof('check', folder)).toMatchObject({
      code: 2,
      message: expect.stringContaining(`verdict.json is ${kind}; expected a regular file`),
    })
    expect(lstatSync(verdict).mode).toBe(before)
  })

  test('with --json prints the verdict and writes nothing', async () => {
    const folder = runFolder()
    const { code, stdout } = await lossproof('check', folder, '--json')
    expect({ code, verdict: (JSON.parse(stdout) as { verdict: string }).verdict }).toEqual({
      code: 99,
      verdict: 'violated',
    })
    expect(existsSync(runPaths(folder).verdict)).toBe(false)
  })

  test('keeps the first verdict when a later one differs', async () => {
    const folder = await judgedRun()
    const first = text(runPaths(folder).verdict).replace('"seed": 1', '"seed": 2')
    writeFileSync(runPaths(folder).verdict, first)
    await lossproof('check', folder)
    expect(text(runPaths(folder).verdict)).toBe(verdictText(await checkRunFolder(folder)))
    expect(text(join(folder, 'verdict.first.json'))).toBe(first)
    await lossproof('check', folder)
    expect(text(join(folder, 'verdict.first.json'))).toBe(first)
  })
})

describe('report', () => {
  test('refuses to replace a page with timelines when the history is gone', async () => {
    const folder = await judgedRun()
    const before = text(runPaths(folder).report)
    rmSync(runPaths(folder).trials, { recursive: true })
    expect(await lossproof('report', folder)).toMatchObject({
      code: 2,
      message: expect.stringContaining('report.html cannot be computed again'),
    })
    rmSync(runPaths(folder).runFile)
    expect(await lossproof('report', folder)).toMatchObject({
      code: 2,
      message: expect.stringContaining('without a readable run.json'),
    })
    expect(text(runPaths(folder).report)).toBe(before)
    expect(existsSync(runPaths(folder).summary)).toBe(false)
  })

  test('refuses a file in place of a run folder', async () => {
    const { verdict } = runPaths(await judgedRun())
    expect(await lossproof('report', verdict)).toMatchObject({ code: 2, message: expect.stringContaining('is a file') })
  })

  test('--merge refuses a folder that is a shard, a run, or holds other files', async () => {
    const [one, two] = [await judgedRun(), await judgedRun()]
    const other = mkdtempSync(join(tmpdir(), 'lossproof-other-'))
    mkdirSync(join(other, 'photos'))
    for (const [folder, reason] of [
      [one, 'it is one of the shards'],
      [two, 'it is the folder of a run'],
      [other, 'it holds files that are not of a merged run'],
      [runPaths(two).verdict, 'it is a file'],
    ] as const)
      expect(await lossproof('report', '--merge', folder, one)).toMatchObject({
        code: 2,
        message: expect.stringContaining(reason),
      })
  })

  test('--out refuses a file that is not a dashboard', async () => {
    const [one, two] = [await judgedRun(), await judgedRun()]
    expect(await lossproof('report', one, two, '--out', runPaths(one).verdict)).toMatchObject({
      code: 2,
      message: expect.stringContaining('is not a dashboard'),
    })
  })
})
