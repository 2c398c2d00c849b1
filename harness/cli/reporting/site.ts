/**
 * `npm run site [folder] [--repository <address>]`: writes README.md, docs/ and the other pages of the project as a site that needs
 * no server. Without a folder it goes to .lossproof/site. `--repository`: where other files of the project can be seen.
 */
import { cpSync, mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { createRequire, stripTypeScriptTypes } from 'node:module'
import { dirname, join, resolve } from 'node:path'
import { fileURLToPath } from 'node:url'
import { parseArgs } from 'node:util'
import { siteFiles } from '../../report/site/site.ts'

const root = fileURLToPath(new URL('../../..', import.meta.url))

/** The text of every page of the project, by its path. */
export function projectPages(): Map<string, string> {
  const below = (folder: string) =>
    readdirSync(join(root, folder))
      .filter(name => name.endsWith('.md'))
      .toSorted()
      .map(name => (folder === '' ? name : `${folder}/${name}`))
  return new Map([...below(''), ...below('docs')].map(path => [path, readFileSync(join(root, path), 'utf8')]))
}

/** Replaces what the folder had. */
export function writeSite(folder: string, repository?: string): void {
  rmSync(folder, { recursive: true, force: true })
  mkdirSync(join(folder, 'assets'), { recursive: true })
  for (const [path, text] of siteFiles({ pages: projectPages(), repository })) writeFileSync(join(folder, path), text)
  cpSync(join(root, 'docs/pictures'), join(folder, 'pictures'), { recursive: true })
  const browser = join(root, 'harness/report/site/browser')
  cpSync(join(browser, '../../style/palette.css'), join(folder, 'assets/palette.css'))
  cpSync(join(browser, 'site.css'), join(folder, 'assets/site.css'))
  for (const script of ['search', 'diagrams'])
    writeFileSync(
      join(folder, `assets/${script}.js`),
      stripTypeScriptTypes(readFileSync(join(browser, `${script}.ts`), 'utf8')),
    )
  const { resolve: fileOfPackage } = createRequire(import.meta.url)
  cpSync(join(dirname(fileOfPackage('minisearch')), '../umd/index.js'), join(folder, 'assets/minisearch.js'))
  cpSync(fileOfPackage('@mermaid-js/tiny'), join(folder, 'assets/mermaid.js'))
}

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  const { values, positionals } = parseArgs({ allowPositionals: true, options: { repository: { type: 'string' } } })
  const folder = resolve(positionals[0] ?? join(root, '.lossproof/site'))
  writeSite(folder, values.repository)
  process.stdout.write(`${join(folder, 'index.html')}\n`)
}
