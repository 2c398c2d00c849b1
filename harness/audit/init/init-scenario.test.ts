import { describe, expect, it } from 'vitest'
import { parse } from 'yaml'
import type { Settings } from '../../../model/settings.ts'
import { systemFacts } from '../../../systems/index.ts'
import { loadProbes } from '../../cli/options/probes.ts'
import { makePlan } from '../../plan/plan.ts'
import { ScenarioSource } from '../../plan/scenario/source.ts'
import { read } from '../read/testing/reading.ts'
import { initScenario, probeFor } from './init-scenario.ts'

interface Wanted {
  probe?: string
  fix?: Settings
  finding?: string[]
}

function init(files: Record<string, string>, { probe: id, ...rest }: Wanted = {}) {
  const configuration = read(files)
  const facts = systemFacts(configuration.system).audit
  const probe = probeFor(configuration, loadProbes(configuration.system), facts, id)
  const text = initScenario(configuration, { probe, facts, ...rest })
  const plan = makePlan('mine', ScenarioSource.all('mine.yaml', text), { seed: 1, defaultVersions: {} })
  const scenario: { lanes: { cells: Settings[] }; expect: Settings[] } = parse(text)
  return { text, plan, cells: scenario.lanes.cells, expectations: scenario.expect }
}

const producer = { 'producer.properties': 'acks=1\nlinger.ms=5\n' }

describe('a scenario from configuration files', () => {
  it('has the settings as defaults, a fix and a control beside them, and expectations that can fail', () => {
    const { text, cells, expectations, plan } = init(producer)
    expect(text).toContain('acks: 1 # producer.properties:1')
    expect(text).toContain('replication.factor: 3 # assumed')
    expect(text).toContain('# Does an acknowledged message survive when the leader dies before its followers')
    const control = { 'producer.acks': 1, 'producer.enable.idempotence': false }
    expect(cells).toEqual([{}, { 'producer.acks': 'all' }, control])
    expect(expectations).toEqual([{ lost: 0 }, { when: control, lost: '>= 1' }])
    expect(plan.cells.map(({ expect: all }) => all.map(({ text: value }) => value))).toEqual([['0'], ['0'], ['>= 1']])
  })

  it.each<[string, Record<string, string>, string | undefined]>([
    ['a consumer', { 'consumer.properties': 'group.id=g\nenable.auto.commit=true\n' }, 'consumer-killed'],
    ['a RocketMQ master', { 'b.conf': 'brokerName=a\nbrokerRole=SYNC_MASTER\n' }, undefined],
    ['a RocketMQ master without a slave', { 'b.conf': 'brokerName=a\nbrokerRole=ASYNC_MASTER\n' }, undefined],
    ['one broker', { 'x.yaml': 'cluster: { brokers: 1 }\nproducer: { acks: all }\n' }, undefined],
    ['flushes, each with a trial of its own', producer, 'power-everywhere'],
  ])('of %s is accepted by the planner', (_, files, probe) => {
    const { plan, expectations } = init(files, probe === undefined ? {} : { probe })
    expect(plan.cells.length).toBeGreaterThan(0)
    expect(JSON.stringify(expectations)).not.toMatch(/">= ?0"/)
  })

  it('has what an audit found: its fix is a cell, its words are comments', () => {
    const { cells, text } = init(producer, {
      probe: 'leader-lost-behind',
      fix: { 'producer.acks': 'all', 'topic.min.insync.replicas': 2 },
      finding: ['The audit 2026-audit-1: lost 52 of 143.'],
    })
    expect(cells[1]).toEqual({ 'producer.acks': 'all', 'topic.min.insync.replicas': 2 })
    expect(text).toContain('# The audit 2026-audit-1: lost 52 of 143.')
  })

  it('names the command for a fix that changes the brokers', () => {
    const { cells, text } = init(producer, { fix: { 'broker.unclean.leader.election.enable': false } })
    expect(cells).toHaveLength(2)
    expect(text).toContain('# lossproof run <this file> --set broker.unclean.leader.election.enable=false')
  })

  it('refuses a probe that cannot be asked of the files', () => {
    expect(() => init(producer, { probe: 'consumer-killed' })).toThrow(/no file configures a consumer/)
  })
})
