import { describe, expect, test } from 'vitest'
import { acked, check, closed, failover, fence, sent, stored } from '../../testing/literal.ts'
import { assembleRun } from '../../verdict/judge-trial.ts'
import type { RunVerdict } from '../../../model/verdict.ts'
import { junit } from '../formats/junit.ts'
import { markdown } from '../formats/markdown.ts'
import { terminal } from '../terminal/terminal.ts'

const hostile = `<b>"&'|*x*\u0007`
const lossy = check({
  files: [[sent(0, 1100), acked(0, 1110, 0)], closed(0)],
  events: [...failover, fence(0)],
  expect: { lost: 0 },
})
const safe = check({
  files: [
    [sent(0, 1100), acked(0, 1110, 0)],
    [stored(0, 0), ...closed(1)],
  ],
  events: [...failover, fence(1)],
})
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

  test("the terminal's lines fit 100 columns, whatever the names, and nothing in them moves the cursor", () => {
    const long = `broker.some.very.long.setting.name=${'x'.repeat(60)},producer.acks=all,topic.min.insync.replicas=2,${'y'.repeat(150)}`
    const cell = {
      ...lossy,
      id: `s/${long}`,
      trial: `trial-${long}`,
      reasons: [`${hostile}\u001B[2J ${'no space '.repeat(40)}`, 'z'.repeat(300)],
      expect: [...lossy.expect, { what: 'duplicates', expected: '>= 1', actual: 0, ok: false }],
    }
    const text = terminal(
      assembleRun({ run: 'r', seed: 1, claims: [{ id: 'k', text: 'word '.repeat(60), cells: [cell.id] }] }, [
        cell,
        safe,
      ]),
      {
        colour: false,
        folder: 'f',
        phases: { [cell.trial]: Object.fromEntries(Array.from({ length: 20 }, (_, at) => [`phase${at}`, 1000])) },
      },
    )
    for (const line of text.split('\n')) expect(line.length).toBeLessThanOrEqual(100)
    expect(text).not.toContain('\u001B')
    expect(text.replaceAll(/\s+/g, ' ')).toContain('duplicates: >= 1, happened 0')
  })

  test('a range of lost messages is told with its place and cause', () => {
    const text = terminal(run, { colour: false, folder: 'f', phases: {} })
    expect(text).toContain('message 0 (all): 1 message (offset 0) was acknowledged by broker 1')
    expect(text).toContain('[truncated-after-election]')
  })

  test('what no expectation speaks of and always is a violation fails in JUnit too', () => {
    const strange = check({
      files: [
        [sent(0, 1100), acked(0, 1110, 0)],
        [stored(0, 0), stored(9, 1), ...closed(2)],
      ],
      events: [...failover, fence(2)],
    })
    const xml = junit(assembleRun({ run: 'r', seed: 1, claims: [] }, [strange]))
    expect(xml).toContain('<failure message="unexpected: expected 0, happened 1">')
    expect(xml).toContain('failures="1"')
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
})
