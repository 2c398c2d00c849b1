import { readFileSync } from 'node:fs'
import { parse as readJunit } from 'junit2json'
import { describe, expect, test } from 'vitest'
import { validateXML } from 'xmllint-wasm'
import { annotations, mostAnnotations } from './annotations.ts'
import { benchmark } from './benchmark.ts'
import { updatedBaseline } from '../compare/baseline.ts'
import { junit } from './junit.ts'
import { markdown } from './markdown.ts'
import { limited } from './markdown-text.ts'
import { prometheus } from './metrics.ts'
import { dataMark, pageOf, titleMark } from '../page-data/page-data.ts'
import { replayCommand } from '../words/replay-command.ts'
import { dashboardPage } from '../page-data/dashboard-page.ts'
import { mergedRun, runPage } from '../page-data/run-page.ts'
import { sampleRun } from '../../testing/report/sample.ts'
import { shownRanges } from '../page-data/shown-ranges.ts'
import { kafka64, kafkaPair } from '../../testing/report/scenarios.ts'

const hostile = `</script><img src=x onerror="alert(1)">&amp;\`\${1}\`|*x*\u0007\uD800 $& ]]> {{x}}`
/** acks=1 loses acknowledged messages although it must lose none. acks=all gives some up. */
const { verdict: run } = sampleRun(kafkaPair, {
  fate: (cell, s) => ({
    acked: cell.settings['producer.acks'] === 1 || s < 101 || s > 140,
    stored: s < 101 || s > 140,
  }),
  expect: () => ({ lost: 0 }),
  rename: cell => ({
    ...cell,
    id: `${cell.id},${hostile}`,
    scenario: hostile,
    reasons: cell.reasons.map(reason => `${reason} ${hostile}`),
  }),
})
const clean = sampleRun(kafkaPair).verdict

test('the sample contains a violation', () => {
  expect(run.cells.map(cell => cell.verdict)).toEqual(['violated', 'held'])
})

describe('JUnit', () => {
  const schema = readFileSync(new URL('../../testing/report/junit.xsd', import.meta.url), 'utf8')
  const validate = async (xml: string) =>
    validateXML({ xml: [{ fileName: 'junit.xml', contents: xml }], schema: [schema] })

  test.each([
    ['hostile names', junit(run)],
    ['known violations', junit(run, updatedBaseline({ schema: 1, violations: [] }, run))],
    ['nothing wrong', junit(clean)],
  ])('passes the schema: %s', async (_, xml) => {
    expect((await validate(xml)).errors).toEqual([])
  })

  test('the schema refuses a file that is not JUnit', async () => {
    expect((await validate(junit(run).replace(' tests=', ' tets='))).valid).toBe(false)
  })

  test('is read by another tool with the same names, counts and failures', async () => {
    const read = await readJunit(junit(run))
    if (!read || !('testsuite' in read)) throw new Error('no suites')
    const suites = read.testsuite ?? []
    expect(read).toMatchObject({ tests: 6, failures: 1, errors: 0 })
    const cases = suites.flatMap(suite => suite.testcase ?? [])
    expect(cases).toHaveLength(6)
    expect(suites[0]?.name).toBe(hostile.replace('\u0007', '\uFFFD').toWellFormed())
    expect(cases[0]?.failure?.[0]?.message).toBe('lost: expected 0, got 40')
    expect(cases[0]?.failure?.[0]?.inner).toContain('expected? not expected')
    expect(cases[0]?.failure?.[0]?.inner).toContain(
      replayCommand(run.run, run.cells[0]?.id).replace('\u0007', '\uFFFD').toWellFormed(),
    )
  })

  test('names cases alike in two runs whose windows have different sizes', async () => {
    const namesWith = async (messages: number) => {
      const sample = sampleRun(kafkaPair, { messages, expect: () => ({ lost: 'acked-in(cut)' }) })
      const read = await readJunit(junit(sample.verdict))
      if (!read || !('testsuite' in read)) throw new Error('no suites')
      return (read.testsuite ?? []).flatMap(suite => suite.testcase ?? []).map(({ name }) => name)
    }
    const names = await namesWith(200)
    expect(names).toContain('pair/producer.acks=1 lost: acked-in(cut)')
    expect(await namesWith(120)).toEqual(names)
  })

  test('a known violation is skipped and does not fail', async () => {
    const read = await readJunit(junit(run, updatedBaseline({ schema: 1, violations: [] }, run)))
    expect(read).toMatchObject({ failures: 0, errors: 0 })
  })
})

describe('Markdown', () => {
  test('starts with the table of cells, worst cell first', () => {
    const lines = markdown(run).split('\n')
    const first = lines.findIndex(line => line.startsWith('| scenario'))
    expect(first).toBeLessThan(6)
    expect(lines[first + 2]).toContain('❌ violated')
  })

  test('prints equal reasons once, with the number of cells', () => {
    const cells = Array.from({ length: 450 }, (_, at) => ({
      ...clean.cells[0]!,
      id: `s/x=${at}`,
      verdict: 'inconclusive' as const,
      reasons: ['the topic could not be created'],
    }))
    const text = markdown({ ...clean, cells })
    expect(text.match(/the topic could not be created/g)).toHaveLength(1)
    expect(text).toContain('s/x=0, s/x=1, s/x=2 and 447 more cells: the topic')
  })

  test('stays below 1 MiB and says how much was left out', () => {
    const cells = Array.from({ length: 20_000 }, (_, at) => ({
      ...clean.cells[0]!,
      id: `s/${at}-${'x'.repeat(60)}`,
      reasons: ['y'.repeat(100)],
    }))
    const text = markdown({ ...clean, cells: [...cells, run.cells[0]!] })
    expect(Buffer.byteLength(text)).toBeLessThan(1_048_576)
    expect(text).toContain('❌ violated')
    expect(text).toMatch(/… and \d+ more lines/)
  })

  test('limits bytes, not characters', () => {
    expect(Buffer.byteLength(limited([Array.from({ length: 5000 }, () => '✅✅✅✅')], 8192))).toBeLessThan(8192)
  })

  test('escapes markup, links and mentions in names', () => {
    const text = markdown({
      ...clean,
      cells: [{ ...clean.cells[0]!, id: 's/[x](http://y) @team <b>', scenario: '<script>' }],
    })
    expect(text).toContain('\\[x\\](http://y) \\@team \\<b\\>')
    expect(text).not.toContain('<script>')
  })
})

