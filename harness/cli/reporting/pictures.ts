/**
 * `npm run pictures [folder of published runs]`: takes the pictures of README.md and docs/ from the report pages of the
 * published runs, with Chromium. Without a folder it uses results/reference.
 */
import { mkdirSync } from 'node:fs'
import { join, resolve } from 'node:path'
import { fileURLToPath, pathToFileURL } from 'node:url'
import { chromium } from 'playwright-core'
import type { Page } from 'playwright-core'
import { ensureChromium } from '../prepare/chromium.ts'

interface Picture {
  name: string
  /** Folder of the run. */
  run: string
  /** The view, as the part of the address after `#`. */
  view: string
  width: number
  height: number
  /** Element at the top of the picture. Default: the top of the page. */
  from?: string
}

const cell = (id: string) => `#/cell/${encodeURIComponent(id)}`
const losingCell = cell('kafka-acks/producer.acks=1,topic.min.insync.replicas=2')

const pictures: readonly Picture[] = [
  { name: 'report', run: 'kafka', view: '#/', width: 1280, height: 760 },
  { name: 'claims', run: 'kafka', view: '#/claims', width: 1280, height: 760 },
  { name: 'cell', run: 'kafka', view: losingCell, width: 1100, height: 620 },
  { name: 'timeline', run: 'kafka', view: losingCell, width: 1100, height: 760, from: '#timeline' },
  { name: 'messages', run: 'kafka', view: losingCell, width: 1100, height: 560, from: '#fates' },
]

async function take(page: Page, { name, run, view, width, height, from }: Picture, folders: Folders): Promise<void> {
  await page.setViewportSize({ width, height })
  await page.goto('about:blank')
  await page.goto(`${pathToFileURL(join(folders.runs, run, 'report.html')).href}${view}`)
  await page.waitForSelector('h1')
  if ((await page.locator('.notice').count()) > 0)
    throw new Error(`${name}: the run ${run} has no ${decodeURIComponent(view)}`)
  // A picture of the full page would resize it to one pixel for a moment, which takes the charts away.
  await page.setViewportSize({ width, height: await page.evaluate<number>('document.documentElement.scrollHeight') })
  if (view.startsWith('#/cell/')) await page.locator('.plot canvas').nth(1).waitFor()
  const top = from === undefined ? 0 : ((await page.locator(from).boundingBox())?.y ?? 0) - 12
  await page.screenshot({
    path: join(folders.out, `${name}.png`),
    clip: { x: 0, y: Math.max(0, top), width, height },
  })
  process.stderr.write(`docs/pictures/${name}.png\n`)
}

interface Folders {
  runs: string
  out: string
}

const root = fileURLToPath(new URL('../../..', import.meta.url))
const folders = { runs: resolve(process.argv[2] ?? join(root, 'results/reference')), out: join(root, 'docs/pictures') }
mkdirSync(folders.out, { recursive: true })
const browser = await chromium.launch({
  executablePath: await ensureChromium(line => process.stderr.write(`${line}\n`)),
  // Chromium's sandbox does not work for root in a container.
  args: ['--no-sandbox', '--disable-gpu'],
})
try {
  const page = await browser.newPage({ colorScheme: 'light' })
  for (const picture of pictures) await take(page, picture, folders)
} finally {
  await browser.close()
}
