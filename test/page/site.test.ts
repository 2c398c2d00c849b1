/** The documentation site in a real Chromium, opened as files: its pages, its search, its links. */
import { mkdtempSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { pathToFileURL } from 'node:url'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import type { Browser } from 'playwright-core'
import { writeSite } from '../../harness/cli/reporting/site.ts'
import { accessibility, expectSound, launch, layouts, open, overflow } from './browser.ts'

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
    for (const page of ['docs.html', 'faults.html', 'advice.html', 'audit.html'])
      await expectSound(browser, address(page), options)
  }, 300_000)

  test.each(['index.html', 'architecture.html'])(
    'the diagram of %s is a picture that is accessible, fits the screen and has legible letters',
    async name => {
      const { page, complaints } = await open(browser, address(name), options)
      const picture = page.locator('main .diagram').getByRole('img')
      await picture.waitFor({ timeout: 60_000 })
      expect(await page.locator('pre.diagram').count()).toBe(0)
      expect(await accessibility(page)).toEqual([])
      expect(await overflow(page)).toBe(0)
      expect(await page.locator('div.diagram').evaluate(box => box.scrollWidth - box.clientWidth)).toBe(0)
      expect(await page.evaluate(lettersAndColours)).toEqual([])
      expect(complaints).toEqual([])
      await page.context().close()
    },
    300_000,
  )
})

/** Labels of the diagram that are smaller than 11 px, or do not have the colour of the page's text. */
const lettersAndColours = `(() => {
  const svg = document.querySelector('.diagram svg')
  const scale = svg.getBoundingClientRect().width / svg.width.baseVal.value
  const ink = getComputedStyle(document.body).color
  return [...svg.querySelectorAll('foreignObject p')].flatMap(label => {
    const { color, fontSize } = getComputedStyle(label)
    const size = parseFloat(fontSize) * scale
    return size < 11 || color !== ink ? [label.textContent + ': ' + size + ' px, ' + color] : []
  })
})()`

test('a screen reader gets the description of a diagram, and paper gets it in dark ink', async () => {
  const { page } = await open(browser, address('architecture.html'), { colorScheme: 'dark' })
  const picture = page.getByRole('img', { name: 'A plan makes cells, lanes and trials of a scenario.' })
  await picture.waitFor({ timeout: 60_000 })
  const colour = () =>
    picture
      .locator('foreignObject p')
      .first()
      .evaluate(label => getComputedStyle(label).color)
  expect(await colour()).toBe('rgb(231, 234, 239)')
  await page.emulateMedia({ media: 'print' })
  expect(await colour()).toBe('rgb(21, 24, 30)')
  await page.context().close()
})

test('without scripts a diagram stays its source', async () => {
  const { page, complaints } = await open(browser, address('architecture.html'), { javaScriptEnabled: false })
  expect(await page.locator('pre.diagram').innerText()).toContain('flowchart LR')
  expect(complaints).toEqual([])
  await page.context().close()
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
