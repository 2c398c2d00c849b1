/** Packs the package and uses it as somebody who installed it does: below node_modules, in a folder without sources. */
import { mkdtempSync, readdirSync, readFileSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { execa } from 'execa'
import { publint } from 'publint'
import { formatMessage } from 'publint/utils'
import { beforeAll, expect, test, vi } from 'vitest'
import { filesOf } from '../docker/images/context.ts'
import { kafkaImages } from '../systems/kafka/image/definition.ts'
import { root } from '../test/support/cli.ts'
import { installPackage, neededPackages } from '../test/support/package.ts'

const project = mkdtempSync(join(tmpdir(), 'lossproof-package-'))
const modules = join(project, 'node_modules')
const main = join(modules, 'lossproof/dist/harness/cli/main.js')
const tsc = join(root, 'node_modules/typescript/bin/tsc')
let files: string[] = []

// A busy machine takes long to compile.
vi.setConfig({ testTimeout: 240_000 })

beforeAll(async () => {
  await installPackage(project, ['@types/node'])
  writeFileSync(join(project, 'package.json'), '{ "type": "module" }\n')
  files = readdirSync(join(modules, 'lossproof'), { recursive: true, encoding: 'utf8' })
}, 900_000)

const node = (...args: string[]) => execa(process.execPath, args, { cwd: project, reject: false })

test('the command plans a shipped scenario, and knows its version', async () => {
  const { stdout, stderr, exitCode } = await node(main, 'plan', 'quick')
  expect({ stderr, exitCode }).toEqual({ stderr: '', exitCode: 0 })
  expect(stdout).toContain('trial quick-kafka')
  expect((await node(main, '--version')).stdout).toMatch(/^\d+\.\d+\.\d+/)
})

test('the package can be imported, and prints nothing', async () => {
  writeFileSync(
    join(project, 'a.mjs'),
    `import { LossproofError, plan, runScenario } from 'lossproof'
if (plan('quick').cells.length !== 4) throw new Error('another plan')
const error = await runScenario('quick', { signal: AbortSignal.abort() }).catch(error => error)
if (!(error instanceof LossproofError) || error.code !== 'interrupted') throw error
`,
  )
  expect(await node('a.mjs')).toMatchObject({ stdout: '', stderr: '', exitCode: 0 })
})

const program = `import { audit, check, runScenario, startKafka } from 'lossproof'
import type { Cell, LossproofError, Run } from 'lossproof'
import 'lossproof/vitest'
import { expect } from 'vitest'

export async function use(error: LossproofError): Promise<void> {
  const run: Run = await runScenario('quick', { signal: AbortSignal.timeout(1), onProgress: ({ text }) => text.trim() })
  const cell: Cell = run.cell('acks=1')
  const lost: number = cell.counts.lost
  if (cell.verdict === 'held' && cell.lost[0]?.cause.code === 'truncated-after-election') lost.toFixed()
  expect(run).toLoseNothing()
  expect(await check('x')).not.toLose({ exactly: 'acked-in(cut)', cause: 'unclean-election' })
  expect((await audit('x')).rows[0]?.outcome).toBe('kept')
  const line: number | undefined = error.line
  const cluster = await startKafka({ brokers: 3, broker: { 'unclean.leader.election.enable': true } })
  await cluster.inject('crash', 'leader', { topic: 'orders' })
  await cluster.heal()
  expect(line).toBe(cluster.bootstrap.length)
}
`

/** Lines with errors that the types must catch. */
const wrong = [
  "if (cell.verdict === 'lost') throw new Error()",
  "cluster.inject('crahs')",
  "expect(run).toLose({ exactly: 'acked-on(cut)' })",
  'cell.counts.losses.toFixed()',
]

const checked = (file: string, ...resolution: string[]) =>
  node(tsc, '--noEmit', '--strict', '--target', 'es2024', '--lib', 'es2024,esnext.disposable,dom', ...resolution, file)

test.each([
  ['nodenext', []],
  ['bundler', ['--moduleResolution', 'bundler', '--module', 'esnext']],
])('a program in TypeScript sees the types: %s', async (name, options) => {
  writeFileSync(join(project, 'b.ts'), program)
  const given = name === 'nodenext' ? ['--module', 'nodenext'] : options
  // Without it, declarations would need the types of yargs and of Node.js.
  const { stdout, exitCode } = await checked('b.ts', ...given, '--skipLibCheck')
  expect({ stdout, exitCode }).toEqual({ stdout: '', exitCode: 0 })
})

test('the types catch mistakes', async () => {
  const lines = program.split('\n')
  const end = lines.lastIndexOf('}')
  writeFileSync(join(project, 'd.ts'), [...lines.slice(0, end), ...wrong, ...lines.slice(end)].join('\n'))
  const { stdout } = await checked('d.ts', '--module', 'nodenext', '--skipLibCheck')
  const found = new Set([...stdout.matchAll(/^d\.ts\((\d+),/gm)].map(([, line]) => Number(line)))
  expect([...found]).toEqual(wrong.map((_, at) => end + 1 + at))
})

test('publint finds nothing to correct', async () => {
  const pkgDir = join(modules, 'lossproof')
  const { messages, pkg } = await publint({ pkgDir, strict: true, pack: false })
  expect(messages.map(message => formatMessage(message, pkg))).toEqual([])
})

test('every package that the published code imports is a dependency', () => {
  const modulesOf = (text: string) =>
    [...text.matchAll(/^(?:import|export) [^'"]*?from '([^'"]+)'|^import '([^'"]+)'/gm)].map(([, a, b]) => a ?? b ?? '')
  const imported = new Set(
    files
      .filter(name => name.endsWith('.js'))
      .flatMap(name => modulesOf(readFileSync(join(modules, 'lossproof', name), 'utf8')))
      .filter(name => !name.startsWith('.') && !name.startsWith('node:'))
      .map(name => name.split('/', name.startsWith('@') ? 2 : 1).join('/')),
  )
  expect([...imported].filter(name => !neededPackages.includes(name))).toEqual([])
  expect([...imported]).toContain('kafkajs')
})

test('reports name the command of the package, not the launcher of a checkout', async () => {
  const words = join(modules, 'lossproof/dist/harness/report/words/replay-command.js')
  writeFileSync(join(project, 'e.mjs'), `import { replayCommand } from '${words}'\nconsole.log(replayCommand('r'))`)
  expect((await node('e.mjs')).stdout).toBe('npx lossproof replay results/r')
})

test('images are built from the same files as in the repository', async () => {
  const dist = join(modules, 'lossproof/dist')
  writeFileSync(
    join(project, 'c.mjs'),
    `import { filesOf } from '${dist}/docker/images/context.js'
import { kafkaImages } from '${dist}/systems/kafka/image/definition.js'
console.log(JSON.stringify(kafkaImages.definitions.map(image => filesOf(image).map(file => file.path))))`,
  )
  const own = kafkaImages.definitions.map(image => filesOf(image).map(file => file.path))
  expect(JSON.parse((await node('c.mjs')).stdout)).toEqual(own)
})

test('the package has its license and what images are built from, and neither tests nor sources in TypeScript', () => {
  const has = (name: string) => expect(files).toContain(name)
  has('LICENSE')
  has('README.md')
  has('dist/harness/report/page.html')
  has('dist/scenarios/quick/kafka.yaml')
  expect(files.filter(name => /(?:^|\/)Dockerfile$/.test(name)).length).toBeGreaterThan(3)
  expect(files.filter(name => /\.test\.|\/testing|(?<!\.d)\.tsx?$/.test(name))).toEqual([])
})
