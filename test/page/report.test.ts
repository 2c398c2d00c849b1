/** The report in a real Chromium: what it shows, for whom, how fast, and what names can do to it. */
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import type { Browser } from 'playwright-core'
import type { PageData } from '../../harness/report/page-data/page-data.ts'
import { dashboardPage, runPage } from '../../harness/report/page-data/run-page.ts'
import { mergedRun } from '../../harness/report/page-data/run-page.ts'
import { assembleRun } from '../../harness/verdict/judge-trial.ts'
import type { CellVerdict } from '../../model/verdict.ts'
import { sampleRun } from '../../harness/testing/report/sample.ts'
import { kafka64, kafkaPair, rocketmqPair } from '../../harness/testing/report/scenarios.ts'
import { accessibility, launch, open, overflow, saved } from './browser.ts'

let browser: Browser
beforeAll(async () => {
  browser = await launch()
})
afterAll(async () => {
  await browser.close()
})

const lossy = (expected: string) =>
  sampleRun(kafkaPair, {
    fate: (cell, s) => ({
      acked: cell.settings['producer.acks'] === 1 || s < 101 || s > 140,
      stored: s < 101 || s > 140,
    }),
    expect: cell => ({ lost: cell.settings['producer.acks'] === 1 ? expected : 0 }),
  })

/** Kafka and RocketMQ, with every verdict that there is. */
function everything(): PageData {
  const parts = [lossy('acked-in(cut)'), sampleRun(rocketmqPair)]
  const cells = parts.flatMap(part => part.verdict.cells)
  const [first] = cells
  if (!first) throw new Error('no sample')
  const others = (['violated', 'inconclusive', 'not-shown'] as const).map((verdict): CellVerdict => ({
    ...first,
    id: `pair/${verdict}`,
    scenario: 'others',
    settings: { word: verdict },
    verdict,
    reasons: [`because it is ${verdict}`],
  }))
  const verdict = assembleRun(
    {
      run: '20260101-000000-all-1',
      seed: 1,
      claims: [
        {
          id: 'kafka/acks',
          text: 'An acknowledgement by the leader alone does not survive the leader.',
          cells: cells.slice(0, 2).map(({ id }) => id),
        },
      ],
    },
    [...cells, ...others],
  )
  const ours = { system: 'kafka', kind: 'tuned' as const, node: 'broker', trials: ['pair'] }
  const setByHarness = [
    { ...ours, name: 'a.timeout.ms', value: 1000, systemDefault: '5000', reason: 'faster' },
    { ...ours, name: 'threads', value: 2, reason: 'less load' },
  ]
  return runPage({ ...mergedRun(verdict, parts), setByHarness, warnings: ['pair: two nodes are not enough'] })
}

function dashboard(): PageData {
  const verdicts = [1, 2, 3].map(day => ({
    ...(day === 2 ? lossy('0') : lossy('acked-in(cut)')).verdict,
    run: `2026010${day}-120000-pair-1`,
  }))
  return dashboardPage(
    verdicts.map(verdict => ({
      verdict,
      versions: { kafka: verdict.run.includes('0103') ? '4.3.1' : '4.2.0' },
      href: `${verdict.run}/report.html`,
    })),
  )
}

const cellOf = (id: string) => `#/cell/${encodeURIComponent(id)}`
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
const layouts = [
  { name: 'light', options: { colorScheme: 'light' as const } },
  { name: 'dark', options: { colorScheme: 'dark' as const } },
  { name: 'narrow', options: { viewport: { width: 360, height: 740 } } },
]

