import { describe, expect, it } from 'vitest'
import type { AuditRow } from '../../../model/audit.ts'
import { LossproofError } from '../../../model/errors.ts'
import { noCounts } from '../../../model/outcomes.ts'
import type { Settings } from '../../../model/settings.ts'
import type { AuditFacts } from '../../../systems/shared/audit.ts'
import { parseProbe } from '../probes/probe.ts'
import { read } from '../read/testing/reading.ts'
import { AuditPlanner } from './planner.ts'
import type { PlannedAudit } from './planner.ts'

const leaderLost = `title: leader lost while followers lag
question: What is lost when the leader crashes while its followers lag behind?
side: producer
needs:
  - { setting: topic.replication.factor, atLeast: 2, otherwise: the topic has one replica }
causes: [truncated-after-election, never-reached-leader]
control: { producer.acks: 1 }
schedule:
  - after: { acked: 100 }
    inject: { fault: cut-replication, target: leader, window: cut }
  - after: { acked: 50, in: cut, lane: acks=1 }
    inject: { fault: crash, target: leader }
  - after: { leader-changed: true, lane: acks=1 }
    heal: all
`
const consumerKilled = `title: consumer killed between fetch and commit
question: What is skipped when a consumer is killed between fetching and committing?
side: consumer
causes: [committed-before-delivery]
set: { consumer.session.timeout.ms: 6000 }
schedule:
  - after: { processed: 50 }
    inject: { fault: crash-client, target: consumer }
  - after: { client-gone: true }
    heal: all
`
const powerLost = `title: power lost everywhere
question: What is lost when every broker loses power at once?
side: producer
causes: [unsynced-pages]
isolate: true
schedule:
  - after: { acked: 300 }
    inject: { fault: power-loss, target: all }
  - after: { offline: true }
    heal: all
`

const fixes: Record<string, Settings[]> = {
  'truncated-after-election': [
    { 'producer.acks': 'all' },
    { 'producer.acks': 'all', 'topic.min.insync.replicas': 2 },
    { 'broker.replica.lag.time.max.ms': 1000 },
    { 'producer.no.such.setting': 1 },
  ],
  'never-reached-leader': [{ 'producer.acks': 'all' }],
  'unsynced-pages': [{ 'topic.flush.messages': 1 }],
}
const facts: AuditFacts = {
  fixes: cause => fixes[cause] ?? [],
  neutral: [{ name: 'log.initial.task.delay.ms', value: 1000, reason: 'flushes begin soon after the start' }],
  usualProbe: 'leaderlost',
  assumptions: (_, consumes) => (consumes ? ['consumers begin with the earliest message'] : []),
  cannotSee: ['what clients of other languages do'],
}
const probes = { leaderLost, consumerKilled, powerLost }

type Asked = (keyof typeof probes)[]

function plannerOf(files: Record<string, string>, asked: Asked = ['leaderLost'], options = {}) {
  const parsed = asked.map(id => parseProbe(id.toLowerCase(), `${id}.yaml`, probes[id]))
  return new AuditPlanner(read(files), parsed, facts, { seed: 1, fixes: true, allowed: [], ...options })
}
const audit = (...given: Parameters<typeof plannerOf>) => plannerOf(...given).first()

/** Every probe with the same outcome. */
function rowsOf({ audit: { probes: asked } }: PlannedAudit, outcome: AuditRow['outcome']): AuditRow[] {
  return asked.map(probe => ({
    probe,
    run: 'first',
    outcome,
    counts: noCounts(),
    tries: { made: 1, lost: 1 },
    causes: outcome === 'lost' ? [{ code: 'truncated-after-election', text: '', count: 1 }] : [],
    price: { load: {}, recovery: {}, refused: 0 },
    tried: [],
    origins: [],
    reasons: [],
    allowed: false,
  }))
}

const producer = { 'producer.properties': 'acks=0\nretries=5\n' }

