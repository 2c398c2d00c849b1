import { describe, expect, it } from 'vitest'
import type { AskedProbe, AuditPlan } from '../../../model/audit.ts'
import { noCounts } from '../../../model/outcomes.ts'
import type { CellVerdict, RunVerdict, VerdictWord } from '../../../model/verdict.ts'
import { auditResult } from './result.ts'

const all = { 'producer.acks': 'all' }
const both = { 'producer.acks': 'all', 'topic.min.insync.replicas': 2 }
const probe: AskedProbe = {
  id: 'leader-lost',
  title: 'leader lost while followers lag',
  question: 'What is lost?',
  side: 'producer',
  cell: 'own',
  control: 'control',
  fixes: [
    { settings: both, cell: 'both', ownTrial: false },
    { settings: all, cell: 'all', ownTrial: false },
  ],
}
const plan: AuditPlan = {
  schema: 1,
  system: 'kafka',
  version: '4.3.1',
  client: 'java',
  files: [],
  settings: [
    { name: 'producer.acks', value: 1, from: { file: 'producer.properties', line: 3 } },
    { name: 'topic.replication.factor', value: 3 },
  ],
  keys: [],
  assumptions: [],
  notes: [],
  setByHarness: [],
  probes: [probe],
  notAsked: [],
  allowed: [],
  cannotSee: [],
}
const cause = { code: 'truncated-after-election', text: 'they lay only on broker 1' }

function cell(id: string, lost: number, verdict: VerdictWord, more: Partial<CellVerdict> = {}): CellVerdict {
  return {
    id,
    scenario: probe.id,
    system: 'kafka',
    trial: 't',
    settings: {},
    counts: { ...noCounts(), sent: 200, acked: 150, lost },
    lost: lost === 0 ? [] : [{ p: 0, from: 1, to: lost, count: lost, place: 'tail', cause }],
    skipped: [],
    windows: {},
    faults: [],
    recovery: {},
    load: { ackedPerSec: 100, ackMsP99: 9 },
    expect: [],
    verdict,
    reasons: [],
    ...more,
  }
}
const run = (cells: CellVerdict[], name = 'first'): RunVerdict => ({
  schema: 1,
  run: name,
  seed: 1,
  verdict: 'held',
  cells,
  claims: [],
})
const losing = run([
  cell('own', 52, 'violated'),
  cell('control', 52, 'held'),
  cell('both', 0, 'held'),
  cell('all', 0, 'held'),
])
const notHard = run([
  cell('own', 0, 'held'),
  cell('control', 0, 'not-shown'),
  cell('both', 0, 'held'),
  cell('all', 0, 'held'),
])

