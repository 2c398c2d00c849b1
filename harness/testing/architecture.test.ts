/**
 * The rules of the tree, tested: imports point downwards only, generic code names no system, folders stay small and
 * lines short. The lint rules run over files with one forbidden import each, so a rule that no longer applies fails here.
 */
import { spawnSync } from 'node:child_process'
import { copyFileSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, symlinkSync, writeFileSync } from 'node:fs'
import { dirname, join, relative } from 'node:path'
import { fileURLToPath } from 'node:url'
import { tmpdir } from 'node:os'
import { describe, expect, test } from 'vitest'

const root = fileURLToPath(new URL('../..', import.meta.url))
const sourceFolders = ['model', 'history', 'faults', 'docker', 'workloads', 'systems', 'harness'] as const
const otherFolders = ['bench', 'build', 'test'] as const
/** At most this many files in one folder, tests included. */
const mostFiles = 22
const mostColumns = 140

function filesBelow(folder: string): string[] {
  return readdirSync(join(root, folder), { recursive: true, withFileTypes: true })
    .filter(entry => entry.isFile() && !entry.parentPath.includes('node_modules'))
    .map(entry => relative(root, join(entry.parentPath, entry.name)))
    .toSorted()
}

const sources = sourceFolders.flatMap(filesBelow).filter(path => /\.tsx?$/.test(path))

describe('imports point downwards only', () => {
  /** A folder, and an import that it must not have. */
  const forbidden: readonly (readonly [folder: string, imported: string])[] = [
    ['model', 'history/events.ts'],
    ['history', 'faults/index.ts'],
    ['faults', 'docker/engine/engine.ts'],
    ['faults', 'node:fs'],
    ['docker', 'workloads/payload.ts'],
    ['workloads', 'systems/index.ts'],
    ['systems/kafka', 'harness/plan/plan.ts'],
    ['harness/plan', 'harness/trial/run-plan.ts'],
    ['harness/plan', 'node:fs'],
    ['harness/trial', 'harness/check/lane.ts'],
    ['harness/check', 'harness/autopsy/explain.ts'],
    ['harness/check', 'harness/verdict/judge-cell.ts'],
    ['harness/check', 'history/reader.ts'],
    ['harness/autopsy', 'harness/verdict/judge-cell.ts'],
    ['harness/verdict', 'harness/report/terminal/terminal.ts'],
    ['harness/stress', 'harness/trial/run-plan.ts'],
    ['harness/stress', 'harness/report/terminal/terminal.ts'],
    ['harness/stress', 'node:fs'],
    ['harness/report', 'harness/cli/main.ts'],
    ['harness/report', 'node:fs'],
    ['harness/cli', 'harness/library/index.ts'],
  ]

  test('every forbidden import is refused by the lint rules', () => {
    const copy = mkdtempSync(join(tmpdir(), 'lossproof-architecture-'))
    copyFileSync(join(root, '.oxlintrc.json'), join(copy, '.oxlintrc.json'))
    symlinkSync(join(root, 'node_modules'), join(copy, 'node_modules'))
    const probes = forbidden.map(([folder, imported], at) => {
      const path = join(folder, `probe-${at}.ts`)
      mkdirSync(join(copy, folder), { recursive: true })
      const specifier = imported.startsWith('node:') ? imported : asSpecifier(relative(folder, imported))
      writeFileSync(join(copy, path), `import { x } from '${specifier}'\nexport const y = x\n`)
      return path
    })
    const { stdout } = spawnSync(join(root, 'node_modules/oxlint/bin/oxlint'), ['--format', 'unix', '.'], {
      cwd: copy,
      encoding: 'utf8',
    })
    const unrefused = forbidden.filter((_, at) => {
      const path = probes[at] ?? ''
      return !stdout.split('\n').some(line => line.includes(path) && line.includes('no-restricted-imports'))
    })
    expect(unrefused).toEqual([])
  })

  const asSpecifier = (path: string) => (path.startsWith('.') ? path : `./${path}`)
})

describe('generic code names no system', () => {
  const generic = [
    /^(model|history|faults|docker)\//,
    /^harness\//,
    /^workloads\/[^/]+\.ts$/,
    /^workloads\/clients\/[^/]+\.ts$/,
    /^workloads\/patterns\//,
  ]
  /** Tests, and helpers of tests, may name the systems that they use as examples. */
  const isTest = (path: string) => /\.test\.tsx?$|(^|\/)testing\//.test(path)
  /** Files that name a system: the lists of client libraries, what makes the documentation, and the API. */
  const exceptions: readonly string[] = [
    'harness/cli/reporting/pictures.ts',
    'harness/library/cluster/kafka.ts',
    'harness/library/index.ts',
    'harness/report/docs/docs.ts',
    'workloads/clients/catalog.ts',
    'workloads/clients/index.ts',
  ]

  const offenders = sources.filter(
    path =>
      generic.some(pattern => pattern.test(path)) &&
      !isTest(path) &&
      /kafka|rocketmq/i.test(readFileSync(join(root, path), 'utf8')),
  )

  test('the files that contain the words are those of the list', () => {
    expect(offenders.toSorted()).toEqual(exceptions)
  })
})

test(`no line of a source file is longer than ${mostColumns} characters`, () => {
  const files = [...sourceFolders, ...otherFolders].flatMap(filesBelow).filter(path => /\.tsx?$/.test(path))
  const long = files.flatMap(path =>
    readFileSync(join(root, path), 'utf8')
      .split('\n')
      .flatMap((line, at) => (line.length > mostColumns ? [`${path}:${at + 1}`] : [])),
  )
  expect(long).toEqual([])
})

test(`no folder holds more than ${mostFiles} files`, () => {
  const counts = new Map<string, number>()
  for (const path of sourceFolders.flatMap(filesBelow)) counts.set(dirname(path), (counts.get(dirname(path)) ?? 0) + 1)
  const large = [...counts].filter(([, count]) => count > mostFiles)
  expect(large).toEqual([])
})
