/** The report in a real Chromium: what it shows, for whom, how fast, and what names can do to it. */
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import type { Browser } from 'playwright-core'
import { runPage } from '../../harness/report/page-data/run-page.ts'
import { assembleRun } from '../../harness/verdict/judge-trial.ts'
import type { CellVerdict } from '../../model/verdict.ts'
import { sampleRun } from '../../harness/testing/report/sample.ts'
import { kafka64 } from '../../harness/testing/report/scenarios.ts'
import { expectSound, launch, layouts, open, overflow, processorTimes, saved, seconds } from './browser.ts'
import { cellOf, consumed, dashboard, everything, lossy } from './samples.ts'

let browser: Browser
beforeAll(async () => {
  browser = await launch()
})
afterAll(async () => {
  await browser.close()
})

const views = [
  '#/',
  '#/claims',
  '#/claims?claim=kafka/acks',
  '#/cause/truncated-after-election',
  '#/systems',
  cellOf('pair/producer.acks=1'),
  cellOf('pair/violated'),
]
const dashboardViews = ['#/', '#/systems', `#/trend/${encodeURIComponent('pair/producer.acks=1')}`]
/** axe-core takes up to half a minute for a view on a busy machine. */
const allViewsMs = 300_000

describe.each(layouts)('$name', ({ options }) => {
  test.each([
    ['run', everything, views],
    ['cell with consumers', consumed, [cellOf('consumers')]],
    ['dashboard', dashboard, dashboardViews],
  ] as const)(
    'every view of a %s is accessible, fits the screen and logs no error',
    async (_, data, hashes) => {
      const { url } = await saved(data())
      for (const hash of hashes) await expectSound(browser, url + hash, options)
    },
    allViewsMs,
  )
})

test('the matrix names each verdict, and each tile opens the page of its cell', async () => {
  const { url } = await saved(everything())
  const { page } = await open(browser, url)
  for (const word of ['kept all', 'as predicted', 'not expected', 'no verdict', 'expected loss did not happen'])
    await expect(page.locator('.tile', { hasText: word }).count(), word).resolves.toBeGreaterThan(0)
  await page.locator('.tile', { hasText: 'as predicted' }).first().click()
  // The story is drawn when its charts are.
  await page.locator('.plot canvas').nth(1).waitFor()
  const text = await page.locator('main').innerText()
  expect(text).toContain('200 sent, 200 acknowledged, 160 stored.')
  expect(text).toContain('lost 40, as predicted')
  expect(text).toContain('lost 40 of 200 acknowledged')
  expect(text).toContain('acks=all kept every message under the same faults')
  expect(text).toContain('acked-in(cut)')
  expect(text).toContain('Messages 101–140')
  expect(text).toContain('exitCode')
  expect(text).toContain('2 settings that Lossproof sets by itself')
  expect(text).toContain('./lossproof replay results/20260101-000000-sample-1 --only pair/producer.acks=1')
  expect(await page.locator('.timeline svg .bar.fault').count()).toBe(2)
  expect(await page.locator('.strip .fate-l').count()).toBeGreaterThan(0)
  expect(await page.locator('.plot canvas').count()).toBe(2)
  await page.context().close()
})

test('the topology shows who leads and what is cut, at a chosen moment and at the time of the cursor', async () => {
  const { url } = await saved(everything())
  const { page } = await open(browser, url + cellOf('pair/producer.acks=1'))
  const topology = page.locator('.topology')
  await topology.locator('svg').waitFor()
  const text = async () => topology.locator('ul').innerText()
  // The last fault is shown first.
  expect(await text()).toContain('cut-replication leader: replication link of broker-1 cut')
  expect(await text()).toContain('crash leader: process of broker-1 ended')
  expect(await topology.locator('.cross').count()).toBe(3)
  await topology.getByRole('button', { name: /before/ }).click()
  await expect.poll(text).not.toContain('cut')
  expect(await text()).toContain('partition 0: leader broker-1, epoch 0')
  expect(await topology.locator('.cross').count()).toBe(0)
  // The other drawings have the cursor at that moment.
  expect(await page.locator('.timeline .pointer').getAttribute('visibility')).toBe('visible')
  const timeline = await page.locator('.timeline svg').boundingBox()
  if (!timeline) throw new Error('no timeline')
  await page.mouse.move(timeline.x + timeline.width - 20, timeline.y + 20)
  await expect.poll(text).toContain('partition 0: leader broker-2, epoch 1')
  await page.mouse.move(0, 0)
  await expect.poll(text).toContain('partition 0: leader broker-1, epoch 0')
  await page.context().close()
})

