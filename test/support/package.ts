/** For tests: the packed package, and a project that has installed it. */
import { createHash } from 'node:crypto'
import {
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  renameSync,
  rmSync,
  statSync,
  symlinkSync,
} from 'node:fs'
import { basename, dirname, join } from 'node:path'
import { execa } from 'execa'
import { z } from 'zod'
import { root } from './cli.ts'

const Names = z.record(z.string(), z.unknown())
const PackageFile = z.object({ dependencies: Names, peerDependencies: Names })
const { dependencies, peerDependencies } = PackageFile.parse(
  JSON.parse(readFileSync(join(root, 'package.json'), 'utf8')),
)
/** What is in node_modules after an installation of the package and of vitest. */
export const neededPackages: readonly string[] = [...Object.keys(dependencies), ...Object.keys(peerDependencies)]

/** What the package is made from. */
const folders = ['build', 'docker', 'faults', 'harness', 'history', 'model', 'scenarios', 'systems', 'workloads']
const sources = [...folders, 'LICENSE', 'README.md', 'package.json', 'tsconfig.json', 'tsconfig.build.json']

/**
 * Installs the tarball of the present sources into `project`, with its command. Its dependencies, and `others`, are links to
 * those of this project, so that nothing is downloaded; what is not named cannot be found.
 */
export async function installPackage(project: string, others: readonly string[] = []): Promise<void> {
  const modules = join(project, 'node_modules')
  mkdirSync(join(modules, '.bin'), { recursive: true })
  await execa('tar', ['xzf', await tarball(), '-C', project])
  renameSync(join(project, 'package'), join(modules, 'lossproof'))
  for (const name of [...neededPackages, ...others]) {
    mkdirSync(dirname(join(modules, name)), { recursive: true })
    symlinkSync(join(root, 'node_modules', name), join(modules, name))
  }
  symlinkSync('../lossproof/dist/harness/cli/main.js', join(modules, '.bin/lossproof'))
}

/** Packs once for each state of the sources: unit tests and tests on clusters use the same tarball. */
async function tarball(): Promise<string> {
  const kept = join(root, '.lossproof/package')
  const file = join(kept, `${fingerprint()}.tgz`)
  if (existsSync(file)) return file
  mkdirSync(kept, { recursive: true })
  const folder = mkdtempSync(join(kept, 'packing-'))
  await execa('npm', ['pack', '--pack-destination', folder], { cwd: root })
  // Whole or not at all.
  renameSync(join(folder, readdirSync(folder).find(name => name.endsWith('.tgz')) ?? ''), file)
  for (const name of readdirSync(kept))
    if (name !== basename(file)) rmSync(join(kept, name), { recursive: true, force: true })
  return file
}

function fingerprint(): string {
  const hash = createHash('sha256')
  for (const source of sources) {
    const path = join(root, source)
    const files = statSync(path).isDirectory() ? readdirSync(path, { recursive: true, encoding: 'utf8' }) : ['']
    for (const name of files.filter(file => !file.endsWith('.test.ts')).toSorted()) {
      const { size, mtimeMs } = statSync(join(path, name))
      hash.update(`${source}/${name} ${size} ${mtimeMs}\n`)
    }
  }
  return hash.digest('hex').slice(0, 16)
}
