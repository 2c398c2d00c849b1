/**
 * The page's template: Preact and uPlot built into one HTML file by vite, once for each state of its sources, and kept in
 * `.lossproof/page`. `npm run page` builds it in advance; otherwise the first report builds it.
 */
import { createHash } from 'node:crypto'
import { existsSync, mkdirSync, readdirSync, readFileSync, renameSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { dataMark, titleMark } from '../../report/page-data/page-data.ts'

const root = fileURLToPath(new URL('../../..', import.meta.url))
const report = join(root, 'harness/report')
const kept = join(root, '.lossproof/page')
/** The published package contains the page already built. */
const prebuilt = join(report, 'page.html')

/** The built page, with marks where title and data go. `say` is told before a build, which takes a second or two. */
export async function pageTemplate(say: (line: string) => void = () => {}): Promise<string> {
  if (existsSync(prebuilt)) return readFileSync(prebuilt, 'utf8')
  const file = join(kept, `${fingerprint()}.html`)
  if (!existsSync(file)) {
    say('building the report page, once')
    const html = await build()
    mkdirSync(kept, { recursive: true })
    // Whole or not at all: two runs may build it at once.
    writeFileSync(`${file}.${process.pid}`, html)
    renameSync(`${file}.${process.pid}`, file)
  }
  return readFileSync(file, 'utf8')
}

/** Changes when anything changes that the page is made from: its sources, the files that they import, the packages. */
function fingerprint(): string {
  const hash = createHash('sha256')
  const sources = readdirSync(report, { recursive: true, encoding: 'utf8' }).filter(
    name => /\.(?:tsx?|css|html|json)$/.test(name) && !name.endsWith('.test.ts'),
  )
  for (const name of sources.toSorted())
    hash
      .update(name)
      .update('\0')
      .update(readFileSync(join(report, name)))
  hash.update(readFileSync(join(root, 'package-lock.json')))
  hash.update(readFileSync(fileURLToPath(import.meta.url)))
  return hash.digest('hex').slice(0, 16)
}

async function build(): Promise<string> {
  const [vite, { viteSingleFile }] = await Promise.all([import('vite'), import('vite-plugin-singlefile')])
  const built = await vite.build({
    root: join(report, 'page'),
    configFile: false,
    logLevel: 'error',
    plugins: [viteSingleFile()],
    oxc: { jsx: { runtime: 'automatic', importSource: 'preact' } },
    build: { write: false, target: 'es2022', minify: true, modulePreload: false },
  })
  const outputs = (Array.isArray(built) ? built : [built]).flatMap(one => ('output' in one ? one.output : []))
  const html = outputs.find(output => output.type === 'asset' && output.fileName === 'index.html')
  const text = html?.type === 'asset' ? String(html.source) : ''
  if (!text.includes(dataMark) || !text.includes(titleMark)) throw new Error('the built page has no place for its data')
  return text
}

if (process.argv[1] === fileURLToPath(import.meta.url)) await pageTemplate(line => process.stderr.write(`${line}\n`))
