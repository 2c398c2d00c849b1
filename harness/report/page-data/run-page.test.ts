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
  test('the terminal does not depend on colour', () => {
    const text = terminal(run, { colour: false, folder: 'f', phases: {} })
    expect(text).toContain('VIOLATED')
    expect(text).toContain('lost: 0')
    expect(text).not.toContain('\u001B')
    expect(terminal(run, { colour: true, folder: 'f', phases: {} })).toContain('\u001B[31mVIOLATED')
  })

  test('lines of the terminal fit 100 columns for any name, and no text moves the cursor', () => {
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
    const wrapped = text.split('\n').filter(line => !line.startsWith('    again: '))
    for (const line of wrapped) expect(line.length).toBeLessThanOrEqual(100)
    expect(text).not.toContain('\u001B')
    expect(text.replaceAll(/\s+/g, ' ')).toContain('>= 1, got 0')
  })

  test('the terminal shows each range of lost messages with its place and cause', () => {
    const text = terminal(run, { colour: false, folder: 'f', phases: {} })
    expect(text).toContain('lost message 0 (all): 1 message (offset 0) was acknowledged by broker 1')
    expect(text).toContain('[truncated-after-election]')
    expect(text).toContain("again: ./lossproof replay f --only 's/producer.acks=")
  })

  test('the terminal prints equal reasons once, with the number of cells', () => {
    const cells = Array.from({ length: 40 }, (_, at) => ({
      ...safe,
      id: `s/x=${at}`,
      verdict: 'inconclusive' as const,
      reasons: ['no leader was elected'],
    }))
    const text = terminal({ ...run, cells }, { colour: false, folder: 'f', phases: {} })
    expect(text.match(/no leader was elected/g)).toHaveLength(1)
    expect(text).toContain('s/x=0, s/x=1, s/x=2 and 37 more cells')
  })

  test('JUnit fails for violations that no expectation mentions', () => {
    const strange = check({
      files: [
        [sent(0, 1100), acked(0, 1110, 0)],
        [stored(0, 0), stored(9, 1), ...closed(2)],
      ],
      events: [...failover, fence(2)],
    })
    const xml = junit(assembleRun({ run: 'r', seed: 1, claims: [] }, [strange]))
    expect(xml).toContain('<failure message="unexpected: expected 0, got 1">')
    expect(xml).toContain('failures="1"')
  })

  test('Markdown escapes hostile names', () => {
    expect(markdown(run)).toContain('\\<b\\>"\\&\'\\|\\*x\\*')
    expect(markdown(run)).not.toContain('<b>')
  })

  test('JUnit has one escaped case for each expectation, and the failure at the one that failed', () => {
    const xml = junit(run)
    expect(xml).toContain('&lt;b&gt;&quot;&amp;')
    expect(xml).not.toContain('\u0007')
    expect(xml.match(/<testcase /g)).toHaveLength(lossy.expect.length + safe.expect.length)
    expect(xml.match(/<failure /g)).toHaveLength(1)
  })

  test('a run has the verdict of its worst cell, and a run without cells is inconclusive', () => {
    expect(run.verdict).toBe('violated')
    expect(run.claims[0]?.shown).toBe(false)
    expect(assembleRun({ run: 'r', seed: 1, claims: [] }, []).verdict).toBe('inconclusive')
  })
})
