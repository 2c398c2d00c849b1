import { readFileSync } from 'node:fs'
import { describe, expect, test } from 'vitest'
import { acked, check, closed, failover, fence, sent, stored } from '../check/literal.ts'
import { assembleRun } from '../check/check.ts'
import type { RunVerdict } from '../check/verdict.ts'
import { faultsPage, outcomesPage } from './docs.ts'
import { junit } from './junit.ts'
import { markdown } from './markdown.ts'
import { terminal } from './terminal.ts'

const hostile = `<b>"&'|*x*\u0007`
const lossy = check({ files: [[sent(0, 1100), acked(0, 1110, 0)], closed(0)], events: [...failover, fence(0)], expect: { lost: 0 } })
const safe = check({ files: [[sent(0, 1100), acked(0, 1110, 0)], [stored(0, 0), ...closed(1)]], events: [...failover, fence(1)] })
const run: RunVerdict = assembleRun(
  { run: 'r', seed: 1, claims: [{ id: 'k/x', text: hostile, cells: ['s/c', `s/producer.acks=${hostile}`] }] },
  [{ ...lossy, id: `s/producer.acks=${hostile}`, scenario: hostile, reasons: [hostile] }, safe],
)

describe('reports', () => {
  test('the terminal says in words what colour would say', () => {
    const text = terminal(run, { colour: false, folder: 'f', phases: {} })
    expect(text).toContain('VIOLATED')
    expect(text).toContain('lost: 0')
    expect(text).not.toContain('\u001B')
    expect(terminal(run, { colour: true, folder: 'f', phases: {} })).toContain('\u001B[31mVIOLATED')
  })

  test('Markdown shows hostile names as text', () => {
    expect(markdown(run)).toContain('\\<b\\>"\\&\'\\|\\*x\\*')
    expect(markdown(run)).not.toContain('<b>')
  })

  test('JUnit has a case for each expectation, escaped, and the failure where it belongs', () => {
    const xml = junit(run)
    expect(xml).toContain('&lt;b&gt;&quot;&amp;')
    expect(xml).not.toContain('\u0007')
    expect(xml.match(/<testcase /g)).toHaveLength(lossy.expect.length + safe.expect.length)
    expect(xml.match(/<failure /g)).toHaveLength(1)
  })

  test('a run is as bad as its worst cell, and no cell proves nothing', () => {
    expect(run.verdict).toBe('violated')
    expect(run.claims[0]?.shown).toBe(false)
    expect(assembleRun({ run: 'r', seed: 1, claims: [] }, []).verdict).toBe('inconclusive')
  })

  test('the pages made from the code are as the code says', () => {
    const page = (name: string) => readFileSync(new URL(`../../docs/${name}`, import.meta.url), 'utf8')
    expect(page('outcomes.md')).toBe(outcomesPage())
    expect(page('faults.md')).toBe(faultsPage())
  })
})
