import { readFileSync } from 'node:fs'
import { describe, expect, test } from 'vitest'
import { validateXML } from 'xmllint-wasm'
import { AuditResult } from '../../../model/audit.ts'
import type { AuditPatch } from '../../../model/audit.ts'
import { schemaOf } from '../../plan/schemas.ts'
import { auditJunit } from './junit.ts'
import { auditMarkdown } from './markdown.ts'
import { auditTerminal } from './terminal.ts'
import { fixed, row, sampleAudit, sampleRows } from './testing/sample.ts'
import { settingsText, whyText, worstFirst } from './words.ts'

const patch: AuditPatch = {
  diff: '--- producer.properties\n+++ producer.properties\n@@ -3 +3 @@\n-acks=1\n+acks=all\n',
  changes: [
    { names: ['producer.acks'], file: 'producer.properties', line: 3, before: 'acks=1', after: 'acks=all' },
    { names: ['broker.min.insync.replicas'], file: 'server.properties', line: 7, after: 'min.insync.replicas=2' },
  ],
  notPatched: [{ name: 'workload.commit', value: 'after', reason: 'the application commits' }],
}
const print = (result = sampleAudit(), width = 100, colour = false) =>
  auditTerminal({ ...result, patch }, { colour, width, folder: 'results/x' })
/** Without line breaks and the space of columns. */
const flat = (text: string) => text.replaceAll(/\s+/g, ' ')
const hostile = `<b>"&'|*x*\u0007\u001B[2J${'y'.repeat(200)}`

