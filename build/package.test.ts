/** Packs the package and uses it as somebody who installed it does: below node_modules, in a folder without sources. */
import { mkdirSync, mkdtempSync, readdirSync, symlinkSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { execa } from 'execa'
import { beforeAll, expect, test } from 'vitest'
import { filesOf } from '../docker/images/context.ts'
import { kafkaImages } from '../systems/kafka/image/definition.ts'

const root = fileURLToPath(new URL('..', import.meta.url))
const project = mkdtempSync(join(tmpdir(), 'lossproof-package-'))
const modules = join(project, 'node_modules')
const main = join(modules, 'lossproof/dist/harness/cli/main.js')
let files: string[] = []

/** Installs the tarball. Its dependencies are links to those of this project, so that nothing is downloaded. */
beforeAll(async () => {
  await execa('npm', ['pack', '--pack-destination', project], { cwd: root })
  const tarball = readdirSync(project).find(name => name.endsWith('.tgz')) ?? ''
  mkdirSync(modules)
  await execa('tar', ['xzf', join(project, tarball), '-C', project])
  await execa('mv', [join(project, 'package'), join(modules, 'lossproof')])
  for (const name of readdirSync(join(root, 'node_modules')).filter(entry => !entry.startsWith('.')))
    symlinkSync(join(root, 'node_modules', name), join(modules, name))
  files = readdirSync(join(modules, 'lossproof'), { recursive: true, encoding: 'utf8' })
}, 300_000)

const node = (...args: string[]) => execa(process.execPath, args, { cwd: project, reject: false })

test('the command plans a shipped scenario, and knows its version', async () => {
  const { stdout, stderr, exitCode } = await node(main, 'plan', 'quick')
  expect({ stderr, exitCode }).toEqual({ stderr: '', exitCode: 0 })
  expect(stdout).toContain('trial quick-kafka')
  expect((await node(main, '--version')).stdout).toMatch(/^\d+\.\d+\.\d+/)
})

test('the package can be imported', async () => {
  writeFileSync(join(project, 'a.mjs'), "import { plan } from 'lossproof'\nconsole.log(plan(['quick']).cells.length)\n")
  expect((await node('a.mjs')).stdout).toBe('4')
})

test('a program in TypeScript sees the types', async () => {
  writeFileSync(
    join(project, 'b.mts'),
    [
      "import { check, plan } from 'lossproof'",
      "const n: number = plan(['quick']).cells.length",
      "export const v: Promise<string> = check('x').then(r => r.verdict + n)\n",
    ].join('\n'),
  )
  const args = ['--noEmit', '--strict', '--module', 'nodenext', '--target', 'es2024', '--skipLibCheck', 'b.mts']
  const { stdout, exitCode } = await node(join(root, 'node_modules/typescript/bin/tsc'), ...args)
  expect({ stdout, exitCode }).toEqual({ stdout: '', exitCode: 0 })
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
