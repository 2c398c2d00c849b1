import { readdirSync, readFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import { expect, test } from 'vitest'
import { Counts } from '../../../model/verdict.ts'
import type { CellVerdict } from '../../../model/verdict.ts'
import { claimSubjects, publishedVerdicts } from '../../cli/reporting/published.ts'
import { claimsPage, claimsTable } from './claims.ts'

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

test('unsafe and safe cells are in separate columns, and every number names what it is part of', () => {
  const table = claimsTable(
    run(
      cell('producer.acks=1', { acked: 9, lost: 4 }, 'acked-in(w) = 4'),
      cell('producer.acks=all', { acked: 8, duplicates: 1 }, '0'),
    ),
  )
  expect(table.split('\n').at(2)).toBe(
    '| <a id="c"></a>A \\| B | crash leader, 2 times | acks=1: lost 4 of 9 acknowledged, as predicted | ' +
      'acks=all: lost 0 of 8 acknowledged, as expected; cost: stored 1 extra copy |',
  )
})

test('a cell with an unexpected loss is not in the unsafe column', () => {
  expect(claimsTable(run(cell('producer.acks=all', { acked: 9, lost: 4 }, '0')))).toMatch(
    /\| – \| acks=all: lost 4 of 9 acknowledged, as predicted \|/,
  )
})

test('the first table compares the systems, one row for each subject', () => {
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
  const subjects = [{ subject: 'A subject', claims: ['kafka/acks', 'rocketmq/sync-master'] }]
  const page = claimsPage(published, subjects)
  expect(page).toContain('| subject | Kafka | RocketMQ |')
  expect(page).toContain(
    '| A subject | _crash leader, 2 times_<br>acks=1: lost 4 of 9 acknowledged, as predicted<br>acks=all: lost 0 of 8 ' +
      'acknowledged, as expected | _crash leader, 2 times_<br>inSyncReplicas=1: lost 4 of 9 acknowledged, as predicted<br>' +
      'inSyncReplicas=2: lost 0 of 8 acknowledged, as expected |',
  )
  expect(page).toContain('## RocketMQ')
  expect(claimsPage(published.slice(1), subjects)).not.toContain('A subject')
})

test('what is given up is part of what was sent, and never more than that', () => {
  const table = claimsTable(run(cell('a=1', { sent: 143, acked: 91, givenUp: 52 }, '0')))
  expect(table).toContain('refused 52 of 143 sent')
})

test('every subject refers to claims that exist', () => {
  const shipped = readdirSync(root('scenarios/claims'), { recursive: true, encoding: 'utf8' })
    .filter(file => file.endsWith('.yaml'))
    .map(file => readFileSync(root(`scenarios/claims/${file}`), 'utf8'))
    .join('\n')
  for (const id of claimSubjects().flatMap(({ claims }) => claims)) expect(shipped).toContain(`  id: ${id}\n`)
})

test('docs/claims.md is up to date: npm run docs', () => {
  expect(readFileSync(root('docs/claims.md'), 'utf8')).toBe(claimsPage(publishedVerdicts(), claimSubjects()))
})