describe('annotations', () => {
  test('are at most eight, worst first, and the last counts the others', () => {
    const many = sampleRun(kafka64, {
      messages: 100,
      fate: (_, s) => ({ acked: true, stored: s < 50 }),
      expect: () => ({ lost: 0 }),
    }).verdict
    const lines = annotations(many)
    expect(lines).toHaveLength(mostAnnotations)
    expect(lines[0]).toMatch(/^::error title=violated%3A sixty-four\//)
    expect(lines.at(-1)).toContain('57 more cells')
  })

  test('are one line each, even when a reason contains line ends', () => {
    const lines = annotations({ ...run, cells: [{ ...run.cells[0]!, id: 'a,b:c', reasons: ['x\n::error::y'] }] })
    expect(lines).toEqual(['::error title=violated%3A a%2Cb%3Ac::x%0A::error::y'])
  })

  test('are not made for held cells and known violations', () => {
    expect(annotations(clean)).toEqual([])
    expect(annotations(run, updatedBaseline({ schema: 1, violations: [] }, run))).toEqual([])
  })
})

describe('metrics', () => {
  test('are Prometheus text in which every sample has a type, a number and quoted labels', () => {
    const lines = prometheus(run).trimEnd().split('\n')
    const typed = new Set(lines.flatMap(line => /^# TYPE (\w+) gauge$/.exec(line)?.[1] ?? []))
    for (const line of lines.filter(one => !one.startsWith('#'))) {
      const [, name = ''] = /^(\w+)\{(?:[a-z]+="(?:[^"\\\n]|\\["\\n])*",?)+\} -?[\d.]+$/.exec(line) ?? []
      expect(typed, line).toContain(name)
    }
    expect(prometheus(run)).toMatch(/outcome="lost"\} 40\n/)
    expect(prometheus(run)).toMatch(/verdict="violated"\} 1\n/)
  })

  test('the benchmark file has the format of github-action-benchmark', () => {
    const entries: unknown = JSON.parse(benchmark(run))
    expect(entries).toContainEqual(
      expect.objectContaining({ name: expect.stringContaining(': lost'), unit: 'messages', value: 40 }),
    )
  })
})

describe('the page', () => {
  const template = `<title>${titleMark}</title><script id="data">${dataMark}</script>`

  test('embeds its data so that no name can end the script, and the data can be read back', () => {
    const page = runPage(sampleRun(kafkaPair, { rename: cell => ({ ...cell, id: hostile }) }))
    const html = pageOf(template, hostile, page)
    expect(html.match(/<\/script>/g)).toHaveLength(1)
    expect(html).not.toContain('<img')
    const json = /<script id="data">(.*)<\/script>/s.exec(html)?.[1] ?? ''
    expect(JSON.parse(json)).toEqual(JSON.parse(JSON.stringify(page)))
  })

  test('contains the settings that Lossproof sets by itself, of a merged run those of every shard', () => {
    const setting = (name: string) => ({
      system: 'kafka',
      kind: 'tuned' as const,
      node: 'broker',
      name,
      value: 1,
      reason: 'faster trials',
      trials: ['pair'],
    })
    const shard = (name: string) => ({ ...sampleRun(kafkaPair), setByHarness: [setting(name)] })
    expect(runPage(shard('a')).setByHarness).toEqual([setting('a')])
    expect(runPage(mergedRun(clean, [shard('a'), shard('b')])).setByHarness.map(({ name }) => name)).toEqual(['a', 'b'])
    expect(runPage(sampleRun(kafkaPair)).setByHarness).toEqual([])
  })

  test('of a dashboard has its runs in the order of time, and each cell once', () => {
    const input = (name: string) => ({ verdict: { ...clean, run: name }, versions: {}, href: undefined })
    const page = dashboardPage([input('20260102-000000-a-1'), input('20260101-000000-a-1')])
    expect(page.runs.map(({ run: name }) => name)).toEqual(['20260101-000000-a-1', '20260102-000000-a-1'])
    expect(page.cells).toHaveLength(2)
  })
})

test('of many ranges the first of each cause and the largest are shown, in their order', () => {
  const range = (from: number, count: number, code = 'a') => ({ from, count, cause: { code } })
  const all = [range(0, 1), range(1, 9), range(10, 2, 'b'), range(12, 8), range(20, 1)]
  expect(shownRanges(all, 3).map(({ from }) => from)).toEqual([0, 1, 10])
  expect(shownRanges(all, 9)).toEqual(all)
})

test('the command that repeats a run is quoted for the shell', () => {
  expect(replayCommand('20260101-a-1')).toBe('./lossproof replay results/20260101-a-1')
  expect(replayCommand('r', 's/producer.acks=1')).toBe('./lossproof replay results/r --only s/producer.acks=1')
  expect(replayCommand("a'; rm -rf /")).toBe(String.raw`./lossproof replay 'results/a'\''; rm -rf /'`)
})
