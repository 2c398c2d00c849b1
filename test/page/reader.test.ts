/** What a reader does with the page of a cell and the matrix in a real Chromium: follow links, go back, copy, open large runs. */
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import type { Browser } from 'playwright-core'
import { runPage } from '../../harness/report/page-data/run-page.ts'
import type { CellVerdict } from '../../model/verdict.ts'
import { launch, open, overflow, processorTimes, saved, seconds } from './browser.ts'
import { sampleRun } from '../../harness/testing/report/sample.ts'
import { kafka64 } from '../../harness/testing/report/scenarios.ts'
import { cellOf, consumed, everything, lossy } from './samples.ts'

/** A busy machine draws slowly. */
const soon = { timeout: 20_000 }

let browser: Browser
beforeAll(async () => {
  browser = await launch()
})
afterAll(async () => {
  await browser.close()
})

test('a losing cell links to the cause, the claim and the cell that kept every message', async () => {
  const { url } = await saved(everything())
  const { page } = await open(browser, url + cellOf('pair/producer.acks=1'))
  await page.locator('.answer.first a', { hasText: 'truncated-after-election' }).click()
  await expect.poll(async () => page.locator('h1').innerText(), soon).toBe('Cause: truncated-after-election')
  expect(await page.locator('main').innerText()).toContain('What it rules out')
  await page.goBack()
  await page.locator('.read-on a').first().click()
  await expect.poll(async () => page.locator('.claim').count(), soon).toBe(1)
  expect(page.url()).toContain('#/claims?claim=kafka%2Facks')
  await page.goBack()
  await page.locator('.answer.first a', { hasText: 'acks=all' }).click()
  await expect.poll(async () => page.locator('h1').innerText(), soon).toContain('acks=all')
  await page.context().close()
})

test('a filter, a search and a time range are in the address, and the back button undoes each', async () => {
  const { url } = await saved(everything())
  const { page } = await open(browser, url)
  const status = async () => page.locator('.filters [role=status]').innerText()
  await page.locator('.filter.violated').click()
  await expect.poll(status, soon).toBe('6 of 7 cells')
  expect(page.url()).toContain('hide=violated')
  await page.getByRole('searchbox').fill('acks=1')
  await expect.poll(() => page.url(), soon).toContain('find=acks')
  await page.goBack()
  await expect.poll(status, soon).toBe('6 of 7 cells')
  expect(await page.getByRole('searchbox').inputValue()).toBe('')
  await page.goBack()
  await expect.poll(status, soon).toBe('7 cells')
  await page.goto(url + cellOf('pair/producer.acks=1'))
  await page.locator('.plot canvas').nth(1).waitFor()
  await page.locator('.plot .u-over').first().scrollIntoViewIfNeeded()
  const plot = await page.locator('.plot .u-over').first().boundingBox()
  if (!plot) throw new Error('no chart')
  await page.mouse.move(plot.x + plot.width * 0.25, plot.y + 40)
  await page.mouse.down()
  await page.mouse.move(plot.x + plot.width * 0.5, plot.y + 40, { steps: 4 })
  await page.mouse.up()
  await expect.poll(() => page.url(), soon).toMatch(/\?from=[\d.]+&to=[\d.]+$/)
  await page.getByRole('button', { name: 'Whole trial' }).waitFor()
  await page.goBack()
  await expect.poll(() => page.url(), soon).not.toContain('from=')
  await page.context().close()
})

test('the back button leads to the place from which a link was followed, and a new view starts at its top', async () => {
  const { url } = await saved(runPage(sampleRun(kafka64)))
  const { page } = await open(browser, url, { viewport: { width: 700, height: 400 } })
  const scrolled = async () => page.evaluate('scrollY')
  const tile = page.locator('.tile').last()
  await tile.scrollIntoViewIfNeeded()
  const place = await scrolled()
  expect(place).toBeGreaterThan(200)
  await expect.poll(async () => page.evaluate('history.state?.scrolledTo'), soon).toBe(place)
  await tile.click()
  await expect.poll(async () => page.locator('#timeline').count(), soon).toBe(1)
  expect(await scrolled()).toBe(0)
  await page.goBack()
  await tile.waitFor()
  await expect.poll(scrolled, soon).toBe(place)
  await page.context().close()
})