describe('the result of an audit', () => {
  it('names the loss, its cause, the fix that changes least, and where the setting came from', () => {
    const { rows, verdict } = auditResult(plan, [losing])
    expect(verdict).toBe('violated')
    expect(rows[0]).toMatchObject({
      outcome: 'lost',
      causes: [{ code: 'truncated-after-election', count: 52 }],
      fix: { settings: all, outcome: 'kept', lost: 0 },
      origins: [{ name: 'producer.acks', from: { file: 'producer.properties', line: 3 } }],
      tries: { made: 1, lost: 1 },
    })
    expect(rows[0]?.tried).toHaveLength(2)
  })

  it('offers no fix that lost too, and says so', () => {
    const none = run([
      cell('own', 52, 'violated'),
      cell('control', 52, 'held'),
      cell('both', 3, 'violated'),
      cell('all', 4, 'violated'),
    ])
    const [row] = auditResult(plan, [none]).rows
    expect(row).not.toHaveProperty('fix')
    expect(row?.tried).toMatchObject([{ lost: 3 }, { lost: 4 }])
  })

  it('is not kept when the control lost nothing: the fault was not hard enough', () => {
    const { rows, verdict } = auditResult(plan, [notHard])
    expect(verdict).toBe('inconclusive')
    expect(rows[0]?.reasons[0]).toContain('the fault was not hard enough')
    expect(rows[0]?.tried.map(({ outcome }) => outcome)).toEqual(['inconclusive', 'inconclusive'])
  })

  it('is kept when the control lost and the user did not', () => {
    const kept = run([cell('own', 0, 'held'), cell('control', 52, 'held')])
    expect(auditResult(plan, [kept])).toMatchObject({ verdict: 'held', rows: [{ outcome: 'kept' }] })
  })

  it('takes a control that lost for one, whatever else went wrong in its lane', () => {
    const kept = run([cell('own', 0, 'held'), cell('control', 52, 'inconclusive')])
    expect(auditResult(plan, [kept])).toMatchObject({ verdict: 'held', rows: [{ outcome: 'kept' }] })
  })

  it('counts a loss that was seen, however incomplete the rest', () => {
    const broken = run([cell('own', 0, 'inconclusive', { reasons: ['no evidence'] }), cell('control', 52, 'held')])
    expect(auditResult(plan, [broken])).toMatchObject({ verdict: 'inconclusive', rows: [{ reasons: ['no evidence'] }] })
    const seen = run([cell('own', 7, 'inconclusive'), cell('control', 52, 'held')])
    expect(auditResult(plan, [seen])).toMatchObject({ verdict: 'violated' })
  })

  it('says when a loss appears in one of two tries', () => {
    const { rows } = auditResult(plan, [notHard, { ...losing, run: 'second' }])
    expect(rows[0]).toMatchObject({ outcome: 'lost', run: 'second', tries: { made: 2, lost: 1 } })
  })

  it('does not count a try that gave no answer', () => {
    const open = run([cell('own', 0, 'inconclusive'), cell('control', 0, 'inconclusive')])
    const { rows } = auditResult(plan, [open, { ...losing, run: 'second' }])
    expect(rows[0]).toMatchObject({ outcome: 'lost', run: 'second', tries: { made: 1, lost: 1 } })
  })

  it('takes the second try when the first was inconclusive', () => {
    const kept = run([cell('own', 0, 'held'), cell('control', 52, 'held')], 'second')
    expect(auditResult(plan, [notHard, kept])).toMatchObject({
      verdict: 'held',
      rows: [{ outcome: 'kept', run: 'second' }],
    })
  })

  it('does not fail for a loss that the user accepts, and shows it', () => {
    const { rows, verdict } = auditResult({ ...plan, allowed: [probe.id] }, [losing])
    expect(verdict).toBe('held')
    expect(rows[0]).toMatchObject({ outcome: 'lost', allowed: true })
  })

  it('finds a fix that ran in another part of the audit', () => {
    const broker = { 'broker.min.insync.replicas': 2 }
    const more = { ...plan, probes: [{ ...probe, fixes: [{ settings: broker, cell: 'broker', ownTrial: true }] }] }
    const { rows } = auditResult(more, [losing, run([cell('broker', 0, 'held')], 'second')])
    expect(rows).toMatchObject([{ outcome: 'lost', fix: { settings: broker, ownTrial: true }, tries: { made: 1 } }])
  })

  it('is never held while a probe is missing', () => {
    expect(auditResult(plan, [run([])])).toMatchObject({ verdict: 'inconclusive', rows: [] })
  })

  it('tells skipped messages of consumers', () => {
    const skipped = run([
      cell('own', 0, 'violated', {
        counts: { ...noCounts(), sent: 200, acked: 200, skipped: 12 },
        skipped: [{ p: 0, from: 1, to: 12, count: 12, cause: { code: 'committed-before-delivery', text: '' } }],
      }),
    ])
    const { rows, verdict } = auditResult({ ...plan, probes: [{ ...probe, side: 'consumer' }] }, [skipped])
    expect(verdict).toBe('violated')
    expect(rows).toMatchObject([{ outcome: 'skipped', causes: [{ code: 'committed-before-delivery', count: 12 }] }])
  })
})