describe('the plan of an audit', () => {
  it('runs the settings of the user, the control and the fixes under one fault', () => {
    const { plan, audit: asked } = audit(producer)
    expect(asked.probes).toMatchObject([
      {
        id: 'leaderlost',
        cell: 'leaderlost',
        control: 'leaderlost/producer.acks=1',
        fixes: [
          { settings: { 'producer.acks': 'all' }, ownTrial: false },
          { settings: { 'producer.acks': 'all', 'topic.min.insync.replicas': 2 }, ownTrial: false },
        ],
      },
    ])
    expect(plan.trials.map(({ lanes }) => lanes.length)).toEqual([4])
    expect(plan.cells[0]?.settings).toMatchObject({ 'producer.acks': 0, 'producer.retries': 5 })
  })

  it('expects a loss of the control and of nobody else', () => {
    const { plan } = audit(producer)
    expect(plan.cells.map(({ id, expect: expected }) => [id, expected.map(({ what }) => what)])).toEqual([
      ['leaderlost', []],
      ['leaderlost/producer.acks=1', ['lost']],
      ['leaderlost/producer.acks=all', []],
      ['leaderlost/producer.acks=all,topic.min.insync.replicas=2', []],
    ])
  })

  it('adds settings of the brokers for what was lost and not fixed, with a control for the schedule', () => {
    const planner = plannerOf(producer)
    const first = planner.first()
    const longer = planner.withBrokerFixes(first, rowsOf(first, 'lost'))
    expect(longer?.audit.probes[0]?.fixes.at(-1)).toEqual({
      settings: { 'broker.replica.lag.time.max.ms': 1000 },
      cell: 'leaderlost/broker.replica.lag.time.max.ms=1000',
      ownTrial: true,
    })
    const { cells, trials } = longer?.plan ?? first.plan
    expect(cells.slice(0, 4)).toEqual(first.plan.cells)
    expect(trials.slice(0, 1)).toEqual(first.plan.trials)
    expect(
      cells.slice(4).map(({ id, trial, expect: expected }) => [id, trial, expected.map(({ what }) => what)]),
    ).toEqual([
      ['leaderlost/broker.replica.lag.time.max.ms=1000', 'leaderlost-fix', []],
      ['leaderlost/broker.replica.lag.time.max.ms=1000,producer.acks=1', 'leaderlost-fix', ['stored']],
    ])
    expect(trials.slice(1).map(({ id }) => id)).toEqual(['leaderlost-fix'])
  })

  it('needs no control beside a fix of the brokers when the user has its settings', () => {
    const planner = plannerOf({ 'producer.properties': 'acks=1\n' })
    const first = planner.first()
    const { cells = [] } = planner.withBrokerFixes(first, rowsOf(first, 'lost'))?.plan ?? {}
    expect(cells.slice(first.plan.cells.length).map(({ id }) => id)).toEqual([
      'leaderlost/broker.replica.lag.time.max.ms=1000',
    ])
  })

  it('asks once more what was inconclusive, and nothing else when all was kept', () => {
    const planner = plannerOf(producer)
    const first = planner.first()
    expect(planner.next(first, rowsOf(first, 'inconclusive'))?.plan.cells).toEqual(first.plan.cells)
    expect(planner.next(first, rowsOf(first, 'kept'))).toBeUndefined()
  })

  it('adds settings of the brokers once, also when only the second try lost messages', () => {
    const planner = plannerOf(producer)
    const first = planner.first()
    expect(planner.withBrokerFixes(first, rowsOf(first, 'inconclusive'))).toBeUndefined()
    expect(planner.withBrokerFixes(first, rowsOf(first, 'kept'))).toBeUndefined()
    const second = planner.next(first, rowsOf(first, 'inconclusive')) ?? first
    const longer = planner.withBrokerFixes(second, rowsOf(second, 'lost')) ?? second
    expect(longer.plan.cells.at(4)?.id).toBe('leaderlost/broker.replica.lag.time.max.ms=1000')
    expect(planner.withBrokerFixes(longer, rowsOf(longer, 'lost'))).toBeUndefined()
    expect(planner.next(longer, rowsOf(longer, 'lost'))).toBeUndefined()
  })

  it('does not ask fixes by the brokers again with what was inconclusive', () => {
    const planner = plannerOf(producer)
    const first = planner.first()
    const longer = planner.withBrokerFixes(first, rowsOf(first, 'lost')) ?? first
    expect(planner.next(longer, rowsOf(longer, 'inconclusive'))?.plan.cells).toEqual(first.plan.cells)
  })

  it('does not ask a third time what was inconclusive twice', () => {
    const planner = plannerOf(producer)
    const first = planner.first()
    const second = planner.next(first, rowsOf(first, 'inconclusive')) ?? first
    expect(planner.next(second, rowsOf(second, 'inconclusive'))).toBeUndefined()
  })

  it('needs no control beside a user who has its settings', () => {
    const { audit: asked, plan } = audit({ 'producer.properties': 'acks=1\n' })
    expect(asked.probes[0]).not.toHaveProperty('control')
    expect(plan.cells.every(cell => cell.expect.length === 0)).toBe(true)
  })

  it('leaves out what the user already has, and all fixes when none are wanted', () => {
    const kept = audit({ 'producer.properties': 'acks=all\n' }).audit.probes[0]?.fixes.map(({ settings }) => settings)
    expect(kept).toEqual([{ 'topic.min.insync.replicas': 2 }])
    expect(audit(producer, ['leaderLost'], { fixes: false }).audit.probes[0]?.fixes).toEqual([])
  })

  it('leaves to the system what the user does not set, except what is listed', () => {
    const { plan, audit: asked } = audit(producer)
    expect(plan.trials[0]?.cluster).toMatchObject({
      defaults: 'system',
      broker: { 'log.initial.task.delay.ms': 1000 },
    })
    expect(asked.setByHarness.map(({ name }) => name)).toEqual(['broker.log.initial.task.delay.ms'])
    const own = audit({ 'server.properties': 'log.initial.task.delay.ms=77\nprocess.roles=broker\nnode.id=1\n' })
    expect(own.plan.trials[0]?.cluster).toMatchObject({ broker: { 'log.initial.task.delay.ms': 77 } })
    expect(own.audit.setByHarness).toEqual([])
  })

  it('asks no consumer probe without a consumer, and says so', () => {
    const { audit: asked } = audit(producer, ['leaderLost', 'consumerKilled'])
    expect(asked.probes.map(({ id }) => id)).toEqual(['leaderlost'])
    expect(asked.notAsked).toEqual([
      {
        id: 'consumerkilled',
        title: 'consumer killed between fetch and commit',
        reason: 'no file configures a consumer',
      },
    ])
  })

  it('lets a probe override a setting, and says so', () => {
    const files = { 'consumer.properties': 'group.id=g\nenable.auto.commit=true\nsession.timeout.ms=45000\n' }
    const { plan, audit: asked } = audit(files, ['consumerKilled'])
    expect(asked.assumptions).toContain('consumers begin with the earliest message')
    expect(plan.cells[0]?.settings).toMatchObject({ 'consumer.session.timeout.ms': 6000 })
    expect(asked.setByHarness).toContainEqual({
      name: 'consumer.session.timeout.ms',
      value: 6000,
      reason: 'only in the probes that cannot run without it: consumer killed between fetch and commit',
    })
  })

  it('gives the cells of a probe trials of their own where they could help each other', () => {
    const { plan } = audit(producer, ['powerLost'])
    expect(plan.trials.map(({ lanes }) => lanes.length)).toEqual([1, 1])
  })

  it('does not ask what needs more replicas, with the reason of the probe', () => {
    const one = { 'my.yaml': 'cluster: { brokers: 1 }\ntopic: { replication.factor: 1 }\nproducer: { acks: 1 }\n' }
    expect(audit(one, ['leaderLost', 'powerLost']).audit.notAsked).toMatchObject([
      { reason: 'the topic has one replica' },
    ])
    expect(() => audit(one)).toThrow(LossproofError)
    expect(() => audit(one)).toThrow('no probe can be asked of these settings')
  })

  it('records where each setting came from, and the keys that are not part of the test', () => {
    const { audit: asked } = audit({ 'producer.properties': 'acks=0\nretrys=5\nbootstrap.servers=a:9092\n' })
    expect(asked.settings).toContainEqual({
      name: 'producer.acks',
      value: 0,
      from: { file: 'producer.properties', line: 1 },
    })
    expect(asked.keys.map(({ key, line, verdict }) => [key, line, verdict])).toEqual(
      expect.arrayContaining([
        ['retrys', 2, 'unknown'],
        ['bootstrap.servers', 3, 'replaced'],
      ]),
    )
  })
})

describe('a probe', () => {
  it.each([
    ['a question without a question mark', leaderLost.replace('behind?', 'behind.'), 'question'],
    ['an unknown key', `${leaderLost}sides: producer\n`, 'sides'],
    ['no schedule', leaderLost.slice(0, leaderLost.indexOf('schedule')), 'schedule'],
    ['broken YAML', 'title: [\n', 'not valid YAML'],
  ])('with %s is refused', (_, text, word) => {
    expect(() => parseProbe('x', 'x.yaml', text)).toThrow(/^x\.yaml: /)
    expect(() => parseProbe('x', 'x.yaml', text)).toThrow(word)
  })
})
