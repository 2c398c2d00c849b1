/** For tests: a real Chromium, and what a page of ours does in it. */
import { mkdtempSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { pathToFileURL } from 'node:url'
import { createRequire } from 'node:module'
import { readFileSync } from 'node:fs'
import { chromium } from 'playwright-core'
import type { Browser, BrowserContextOptions, Page } from 'playwright-core'
import { expect } from 'vitest'
import { findChromium } from '../../harness/cli/prepare/chromium.ts'
import { pageTemplate } from '../../harness/cli/reporting/page.ts'
import type { PageData } from '../../harness/report/page-data/page-data.ts'
import { pageOf } from '../../harness/report/page-data/page-data.ts'

export async function launch(): Promise<Browser> {
  const executablePath = findChromium()
  if (executablePath === undefined)
    throw new Error('these tests need Chromium: apt-get install chromium, or name one in LOSSPROOF_CHROMIUM')
  // A sandbox of its own is not to be had by root in a container.
  return chromium.launch({ executablePath, args: ['--no-sandbox', '--disable-gpu'] })
}

const folder = mkdtempSync(join(tmpdir(), 'lossproof-page-'))
let written = 0

/** Writes the page to a file; returns its address and size. */
export async function saved(data: PageData, title = 'title'): Promise<{ url: string; bytes: number }> {
  const html = pageOf(await pageTemplate(), title, data)
  const file = join(folder, `${written++}.html`)
  writeFileSync(file, html)
  return { url: pathToFileURL(file).href, bytes: Buffer.byteLength(html) }
}

export interface Opened {
  page: Page
  /** What no page of ours may do: errors, warnings, requests to anywhere but its own file. */
  complaints: string[]
}

export async function open(browser: Browser, url: string, options: BrowserContextOptions = {}): Promise<Opened> {
  const context = await browser.newContext({ viewport: { width: 1280, height: 800 }, ...options })
  const page = await context.newPage()
  const complaints: string[] = []
  page.on('pageerror', error => complaints.push(error.message))
  page.on('console', message => {
    if (message.type() === 'error' || message.type() === 'warning') complaints.push(message.text())
  })
  page.on('request', request => {
    if (!request.url().startsWith('file:') && !request.url().startsWith('data:')) complaints.push(request.url())
  })
  page.on('dialog', dialog => {
    complaints.push(`dialog ${dialog.message()}`)
    void dialog.dismiss()
  })
  await page.goto(url)
  await page.waitForSelector('h1')
  return { page, complaints }
}

/**
 * Opens a page and waits for `shown`, a CSS selector, three times; returns the processor time of the page's own thread, s.
 * A limit on the clock would measure the other processes of the machine too.
 */
export async function processorTimes(browser: Browser, url: string, shown: string): Promise<number[]> {
  const times: number[] = []
  for (let time = 0; time < 3; time++) {
    const page = await browser.newPage()
    const devtools = await page.context().newCDPSession(page)
    // The time counts from here on.
    await devtools.send('Performance.enable')
    await page.goto(url)
    await page.locator(shown).first().waitFor()
    const { metrics } = await devtools.send('Performance.getMetrics')
    times.push(metrics.find(({ name }) => name === 'ThreadTime')?.value ?? 0)
    await page.close()
  }
  expect(Math.min(...times)).toBeGreaterThan(0)
  return times
}

export const seconds = (times: readonly number[]): string => times.map(s => s.toFixed(2)).join(', ')

const axe = readFileSync(createRequire(import.meta.url).resolve('axe-core/axe.min.js'), 'utf8')

/** What axe-core finds wrong, by the WCAG and its best practices, one line each. */
export async function accessibility(page: Page): Promise<string[]> {
  // The page's own policy forbids scripts from elsewhere; this one comes through the debugger. Without preload it fetches nothing.
  await page.evaluate(axe)
  const found: unknown = await page.evaluate(
    'axe.run(document, { preload: false }).then(({ violations }) => violations.flatMap(({ id, help, nodes }) => ' +
      'nodes.map(node => `${id}: ${help}: ${node.html.slice(0, 200)}`)))',
  )
  return found as string[]
}

/** How far the page is wider than the screen, px. */
export const overflow = async (page: Page): Promise<number> =>
  page.evaluate('Math.max(0, document.documentElement.scrollWidth - innerWidth)')

/** The screens on which every view is tried. */
export const layouts: readonly { name: string; options: BrowserContextOptions }[] = [
  { name: 'light', options: { colorScheme: 'light' } },
  { name: 'dark', options: { colorScheme: 'dark' } },
  { name: 'narrow', options: { viewport: { width: 360, height: 740 } } },
]

/** Fails unless the page, with everything opened, is accessible, fits the screen and complains of nothing. */
export async function expectSound(browser: Browser, url: string, options: BrowserContextOptions): Promise<void> {
  const { page, complaints } = await open(browser, url, options)
  await page.locator('details').evaluateAll(all => all.forEach(one => one.setAttribute('open', '')))
  expect(await accessibility(page), url).toEqual([])
  expect(await overflow(page), url).toBe(0)
  expect(complaints, url).toEqual([])
  await page.context().close()
}
