import { readdirSync, readFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import { expect, test } from 'vitest'
import { Counts } from '../../../model/verdict.ts'
import type { CellVerdict } from '../../../model/verdict.ts'
import { publishedVerdicts } from '../../cli/reporting/published.ts'
import { claimsTable, withClaims } from './claims.ts'
import { subjects } from './subjects.ts'

const noCounts = Counts.parse(Object.fromEntries(Object.keys(Counts.shape).map(key => [key, 0])))
const root = (path: string) => fileURLToPath(new URL(`../../../${path}`, import.meta.url))
const cell = (id: string, counts: Partial<CellVerdict['counts']>, expected: string): CellVerdict => ({
  id: `s/${id}`,
  scenario: 's',
  system: 'kafka',
  trial: 's',
  settings: {},
  counts: { ...noCounts, ...counts },
  lost: [],
  skipped: [],
  windows: {},
  faults: [1, 2].map(at => ({ fault: 'crash', target: 'leader', node: 'broker-1', at, evidence: {} })),
  recovery: {},
  load: {},
  expect: [{ what: 'lost', expected, actual: counts.lost ?? 0, ok: true }],
  verdict: 'held',
  reasons: [],
})
const run = (...cells: CellVerdict[]) => ({
  schema: 1 as const,
  run: 'r',
  seed: 1,
  verdict: 'held' as const,
  cells,
  claims: [{ id: 'c', text: 'A | B', shown: true, cells: cells.map(({ id }) => id) }],
})

test('cells that came to harm as expected stand apart from those that kept everything, with their figures', () => {
  const table = claimsTable(
    run(
      cell('producer.acks=1', { acked: 9, lost: 4 }, 'acked-in(w) = 4'),
      cell('producer.acks=all', { acked: 8, duplicates: 1 }, '0'),
    ),
  )
  expect(table.split('\n').at(2)).toBe(
    '| A \\| B | crash leader, 2 times | acks=1: 4 lost of 9 | acks=all: 0 lost, 1 stored twice of 8 |',
  )
})

test("a loss that nobody expected is not shown as the unsafe setting's", () => {
  expect(claimsTable(run(cell('producer.acks=all', { acked: 9, lost: 4 }, '0')))).toMatch(
    /\| – \| acks=all: 4 lost of 9 \|/,
  )
})

test('where both systems were published, what one setting loses and another keeps stands side by side', () => {
  const of = (system: 'kafka' | 'rocketmq', id: string, unsafe: string, safe: string) => {
    const verdict = run(
      { ...cell(unsafe, { acked: 9, lost: 4 }, 'acked-in(w) = 4'), system },
      { ...cell(safe, { acked: 8 }, '0'), system },
    )
    return { ...verdict, claims: verdict.claims.map(claim => ({ ...claim, id })) }
  }
  const published = [
    of('kafka', 'kafka/acks', 'acks=1', 'acks=all'),
    of('rocketmq', 'rocketmq/sync-master', 'inSyncReplicas=1', 'inSyncReplicas=2'),
  ]
  const marks = readFileSync(root('docs/claims.md'), 'utf8')
    .split('\n')
    .filter(row => /^<!-- .*claims/.test(row))
    .join('\n')
  expect(withClaims(marks, published)).toContain(
    'slave has it | acks=1: 4 lost of 9<br>acks=all: 0 lost of 8 | inSyncReplicas=1: 4 lost of 9<br>inSyncReplicas=2: 0 lost of 8 |',
  )
  expect(withClaims(marks, published)).toContain('### RocketMQ')
  expect(withClaims(marks, published.slice(1))).not.toContain('slave has it')
})

test('what stands side by side are claims that ship', () => {
  const shipped = ['kafka', 'rocketmq']
    .flatMap(system =>
      readdirSync(root(`scenarios/claims/${system}`)).map(file =>
        readFileSync(root(`scenarios/claims/${system}/${file}`), 'utf8'),
      ),
    )
    .join('\n')
  for (const { kafka, rocketmq } of subjects)
    for (const id of [kafka, rocketmq]) expect(shipped).toContain(`  id: ${id}\n`)
})

test('docs/claims.md has the tables of the published runs: npm run docs', () => {
  const page = readFileSync(root('docs/claims.md'), 'utf8')
  expect(withClaims(page, publishedVerdicts())).toBe(page)
})