describe.each(layouts)('$name', ({ options }) => {
  test.each([
    ['run', everything, views],
    ['dashboard', dashboard, dashboardViews],
  ] as const)('every view of a %s is accessible, fits the screen and logs no error', async (_, data, hashes) => {
    const { url } = await saved(data())
    for (const hash of hashes) {
      const { page, complaints } = await open(browser, url + hash, options)
      await page.locator('details').evaluateAll(all => all.forEach(one => one.setAttribute('open', '')))
      expect(await accessibility(page), hash).toEqual([])
      expect(await overflow(page), hash).toBe(0)
      expect(complaints, hash).toEqual([])
      await page.context().close()
    }
  })
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

test('a losing cell links to the cause, the claim and the cell that kept every message', async () => {
  const { url } = await saved(everything())
  const { page } = await open(browser, url + cellOf('pair/producer.acks=1'))
  await page.locator('.answer.first a', { hasText: 'truncated-after-election' }).click()
  await expect.poll(async () => page.locator('h1').innerText()).toBe('Cause: truncated-after-election')
  expect(await page.locator('main').innerText()).toContain('What it rules out')
  await page.goBack()
  await page.locator('.read-on a').first().click()
  await expect.poll(async () => page.locator('.claim').count()).toBe(1)
  expect(page.url()).toContain('#/claims?claim=kafka%2Facks')
  await page.goBack()
  await page.locator('.answer.first a', { hasText: 'acks=all' }).click()
  await expect.poll(async () => page.locator('h1').innerText()).toContain('acks=all')
  await page.context().close()
})

test('a filter, a search and a time range are in the address, and the back button undoes each', async () => {
  const { url } = await saved(everything())
  const { page } = await open(browser, url)
  const status = async () => page.locator('.filters [role=status]').innerText()
  await page.locator('.filter.violated').click()
  await expect.poll(status).toBe('6 of 7 cells')
  expect(page.url()).toContain('hide=violated')
  await page.getByRole('searchbox').fill('acks=1')
  await expect.poll(() => page.url()).toContain('find=acks')
  await page.goBack()
  await expect.poll(status).toBe('6 of 7 cells')
  expect(await page.getByRole('searchbox').inputValue()).toBe('')
  await page.goBack()
  await expect.poll(status).toBe('7 cells')
  await page.goto(url + cellOf('pair/producer.acks=1'))
  await page.locator('.plot canvas').nth(1).waitFor()
  const plot = await page.locator('.plot .u-over').first().boundingBox()
  if (!plot) throw new Error('no chart')
  await page.mouse.move(plot.x + plot.width * 0.25, plot.y + 40)
  await page.mouse.down()
  await page.mouse.move(plot.x + plot.width * 0.5, plot.y + 40, { steps: 4 })
  await page.mouse.up()
  await expect.poll(() => page.url()).toMatch(/\?from=[\d.]+&to=[\d.]+$/)
  await page.getByRole('button', { name: 'Whole trial' }).waitFor()
  await page.goBack()
  await expect.poll(() => page.url()).not.toContain('from=')
  await page.context().close()
})

test('copying a command confirms it, also where the browser offers no clipboard', async () => {
  const { url } = await saved(everything())
  const { page } = await open(browser, url + cellOf('pair/producer.acks=1'))
  await page.evaluate('Object.defineProperty(navigator, "clipboard", { value: undefined })')
  await page.locator('.command button').click()
  await expect.poll(async () => page.locator('.command button').innerText()).toContain('Copied')
  await page.getByRole('link', { name: 'Matrix' }).first().click()
  await page.getByRole('searchbox').focus()
  await page.keyboard.press('Control+V')
  await expect.poll(async () => page.getByRole('searchbox').inputValue()).toContain('--only pair/producer.acks=1')
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
  const opensWithinMs = 2000
  const mostBytes = 5 * 1024 * 1024

  test.each([
    ['lost in a cut', (s: number) => s < 7000 || s > 8000],
    ['the worst for the page, every third lost', (s: number) => s % 3 !== 0],
  ])('%s: below 5 MB, and open within two seconds', async (_, stored) => {
    const run = sampleRun(kafka64, {
      messages: perCell,
      fate: (__, s) => ({ acked: true, stored: stored(s) }),
      mostRuns: 6250,
    })
    expect(run.verdict.cells.reduce((sum, cell) => sum + cell.counts.sent, 0)).toBe(1_000_000)
    const { url, bytes } = await saved(runPage(run))
    const took: number[] = []
    // The best of three: another process of the machine may have had its core.
    for (let time = 0; time < 3; time++) {
      const started = performance.now()
      const { page } = await open(browser, url)
      took.push(performance.now() - started)
      await page.context().close()
    }
    const started = performance.now()
    const { page } = await open(browser, url + cellOf(run.verdict.cells[0]?.id ?? ''))
    await page.waitForSelector('.strip .fate')
    const storyMs = performance.now() - started
    await page.context().close()
    const opened = `open after ${took.map(ms => ms.toFixed(0)).join(', ')} ms`
    const story = `a story after ${storyMs.toFixed(0)} ms`
    process.stdout.write(`64 cells, 1000000 messages: ${(bytes / 1e6).toFixed(2)} MB, ${opened}, ${story}\n`)
    expect(bytes).toBeLessThan(mostBytes)
    expect(Math.min(...took)).toBeLessThan(opensWithinMs)
  })
})

describe('ten thousand cells', () => {
  /** Of the page's own thread, because other processes of the machine lengthen the time on the clock. */
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
    const took: number[] = []
    for (let time = 0; time < 3; time++) {
      const { page } = await open(browser, url)
      const devtools = await page.context().newCDPSession(page)
      await devtools.send('Performance.enable', { timeDomain: 'threadTicks' })
      const { metrics } = await devtools.send('Performance.getMetrics')
      took.push(metrics.find(({ name }) => name === 'ThreadTime')?.value ?? Infinity)
      expect(await page.locator('.filters [role=status]').innerText()).toBe('10,000 cells')
      await page.context().close()
    }
    process.stdout.write(`10000 cells: ${took.map(s => s.toFixed(2)).join(', ')} s of processor time\n`)
    expect(Math.min(...took)).toBeLessThan(mostCpuSeconds)
  })
})
