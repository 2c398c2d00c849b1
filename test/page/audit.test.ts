/** The tab of an audit in a real Chromium. */
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import type { Browser } from 'playwright-core'
import type { AuditRow } from '../../model/audit.ts'
import { sampleAudit, sampleRows } from '../../harness/report/audit/testing/sample.ts'
import { runPage } from '../../harness/report/page-data/run-page.ts'
import type { PageData } from '../../harness/report/page-data/page-data.ts'
import { sampleRun } from '../../harness/testing/report/sample.ts'
import { kafkaPair } from '../../harness/testing/report/scenarios.ts'
import { expectSound, launch, layouts, open, overflow, saved } from './browser.ts'

let browser: Browser
beforeAll(async () => {
  browser = await launch()
})
afterAll(async () => {
  await browser.close()
})

const diff = '--- producer.properties\n+++ producer.properties\n@@ -1,2 +1,2 @@\n-acks=1\n+acks=all\n linger.ms=5\n'

/** An audit whose cells are those of a run. */
function audited(change: (row: AuditRow) => AuditRow = row => row, patch = diff): PageData {
  const run = sampleRun(kafkaPair)
  const [own = '', other = ''] = run.verdict.cells.map(({ id }) => id)
  const rows = sampleRows.map(row =>
    change({
      ...row,
      run: run.verdict.run,
      probe: { ...row.probe, cell: own },
      tried: row.tried.map(fix => ({ ...fix, cell: other })),
    }),
  )
  return runPage({
    ...run,
    audit: {
      ...sampleAudit(rows),
      patch: {
        diff: patch,
        changes: [],
        notPatched: [{ name: 'workload.commit', value: 'after', reason: 'the application does this' }],
      },
    },
  })
}

describe.each(layouts)('$name', ({ options }) => {
  test('the audit is accessible, fits the screen and logs no error', async () => {
    const { url } = await saved(audited())
    await expectSound(browser, url, options)
  })
})

test('the audit is the first tab: each probe with result, cause, fix and line, and details that lead to cells', async () => {
  const { url } = await saved(audited())
  const { page } = await open(browser, url)
  expect(await page.locator('header nav a').allInnerTexts()).toEqual(['Audit', 'Matrix', 'Claims'])
  expect(await page.locator('header nav a[aria-current]').innerText()).toBe('Audit')
  const probe = page.locator('tbody', { hasText: 'leader lost while followers lag' }).first()
  const text = await probe.innerText()
  expect(text).toContain('lost 52 of 143')
  expect(text).toContain('truncated after election')
  expect(text).toContain('acks=all: lost 0 of 151, same fault; p99 4 → 9 ms; refused 0 → 12')
  expect(text).toContain('producer.properties:3')
  expect(text).not.toContain('acked/s')
  await probe.locator('summary').click()
  await expect.poll(async () => probe.innerText()).toContain('acked/s')
  expect(await page.locator('.patch .added').allTextContents()).toEqual(['+acks=all\n'])
  expect(await page.locator('main').innerText()).toContain('workload.commit=after: the application does this')
  await probe.locator('a', { hasText: 'acks=all' }).click()
  await expect.poll(async () => page.locator('h1').innerText()).toContain('acks=all')
  await page.locator('.crumbs a').click()
  await page.locator('.tile').first().waitFor()
  expect(await page.locator('header nav a[aria-current]').innerText()).toBe('Matrix')
  await page.context().close()
})

test('a run that is no audit begins with its matrix', async () => {
  const { url } = await saved(runPage(sampleRun(kafkaPair)))
  const { page } = await open(browser, url)
  expect(await page.locator('header nav a').allInnerTexts()).toEqual(['Matrix', 'Claims'])
  await page.locator('.tile').first().waitFor()
  await page.context().close()
})

test('hostile names show as text and widen nothing', async () => {
  const evil = `</script><script>alert(1)</script><img src=x onerror=alert(2)><b id=evil>$&\u202E"'\`${'x'.repeat(300)}`
  const data = audited(
    row => ({
      ...row,
      probe: { ...row.probe, title: evil, question: evil },
      causes: [{ code: evil, text: evil, count: 1 }],
      reasons: [evil],
      tried: row.tried.map(fix => ({ ...fix, settings: { [evil]: evil } })),
      ...(row.fix ? { fix: { ...row.fix, settings: { [evil]: evil } } } : {}),
    }),
    evil,
  )
  const { url } = await saved(data)
  for (const width of [1280, 360]) {
    const { page, complaints } = await open(browser, url, { viewport: { width, height: 800 } })
    await page.locator('details').evaluateAll(all => all.forEach(one => one.setAttribute('open', '')))
    expect(complaints).toEqual([])
    expect(await page.locator('#evil, main img, main script').count()).toBe(0)
    expect(await overflow(page), `at ${width}`).toBe(0)
    await page.context().close()
  }
})
