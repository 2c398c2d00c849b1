/** Run folders that would make a command hang, or write where it must not. */
import { execFileSync } from 'node:child_process'
import { existsSync, lstatSync, mkdtempSync, readdirSync, readFileSync, symlinkSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { runPaths, trialPaths } from '../../../history/folder.ts'
import { LossproofError } from '../../../model/errors.ts'
import { replaceFile } from '../replace-file.ts'
import { refuseToLoseTimelines } from '../reporting/refuse-overwrite.ts'
import { readVerdict } from '../reporting/reported-run.ts'
import { runFolder } from '../testing/stored-run.ts'
import { checkRunFolder } from './check-folder.ts'

const folder = () => mkdtempSync(join(tmpdir(), 'lossproof-hostile-'))
const pipe = (path: string) => execFileSync('mkfifo', [path])

test('links that lead around in circles below a run folder do not keep the judge busy', async () => {
  const run = runFolder()
  for (const name of ['a', 'b', 'c']) symlinkSync('.', join(runPaths(run).trials, name))
  for (const name of ['x', 'y']) symlinkSync('.', join(trialPaths(run, 't').folder, name))
  expect((await checkRunFolder(run)).verdict).toBe('violated')
}, 30_000)

test('a trial whose name leads out of the folder is refused', async () => {
  const run = runFolder()
  const { runFile } = runPaths(run)
  writeFileSync(runFile, readFileSync(runFile, 'utf8').replaceAll('"t"', '"../../elsewhere"'))
  await expect(checkRunFolder(run)).rejects.toMatchObject({
    code: 'history',
    message: expect.stringContaining('expected a name without slashes'),
  })
})

test('two cells of one name, of which one would hide the other, are refused', async () => {
  const run = runFolder()
  const { runFile } = runPaths(run)
  const file = JSON.parse(readFileSync(runFile, 'utf8')) as { plan: { cells: object[] } }
  file.plan.cells.push({ ...file.plan.cells[0], lane: 'b' })
  writeFileSync(runFile, JSON.stringify(file))
  await expect(checkRunFolder(run)).rejects.toThrow('run.json: two cells are called "s/c"')
})

test('a file is replaced as a whole, and its temporary file is gone afterwards', () => {
  const path = join(folder(), 'verdict.json')
  replaceFile(path, 'one')
  replaceFile(path, 'two')
  expect(readFileSync(path, 'utf8')).toBe('two')
  expect(readdirSync(join(path, '..'))).toEqual(['verdict.json'])
})

test('a link is replaced and never followed, so what it points to stays as it was', () => {
  const at = folder()
  const [target, path] = [join(at, 'precious'), join(at, 'summary.md')]
  writeFileSync(target, 'mine')
  symlinkSync(target, path)
  replaceFile(path, 'report')
  expect(readFileSync(target, 'utf8')).toBe('mine')
  expect(lstatSync(path).isSymbolicLink()).toBe(false)
})

test('a named pipe or a folder in place of a file is refused at once, not written into', () => {
  const path = join(folder(), 'report.html')
  pipe(path)
  expect(() => replaceFile(path, 'text')).toThrow(/report\.html is no regular file; a file would be written there/)
  expect(() => replaceFile(folder(), 'text')).toThrow(/is a folder; a file would be written there/)
  expect(existsSync(path)).toBe(true)
})

test('a verdict whose values are nested without end is refused, whatever its strings contain', () => {
  const run = runFolder()
  const verdict = (evidence: string) =>
    `{"schema":1,"run":"r","seed":1,"verdict":"held","cells":[${evidence}],"claims":[]}`
  writeFileSync(runPaths(run).verdict, verdict('['.repeat(100_000) + ']'.repeat(100_000)))
  expect(() => readVerdict(run)).toThrow(/verdict\.json: values are nested too deep/)
  writeFileSync(runPaths(run).verdict, verdict('').replace('"r"', `"${'['.repeat(1000)}\\"["`))
  expect(readVerdict(run).run).toHaveLength(1002)
})

test('a named pipe or a device in place of a verdict or a page is refused, not read', () => {
  const run = runFolder()
  pipe(runPaths(run).verdict)
  expect(() => readVerdict(run)).toThrow(/verdict\.json is a named pipe; expected a regular file/)
  expect(() => readVerdict('/dev/zero')).toThrow(LossproofError)
  pipe(runPaths(run).report)
  const verdict = { schema: 1, run: 'r', seed: 1, verdict: 'held', cells: [], claims: [] } as const
  expect(() => refuseToLoseTimelines(run, { ...verdict, cells: [], claims: [] })).toThrow(
    /report\.html is a named pipe/,
  )
})
