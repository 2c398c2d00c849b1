import { readFileSync } from 'node:fs'
import { parse as readJunit } from 'junit2json'
import { describe, expect, test } from 'vitest'
import { validateXML } from 'xmllint-wasm'
import { annotations, mostAnnotations } from './annotations.ts'
import { badge } from './badge.ts'
import { benchmark } from './benchmark.ts'
import { ciVariables } from './ci-variables.ts'
import { updatedBaseline } from '../compare/baseline.ts'
import { junit } from './junit.ts'
import { markdown } from './markdown.ts'
import { limited } from './markdown-text.ts'
import { prometheus } from './metrics.ts'
import type { RunFacts } from './run-facts.ts'
import { dataMark, pageOf, titleMark } from '../page-data/page-data.ts'
import { replayCommand } from '../words/replay-command.ts'
import { dashboardPage } from '../page-data/dashboard-page.ts'
import { mergedRun, runPage } from '../page-data/run-page.ts'
import { sampleRun } from '../../testing/report/sample.ts'
import type { CellVerdict } from '../../../model/verdict.ts'
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
const facts: RunFacts = {
  started: '2026-01-01T10:00:00.000Z',
  tookMs: 42_000,
  versions: { kafka: '4.3.1', engine: '20.10"<' },
  trials: new Map(run.cells.map(({ trial }) => [trial, { started: '2026-01-01T10:00:05.000Z', tookMs: 30_000 }])),
}

const triedTwice = (cell: CellVerdict): CellVerdict => ({
  ...cell,
  tries: [
    { trial: 'pair', verdict: 'inconclusive', reasons: ['a wait ran out'], counted: false },
    { trial: 'pair.try-2', verdict: cell.verdict, reasons: [], counted: true },
  ],
})

test('the sample contains a violation', () => {
  expect(run.cells.map(cell => cell.verdict)).toEqual(['violated', 'held'])
})

