/**
 * `npm run build`: makes dist/, which is what the npm package contains. Node.js does not run TypeScript below node_modules,
 * so the package has JavaScript with types. dist/ has the folders of the sources, so that paths relative to a module stay
 * valid: images, scenarios and Java sources are copied to the same places.
 */
import { spawnSync } from 'node:child_process'
import { chmodSync, cpSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { basename, join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { z } from 'zod'
import { pageTemplate } from '../harness/cli/reporting/page.ts'

const PackageFile = z.object({ name: z.string(), version: z.string(), type: z.literal('module') })
const root = fileURLToPath(new URL('..', import.meta.url))
const dist = join(root, 'dist')

/** Folders with files that are not TypeScript and that the program reads while it runs. */
const assets = ['scenarios', 'docker/images', 'systems', 'workloads']

rmSync(dist, { recursive: true, force: true })
const tsc = spawnSync(process.execPath, [join(root, 'node_modules/typescript/bin/tsc'), '-p', 'tsconfig.build.json'], {
  cwd: root,
  stdio: 'inherit',
})
if (tsc.status !== 0) process.exit(tsc.status ?? 1)
for (const folder of assets)
  cpSync(join(root, folder), join(dist, folder), {
    recursive: true,
    filter: source => basename(source) !== 'testing' && !source.endsWith('.ts'),
  })
writeFileSync(join(dist, 'harness/report/page.html'), await pageTemplate())
// Beside the same folders as in the sources, so that the version is found at the same place.
const { name, version, type } = PackageFile.parse(JSON.parse(readFileSync(join(root, 'package.json'), 'utf8')))
writeFileSync(join(dist, 'package.json'), `${JSON.stringify({ name, version, type })}\n`)
chmodSync(join(dist, 'harness/cli/main.js'), 0o755)
