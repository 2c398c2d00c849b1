/** The tab of a stress in a real Chromium. */
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import type { Browser } from 'playwright-core'
import { runPage } from '../../harness/report/page-data/run-page.ts'
import type { PageData } from '../../harness/report/page-data/page-data.ts'
import { sampleStress } from '../../harness/report/stress/testing/sample.ts'
import { sampleRun } from '../../harness/testing/report/sample.ts'
import { kafkaPair } from '../../harness/testing/report/scenarios.ts'
import { expectSound, launch, layouts, open, saved } from './browser.ts'

let browser: Browser
beforeAll(async () => {
  browser = await launch()
})
afterAll(async () => {
  await browser.close()
})

/** A stress whose cells are those of a run. */
const stressed = (): PageData => ({ ...runPage(sampleRun(kafkaPair)), stress: sampleStress('kafka') })

describe.each(layouts)('$name', ({ options }) => {
  test('the stress is accessible, fits the screen and logs no error', async () => {
    const { url } = await saved(stressed())
    await expectSound(browser, url, options)
  })
})

test('the stress is the first tab: the finding with its fix, the coverage grid, and the schedules', async () => {
  const { url } = await saved(stressed())
  const { page } = await open(browser, url)
  expect(await page.locator('header nav a').allInnerTexts()).toEqual(['Stress', 'Matrix', 'Claims'])
  expect(await page.locator('header nav a[aria-current]').innerText()).toBe('Stress')
  const text = await page.locator('main').innerText()
  expect(text).toContain('truncated-after-election')
  expect(text).toContain('producer.acks=all kept all 140 under the same schedule')
  expect(text).toContain('results/20261130-070000-stress-7/finding-3.yaml')
  expect(await page.locator('table.coverage tbody tr').allInnerTexts()).toEqual([
    'crash\t3\t0',
    'cut-replication\t3\t–',
  ])
  await page.locator('summary', { hasText: 'schedules tried' }).click()
  await expect.poll(async () => page.locator('main').innerText()).toContain('cut-replication leader; crash leader')
})