describe('the terminal', () => {
  test('shows files, urgent settings, one table, the lines to change, and what was not asked', () => {
    const text = flat(print(sampleAudit(), 140))
    expect(text).toContain('producer.properties: Kafka producer, 14 settings, 9 used')
    expect(text).toContain(
      'server.properties:9: unclean.leader.elections.enable is not a setting of this version: did you mean unclean.leader.election.enable?',
    )
    expect(text).toContain('producer.properties:3: acks=1: the leader alone acknowledges')
    expect(text).toContain('replaced by the test (2): listeners, log.dirs')
    expect(text).toContain('Change these 2 lines: producer.properties:3 - acks=1 + acks=all')
    expect(text).toContain('server.properties, after line 7 + min.insync.replicas=2')
    expect(text).toContain('workload.commit=after: the application commits')
    expect(text).toContain('rebalance: no file configures a consumer')
    expect(text).toContain('What this audit cannot see: faults that last longer')
    expect(text).toContain('kept every message under these 2 faults')
    expect(text.indexOf('unclean.leader.elections')).toBeLessThan(text.indexOf('your settings'))
  })

  test('names the lines of a setting that several services have, once', () => {
    const sample = sampleAudit()
    const again = sample.plan.keys.map(key => ({ ...key, line: key.line + 30 }))
    const keys = [...sample.plan.keys, ...again]
    const text = flat(print({ ...sample, plan: { ...sample.plan, keys } }, 140))
    expect(text).toContain('producer.properties:3, 33: acks=1: the leader alone acknowledges')
    expect(text.split('the leader alone acknowledges')).toHaveLength(2)
  })

  test('has a row with result, cause, proved fix with its price, and the line of the setting', () => {
    const lost = sampleRows.filter(({ probe }) => probe.id === 'leader-lost')
    const lines = print(sampleAudit(lost), 140).split('\n')
    const line = lines.find(found => found.includes('leader lost while'))
    expect(line).toMatch(/LOST 52 of 143 +truncated after/)
    expect(line).toMatch(/acks=all: lost 0 of 151, same fault/)
    expect(line).toMatch(/producer\.properties:3$/)
    expect(flat(print(sampleAudit(lost), 60))).toContain('p99 4 → 9 ms; refused 0 → 12')
  })

  test('says when a loss happened in some tries only, when no fix helped, and when a loss is accepted', () => {
    const text = flat(print(sampleAudit(), 60))
    expect(text).toContain('LOST 8 of 143; in 1 of 2 tries')
    expect(text).toContain('acks=all did not help: lost 5 of 140')
    expect(text).toContain('flush.messages=1 is not proved: the test gave no answer')
    expect(text).toContain('no setting is known to help')
    expect(text).toContain('lost 143 of 143; accepted')
    expect(text).toContain('same faults on brokers of its own')
    expect(text).toContain('min.insync.replicas is not set in your files')
  })

  test.each([40, 60, 84, 100, 140, 500])('fits %i columns for any name, and no text moves the cursor', width => {
    const [first = row({ id: 'x', title: 'x' })] = sampleRows.filter(({ fix }) => fix !== undefined)
    const evil = {
      ...first,
      probe: { ...first.probe, title: hostile },
      causes: [{ code: hostile, text: hostile, count: 1 }],
    }
    const text = auditTerminal(sampleAudit([...sampleRows, evil], { assumptions: [hostile], cannotSee: [hostile] }), {
      colour: false,
      width,
      folder: 'f',
    })
    // The address of a source is not wrapped, so that people can open it.
    for (const line of text.split('\n').filter(found => !found.includes('https:')))
      expect(line.length).toBeLessThanOrEqual(width)
    expect(text).not.toContain('\u001B')
  })

  test('has colours only where they are wanted, and its columns stay in line', () => {
    expect(print()).not.toContain('\u001B')
    const coloured = print(sampleAudit(), 100, true)
    expect(coloured).toContain('\u001B[31mLOST 52 of 143\u001B[0m')
    // oxlint-disable-next-line no-control-regex -- the expression removes colours
    expect(coloured.replaceAll(/\u001B\[\d+m/g, '')).toBe(print())
  })

  test('never calls anything safe', () => {
    const kept = sampleRows.filter(({ outcome }) => outcome === 'kept')
    const result = sampleAudit(kept, {}, 'held')
    const text = [print(result), auditMarkdown(result), auditJunit(result)].join('\n')
    expect(text).not.toMatch(/\bsafe/i)
    expect(print(result)).toContain('kept every message under these 2 faults.')
  })

  test('says that nothing was tested when no probe has run', () => {
    expect(print(sampleAudit([], {}, 'inconclusive'))).toContain('No probe was asked.')
    const [first] = sampleRows
    const interrupted = sampleAudit(first ? [first] : [], { probes: sampleRows.map(({ probe }) => probe) })
    expect(print(interrupted)).toContain('Did not run: 6 probes.')
  })
})

describe('rows', () => {
  test('are sorted by what needs attention', () => {
    expect(worstFirst(sampleRows).map(({ probe }) => probe.id)).toEqual([
      'leader-lost',
      'power-lost',
      'consumer-killed',
      'controller-lost',
      'disk-lost',
      'rolling-restart',
      'answers-cut',
    ])
  })

  test('show the first reason, which is cut where it is long', () => {
    const open = row({ id: 'x', title: 'x', outcome: 'inconclusive', reasons: ['a'.repeat(5000), 'second'] })
    expect(whyText(open)).toBe(`${'a'.repeat(99)}…`)
    expect(auditJunit(sampleAudit([open]))).toContain('a'.repeat(5000))
  })

  test.each([
    [{ counts: { duplicates: 1, stalled: 4 } }, 'kept all 143; stalled before 4; stored 1 extra copy'],
    [{ counts: { lost: 1, clientLost: 2 }, outcome: 'lost' as const }, 'lost 3 of 143'],
    [{ outcome: 'lost' as const, reasons: ['corrupt: 1, promised 0'] }, 'broke a promise'],
    [{ side: 'consumer' as const, counts: { redelivered: 9 } }, 'skipped 0 of 143; processed 9 again'],
  ])('%j: %s', (parts, text) => {
    expect(settingsText(row({ id: 'x', title: 'x', ...parts }))).toBe(text)
  })

  test('show a price with two units', () => {
    const slow = fixed({ 'producer.acks': 'all' }, { price: { load: { ackMsP99: 1500 }, recovery: {}, refused: 0 } })
    const lost = row({ id: 'x', title: 'x', outcome: 'lost', counts: { lost: 1 }, fix: slow })
    expect(flat(print(sampleAudit([lost]), 140))).toContain('p99 4 ms → 1.5 s')
  })
})

test('Markdown has the table, the diff, and escapes hostile names', () => {
  const [first] = sampleRows
  const evil = first ? [{ ...first, probe: { ...first.probe, title: hostile } }] : []
  const text = auditMarkdown({ ...sampleAudit([...sampleRows, ...evil]), patch })
  expect(text).toContain('| leader lost while followers lag | ❌ lost 52 of 143 | truncated after election |')
  expect(text).toContain('```diff\n--- producer.properties\n')
  expect(text).toContain('\\<b\\>"\\&\'\\|\\*x\\*')
  expect(text).not.toContain('<b>')
})

describe('JUnit', () => {
  test('has a case for each probe: failure, error, skipped or passed', async () => {
    const xml = auditJunit(sampleAudit())
    expect(xml).toContain('tests="9" failures="3" errors="1" skipped="3"')
    expect(xml).toContain('<failure message="lost 52 of 143">')
    expect(xml).toContain('accepted: lost 143 of 143; accepted')
    expect(xml).toContain('not asked: no file configures a consumer')
    expect(xml).toContain('./lossproof replay results/20260101-000000-audit-1')
    const schema = readFileSync(new URL('../../testing/report/junit.xsd', import.meta.url), 'utf8')
    const { errors } = await validateXML({ xml: { fileName: 'junit.xml', contents: xml }, schema: [schema] })
    expect(errors).toEqual([])
  })

  test('reports probes that did not run as errors', () => {
    const xml = auditJunit(sampleAudit([], { probes: sampleRows.map(({ probe }) => probe), notAsked: [] }))
    expect(xml).toContain('tests="7" failures="0" errors="7"')
  })
})

test('the result has the form of its schema, which is printed as JSON Schema', () => {
  expect(AuditResult.parse(structuredClone(sampleAudit()))).toEqual(sampleAudit())
  expect(schemaOf('audit')).toMatchObject({ type: 'object', required: expect.arrayContaining(['plan', 'rows']) })
})