test('the cell of a consumer shows what was processed, what waited, and who took over', async () => {
  const { url } = await saved(consumed())
  const { page } = await open(browser, url)
  await page.locator('.tile').first().click()
  const headings = async () => page.locator('h3').allInnerTexts()
  await expect.poll(headings, soon).toContain('Consumers: messages per second')
  expect(await headings()).toContain('Acknowledged and not yet processed')
  const titles = await page.locator('.timeline title').evaluateAll(all => all.map(one => one.textContent))
  expect(titles).toContain('partition 0 reader')
  expect(titles.filter(title => title?.startsWith('consumer-'))).toHaveLength(2)
  await page.context().close()
})

test('copying a command confirms it, also where the browser offers no clipboard', async () => {
  const { url } = await saved(everything())
  const { page } = await open(browser, url + cellOf('pair/producer.acks=1'))
  await page.evaluate('Object.defineProperty(navigator, "clipboard", { value: undefined })')
  await page.locator('.command button').click()
  await expect.poll(async () => page.locator('.command button').innerText(), soon).toContain('Copied')
  await page.getByRole('link', { name: 'Matrix' }).first().click()
  await page.getByRole('searchbox').focus()
  await page.keyboard.press('Control+V')
  await expect.poll(async () => page.getByRole('searchbox').inputValue(), soon).toContain('--only pair/producer.acks=1')
  await page.context().close()
})

test('a run without cells, a cell without its trial and counts of a billion show as they are', async () => {
  const empty = { ...lossy('0'), verdict: { ...lossy('0').verdict, cells: [], claims: [] } }
  const run = lossy('acked-in(cut)')
  const billion = 1_000_000_000
  const cells = run.verdict.cells.map(cell => ({
    ...cell,
    trial: 'gone',
    counts: { ...cell.counts, sent: billion, acked: billion, lost: billion, stored: 0 },
  }))
  const huge = { ...run, verdict: { ...run.verdict, cells }, trials: new Map(), lanes: new Map() }
  for (const width of [1280, 360]) {
    for (const [data, hash, text] of [
      [empty, '#/', 'tested nothing'],
      [huge, '#/', 'lost 1,000,000,000'],
      [huge, cellOf('pair/producer.acks=1'), 'Lost 1,000,000,000 of 1,000,000,000 acknowledged'],
    ] as const) {
      const { url } = await saved(runPage(data))
      const { page, complaints } = await open(browser, url + hash, { viewport: { width, height: 800 } })
      expect(await page.locator('main').innerText()).toContain(text)
      expect(await overflow(page), `${hash} at ${width}`).toBe(0)
      expect(complaints).toEqual([])
      await page.context().close()
    }
  }
})

describe('ten thousand cells', () => {
  const mostCpuSeconds = 3

  test.each([
    ['in one scenario', 10_000],
    ['in a hundred', 100],
  ])('%s: open within three seconds of processor time', async (_, perScenario) => {
    const { verdict, ...run } = lossy('acked-in(cut)')
    const cells = Array.from({ length: 10_000 }, (__, at): CellVerdict => ({
      ...verdict.cells[at % 2]!,
      id: `s${Math.floor(at / perScenario)}/a=${at % 100},b=${Math.floor(at / 100)}`,
      scenario: `s${Math.floor(at / perScenario)}`,
      settings: { 'topic.a': at % 100, 'topic.b': Math.floor(at / 100) },
    }))
    const data = runPage({ ...run, verdict: { ...verdict, cells, claims: [] }, lanes: new Map() })
    const { url } = await saved(data)
    const took = await processorTimes(browser, url, '.filters [role=status]:text-is("10,000 cells")')
    process.stdout.write(`10000 cells: ${seconds(took)} s of processor time\n`)
    expect(Math.min(...took)).toBeLessThan(mostCpuSeconds)
  })
})