test('the slider of the topology moves with the keyboard', async () => {
  const { url } = await saved(everything())
  const { page } = await open(browser, url + cellOf('pair/producer.acks=1'))
  const slider = page.getByRole('slider', { name: 'Time of the drawing' })
  await slider.focus()
  await page.keyboard.press('End')
  await expect.poll(async () => page.locator('.topology ul').innerText()).toContain('leader broker-2, epoch 1')
  await page.context().close()
})

test('an inconclusive cell claims nothing, whatever its counts are', async () => {
  const { url } = await saved(everything())
  const { page } = await open(browser, url + cellOf('pair/inconclusive'))
  const text = await page.locator('main').innerText()
  expect(text).toContain('not decided')
  expect(text).not.toContain('as expected')
  await page.context().close()
})

test('the keyboard alone leads to a cell and back, and the focus tells where one is', async () => {
  const { url } = await saved(everything())
  const { page } = await open(browser, url)
  const focused = async (): Promise<string> =>
    page.evaluate('document.activeElement.tagName + " " + document.activeElement.textContent')
  await page.keyboard.press('Tab')
  expect(await focused()).toBe('A Skip to content')
  await page.keyboard.press('Enter')
  for (let press = 0; press < 12 && !/^A .*acks=1/.test(await focused()); press++) await page.keyboard.press('Tab')
  expect(await focused()).toMatch(/^A .*acks=1/)
  await page.keyboard.press('Enter')
  const where = async (): Promise<string> => page.evaluate('document.activeElement.tagName + " " + location.hash')
  await expect.poll(where).toBe(`H1 ${cellOf('pair/producer.acks=1')}`)
  await page.goBack()
  await expect.poll(where).toMatch(/^H1 (#\/)?$/)
  await page.context().close()
})

test('filters say how many cells are left', async () => {
  const { url } = await saved(everything())
  const { page } = await open(browser, url)
  await page.getByRole('button', { name: /lost as predicted/ }).click()
  await expect
    .poll(async () => page.getByRole('button', { name: /lost as predicted/ }).getAttribute('aria-pressed'))
    .toBe('false')
  await page.getByRole('searchbox').fill('acks')
  await expect.poll(async () => page.locator('.filters [role=status]').innerText()).toBe('1 of 7 cells')
  await page.context().close()
})

test('the search finds faults and causes, stays in the address, and says when it finds nothing', async () => {
  const { url } = await saved(everything())
  const { page } = await open(browser, url)
  const status = async () => page.locator('.filters [role=status]').innerText()
  const search = page.getByRole('searchbox')
  await search.fill('crash leader')
  await expect.poll(status, { timeout: 20_000 }).toBe('5 of 7 cells')
  await search.fill('truncated-after-election')
  await expect.poll(status, { timeout: 20_000 }).not.toBe('5 of 7 cells')
  await expect.poll(() => page.url(), { timeout: 20_000 }).toContain('?find=truncated-after-election')
  await page.goto('about:blank')
  await page.goto(`${url}#/?find=nowhere`)
  await expect
    .poll(async () => page.locator('.notice', { hasText: 'No cell' }).innerText(), { timeout: 20_000 })
    .toContain('No cell matches “nowhere”')
  expect(await status()).toBe('0 of 7 cells')
  await page.context().close()
})

test('on paper it is light whatever the screen was, without what only a screen can use, and no wider than the paper', async () => {
  const { url } = await saved(everything())
  const { page } = await open(browser, url + cellOf('pair/producer.acks=1'), {
    colorScheme: 'dark',
    viewport: { width: 1280, height: 800 },
  })
  await page.emulateMedia({ media: 'print' })
  await page.setViewportSize({ width: 700, height: 1000 })
  expect(await page.evaluate('getComputedStyle(document.body).backgroundColor')).toBe('rgb(255, 255, 255)')
  expect(await page.locator('header nav').isVisible()).toBe(false)
  expect(await overflow(page)).toBe(0)
  expect((await page.pdf({ format: 'A4' })).length).toBeGreaterThan(10_000)
  await page.context().close()
})

describe('hostile names and values', () => {
  const evil = `</script><script>alert(1)</script><img src=x onerror=alert(2)><b id=evil>$&\u202E"'\`{{7*7}}`
  const long = 'x'.repeat(300)

  test('show as text in every view, and neither run nor fetch nor widen anything', async () => {
    const run = lossy('0')
    const cells = run.verdict.cells.map((cell): CellVerdict => ({
      ...cell,
      id: `${cell.id},${evil}`,
      scenario: evil,
      reasons: [evil, long],
      settings: { ...cell.settings, [`topic.${evil}`]: `${evil}${cell.id}`, [long]: long },
      lost: cell.lost.map(range => ({ ...range, cause: { code: evil, text: evil } })),
      expect: cell.expect.map(one => ({ ...one, expected: evil })),
      windows: Object.fromEntries(Object.entries(cell.windows).map(([, window]) => [evil, window])),
    }))
    const verdict = assembleRun(
      { run: evil, seed: 1, claims: [{ id: evil, text: evil, cells: cells.map(({ id }) => id) }] },
      cells,
    )
    const trials = new Map(
      [...run.trials].map(([id, trial]) => [
        id,
        {
          ...trial,
          schedule: [evil],
          events: [{ t: 1000, text: evil }],
          nodes: [evil, `broker-${evil}`],
          brokers: [{ broker: evil, t: 1000, up: false }],
          hits: trial.hits.map(hit => ({ ...hit, fault: evil, target: evil, names: [evil, `broker-${evil}`] })),
          faults: trial.faults.map(fault => ({
            ...fault,
            fault: evil,
            target: evil,
            node: evil,
            evidence: { [evil]: [evil, { [evil]: long }] },
          })),
        },
      ]),
    )
    const { url } = await saved(runPage({ ...run, verdict, trials, versions: { kafka: evil } }), evil)
    for (const hash of [
      '#/',
      '#/claims',
      cellOf(cells[0]?.id ?? ''),
      `#/cell/${encodeURIComponent(evil)}`,
      '#/cell/%E0%A4%A',
      `#/${evil}`,
    ]) {
      for (const width of [1280, 360]) {
        const { page, complaints } = await open(browser, url + hash, { viewport: { width, height: 800 } })
        expect(complaints, hash).toEqual([])
        expect(await page.locator('#evil, main img, main script').count(), hash).toBe(0)
        expect(await overflow(page), `${hash} at ${width}`).toBe(0)
        expect(await page.locator('header').innerText()).toContain(evil)
        await page.context().close()
      }
    }
  })
})

describe('64 cells with a million messages', () => {
  const perCell = 15_625
  const mostCpuSeconds = 2
  const mostBytes = 5 * 1024 * 1024

  test.each([
    ['lost in a cut', (s: number) => s < 7000 || s > 8000],
    ['the worst for the page, every third lost', (s: number) => s % 3 !== 0],
  ])('%s: below 5 MB, and open within two seconds of processor time', async (_, stored) => {
    const run = sampleRun(kafka64, {
      messages: perCell,
      fate: (__, s) => ({ acked: true, stored: stored(s) }),
      mostRuns: 6250,
    })
    expect(run.verdict.cells.reduce((sum, cell) => sum + cell.counts.sent, 0)).toBe(1_000_000)
    const { url, bytes } = await saved(runPage(run))
    const overview = await processorTimes(browser, url, '.filters [role=status]')
    const story = await processorTimes(browser, url + cellOf(run.verdict.cells[0]?.id ?? ''), '.strip .fate')
    process.stdout.write(
      `64 cells, 1000000 messages: ${(bytes / 1e6).toFixed(2)} MB; processor time of the overview ${seconds(overview)} s, ` +
        `of a story ${seconds(story)} s\n`,
    )
    expect(bytes).toBeLessThan(mostBytes)
    expect(Math.min(...overview)).toBeLessThan(mostCpuSeconds)
    expect(Math.min(...story)).toBeLessThan(mostCpuSeconds)
  })
})
