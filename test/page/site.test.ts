/** The documentation site in a real Chromium, opened as files: its pages, its search, its links. */
import { mkdtempSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { pathToFileURL } from 'node:url'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import type { Browser } from 'playwright-core'
import { writeSite } from '../../harness/cli/reporting/site.ts'
import { expectSound, launch, layouts, open } from './browser.ts'

const folder = mkdtempSync(join(tmpdir(), 'lossproof-site-'))
const address = (page: string) => pathToFileURL(join(folder, page)).href

let browser: Browser
beforeAll(async () => {
  writeSite(folder)
  browser = await launch()
})
afterAll(async () => {
  await browser.close()
})

describe.each(layouts)('$name', ({ options }) => {
  test('pages are accessible, fit the screen and load nothing from elsewhere', async () => {
    for (const page of ['index.html', 'docs.html', 'faults.html', 'advice.html', 'audit.html'])
      await expectSound(browser, address(page), options)
  }, 300_000)
})

test('the search finds a section by its words, and leads there', async () => {
  const { page, complaints } = await open(browser, address('docs.html'))
  const search = page.getByRole('searchbox')
  await search.fill('power page cache')
  const results = page.locator('#found li')
  await expect.poll(async () => results.count(), { timeout: 20_000 }).toBeGreaterThan(0)
  await search.fill('SIGKILL nodes crash')
  const first = page.locator('#found a', { hasText: 'Faults: crash' }).first()
  await first.click()
  await expect.poll(() => page.url()).toMatch(/faults\.html#[a-z-]*crash$/)
  expect(await page.locator('h1').innerText()).toBe('Faults')
  expect(complaints).toEqual([])
  await page.context().close()
})

test('the search says when it finds nothing, and Escape closes it', async () => {
  const { page } = await open(browser, address('faults.html'))
  await page.getByRole('searchbox').fill('xyzzyplugh')
  await expect
    .poll(async () => page.locator('#found').innerText(), { timeout: 20_000 })
    .toBe('Nothing has “xyzzyplugh”.')
  await page.keyboard.press('Escape')
  await expect.poll(async () => page.locator('#found').isVisible()).toBe(false)
  await page.context().close()
})

test('pictures are shown, and the current page is marked with its headings', async () => {
  const { page } = await open(browser, address('faults.html'))
  await page.locator('main img').evaluateAll(all => all.forEach(one => one.setAttribute('loading', 'eager')))
  await expect
    .poll(async () =>
      page.evaluate('[...document.querySelectorAll("main img")].filter(one => one.naturalWidth === 0).length'),
    )
    .toBe(0)
  expect(await page.locator('main img').count()).toBeGreaterThan(10)
  expect(await page.locator('nav [aria-current]').innerText()).toBe('Faults')
  expect(await page.locator('nav ul ul').innerText()).toContain('Disk faults')
  await page.context().close()
})