describe('JUnit', () => {
  const schema = readFileSync(new URL('../../testing/report/junit.xsd', import.meta.url), 'utf8')
  const validate = async (xml: string) =>
    validateXML({ xml: [{ fileName: 'junit.xml', contents: xml }], schema: [schema] })

  test.each([
    ['hostile names', junit(run)],
    ['known violations', junit(run, { baseline: updatedBaseline({ schema: 1, violations: [] }, run) })],
    ['nothing wrong', junit(clean)],
    ['times, versions and an address', junit(run, { facts, artifactUrl: 'https://ci.example/run?a=1&b=<2>' })],
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

  test('the cases share the time of their trial, and the suite says when it began and what took part', async () => {
    const read = await readJunit(junit(run, { facts, artifactUrl: 'https://ci.example/1' }))
    if (!read || !('testsuite' in read)) throw new Error('no suites')
    const [suite] = read.testsuite ?? []
    const cases = suite?.testcase ?? []
    expect(cases.map(({ time }) => time)).toEqual(Array.from({ length: 6 }, () => 5))
    expect({ run: read.time, suite: suite?.time }).toEqual({ run: 30, suite: 30 })
    expect(String(suite?.timestamp)).toBe('2026-01-01T10:00:05')
    expect(suite?.properties).toContainEqual({ name: 'seed', value: 1 })
    expect(suite?.properties).toContainEqual({ name: 'version.kafka', value: '4.3.1' })
    expect(suite?.properties).toContainEqual({ name: 'artifact', value: 'https://ci.example/1' })
    expect(junit(run, { facts })).toContain('<property name="producer.acks" value="1"/>')
  })

  test('of a cell that was run again every try is told, and a violation of any try fails', async () => {
    const read = await readJunit(junit({ ...run, cells: run.cells.map(triedTwice) }))
    if (!read || !('testsuite' in read)) throw new Error('no suites')
    expect(read).toMatchObject({ failures: 1 })
    expect(read.testsuite?.[0]?.testcase?.[0]?.failure?.[0]?.inner).toContain(
      'try 1 of 2: inconclusive (a wait ran out)\ntry 2 of 2: violated; this try counts',
    )
  })

  test('a known violation is skipped and does not fail', async () => {
    const read = await readJunit(junit(run, { baseline: updatedBaseline({ schema: 1, violations: [] }, run) }))
    expect(read).toMatchObject({ failures: 0, errors: 0 })
  })
})

describe('Markdown', () => {
  test('starts with what failed and why, then has the table of cells, worst cell first', () => {
    const lines = markdown(run).split('\n')
    expect(lines[4]).toBe('## What failed')
    expect(lines[6]).toMatch(/^- ❌ violated \*\*.*\*\* \(lost 40 of 200 acknowledged\): .*40 lost: .*\\\[.+\\\]/)
    const first = lines.findIndex(line => line.startsWith('| scenario'))
    expect(lines[first + 2]).toContain('❌ violated')
    expect(markdown(clean).split('\n')[4]).toMatch(/^\| scenario \| cell \| kept\? \| skipped \|/)
  })

  test('known violations come last', () => {
    const baseline = updatedBaseline({ schema: 1, violations: [] }, run)
    const rows = markdown(run, { baseline })
      .split('\n')
      .filter(line => /^\| .*(held|violated|predicted)/.test(line))
    expect(rows.at(-1)).toContain('❌ violated (known)')
  })

  test('says when it ran, with what, where its files are, and what was run again', () => {
    const again = { ...clean, cells: clean.cells.map(triedTwice) }
    const text = markdown(again, { facts, artifactUrl: 'https://ci.example/a b' })
    expect(text).toContain('; seed 1; began 2026-01-01 10:00 UTC and took 42.0 s; Kafka 4.3.1, engine 20.10"<')
    expect(text).toContain('](<https://ci.example/a%20b>)')
    expect(text).toMatch(/## Run again, because inconclusive\n\n- .*try 1 of 2: inconclusive \(a wait ran out\)/)
  })

  test('has the skipped messages of cells with consumers in a column of their own', () => {
    const [cell] = clean.cells
    if (!cell) throw new Error('no cell')
    const consumed = { ...cell, counts: { ...cell.counts, processed: 90, skipped: 7 } }
    expect(markdown({ ...clean, cells: [consumed] })).toMatch(/\| pair \| acks=1 \| .* \| 7 \| – \|/)
    expect(markdown({ ...clean, cells: [cell] })).toMatch(/\| pair \| acks=1 \| .* \| – \| – \|/)
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
    expect(text).toContain('**s/x=0, s/x=1, s/x=2 and 447 more cells**: the topic')
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

describe('variables and badge', () => {
  test('have the verdict and the counts in forms that shells and shields.io read', () => {
    expect(ciVariables(run).split('\n')).toEqual([
      'LOSSPROOF_VERDICT=violated',
      'LOSSPROOF_CELLS=2',
      'LOSSPROOF_VIOLATED=1',
      'LOSSPROOF_INCONCLUSIVE=0',
      'LOSSPROOF_NOT_SHOWN=0',
      'LOSSPROOF_HELD=1',
      'LOSSPROOF_CLAIMS_SHOWN=0',
      `LOSSPROOF_CLAIMS_NOT_SHOWN=${run.claims.length}`,
      '',
    ])
    expect(JSON.parse(badge(run))).toEqual({
      schemaVersion: 1,
      label: 'lossproof',
      message: '1 held, 1 violated',
      color: 'red',
    })
  })
})

describe('metrics', () => {
  test('are Prometheus text in which every sample has a type, a number and quoted labels', () => {
    const lines = prometheus(run, facts).trimEnd().split('\n')
    const typed = new Set(lines.flatMap(line => /^# TYPE (\w+) gauge$/.exec(line)?.[1] ?? []))
    for (const line of lines.filter(one => !one.startsWith('#'))) {
      const [, name = ''] = /^(\w+)(?:\{(?:[a-z]+="(?:[^"\\\n]|\\["\\n])*",?)+\})? -?[\d.]+$/.exec(line) ?? []
      expect(typed, line).toContain(name)
    }
    expect(prometheus(run)).toMatch(/outcome="lost"\} 40\n/)
    expect(prometheus(run)).toMatch(/verdict="violated"\} 1\n/)
  })

  test('have no series for counts that are zero or verdicts that are not given', () => {
    const samples = prometheus(run, facts)
      .split('\n')
      .filter(line => line !== '' && !line.startsWith('#'))
    expect(samples.filter(line => line.endsWith(' 0') && !line.startsWith('lossproof_claim_shown'))).toEqual([])
    expect(samples.filter(line => line.startsWith('lossproof_cell_verdict'))).toHaveLength(run.cells.length)
  })

  test('say when the run began, how long it and its trials took, and with what', () => {
    const text = prometheus(run, facts)
    expect(text).toContain('\nlossproof_run_start_timestamp_seconds 1767261600\n')
    expect(text).toContain('\nlossproof_run_duration_seconds 42\n')
    expect(text).toContain('\nlossproof_trial_duration_seconds{trial="pair"} 30\n')
    expect(text).toContain('\nlossproof_version_info{name="kafka",version="4.3.1"} 1\n')
  })

  test('a loss that a cell is expected to show is not benchmarked; one that it must not show is', () => {
    const lossOf = (expected: string) => {
      const { verdict } = sampleRun(kafkaPair, { expect: () => ({ lost: expected }) })
      return (JSON.parse(benchmark(verdict)) as { name: string }[]).filter(({ name }) => name.endsWith(': lost'))
    }
    expect(lossOf('acked-in(cut)')).toEqual([])
    expect(lossOf('0')).toHaveLength(2)
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
