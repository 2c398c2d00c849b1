import { describe, expect, test } from 'vitest'
import { messageOf } from '../../../model/errors.ts'
import type { Plan } from '../../../model/plan.ts'
import type { Settings } from '../../../model/settings.ts'
import { systemFacts } from '../../../systems/index.ts'
import { sharedLossCauses, sharedSkipCauses } from '../../../model/causes.ts'
import { loadProbes } from '../../cli/options/probes.ts'
import { makePlan } from '../../plan/plan.ts'
import type { Probe } from './probe.ts'
import { composeProbe } from './testing/compose-probe.ts'

const kafka = loadProbes('kafka')
const rocketmq = loadProbes('rocketmq')
const all = [...kafka, ...rocketmq]

describe.each([
  ['kafka', kafka],
  ['rocketmq', rocketmq],
])('the probes of %s', (system, probes) => {
  test('have titles of their own', () => {
    expect(new Set(probes.map(({ title }) => title)).size).toBe(probes.length)
  })

  test.each(probes)('$id names causes that an autopsy can establish', ({ causes }) => {
    const { autopsy } = systemFacts(system)
    const known = { ...sharedLossCauses, ...sharedSkipCauses, ...autopsy.lossCauses, ...autopsy.skipCauses }
    expect(Object.keys(known)).toEqual(expect.arrayContaining(causes))
  })

  test.each(probes.filter(({ control }) => control))(
    '$id has a control that runs on the brokers of the user',
    probe => {
      const places = Object.keys(probe.control ?? {}).map(name => name.split('.')[0])
      expect(places).not.toContain('broker')
      expect(places).not.toContain('cluster')
    },
  )
})

const consumer = { 'consumer.group.protocol': 'classic' }
/** Configurations as an audit reads them. */
const configurations: Record<string, [system: string, own: Settings]> = {
  'Kafka defaults': ['kafka', { client: 'java', 'cluster.brokers': 3, 'topic.replication.factor': 3, ...consumer }],
  'acks=0': ['kafka', { client: 'java', 'producer.acks': 0, 'topic.replication.factor': 3, ...consumer }],
  'acks=1, two replicas': ['kafka', { client: 'kafkajs', 'producer.acks': 1, 'topic.replication.factor': 2 }],
  'acks=all, min.insync.replicas=2': [
    'kafka',
    {
      client: 'java',
      'producer.acks': 'all',
      'producer.enable.idempotence': true,
      'topic.replication.factor': 3,
      'topic.min.insync.replicas': 2,
      'broker.unclean.leader.election.enable': 'false',
      'consumer.enable.auto.commit': false,
      'consumer.isolation.level': 'read_committed',
    },
  ],
  'one broker': [
    'kafka',
    {
      client: 'java',
      'cluster.brokers': 1,
      'topic.replication.factor': 1,
      'broker.offsets.topic.replication.factor': 1,
      'consumer.enable.auto.commit': 'true',
    },
  ],
  'one replica': ['kafka', { client: 'kafkajs', 'topic.replication.factor': 1, 'topic.partitions': 6 }],
  platformatic: [
    'kafka',
    { client: 'platformatic', 'topic.replication.factor': 3, 'consumer.auto.offset.reset': 'latest' },
  ],
  'separate controllers': [
    'kafka',
    {
      client: 'java',
      'cluster.controllers': 3,
      'topic.replication.factor': 3,
      'broker.offsets.topic.num.partitions': 50,
      'broker.offsets.topic.replication.factor': 1,
    },
  ],
  'RocketMQ defaults': ['rocketmq', { client: 'rocketmq-java' }],
  'two async masters': [
    'rocketmq',
    { client: 'rocketmq-java', 'cluster.masters': 2, 'cluster.slaves': 1, 'broker.flushDiskType': 'ASYNC_FLUSH' },
  ],
  'sync masters': [
    'rocketmq',
    {
      client: 'rocketmq-remoting',
      'cluster.slaves': 1,
      'broker.brokerRole': 'SYNC_MASTER',
      'broker.inSyncReplicas': 2,
      'broker.flushDiskType': 'SYNC_FLUSH',
    },
  ],
  'masters without slaves': ['rocketmq', { client: 'rocketmq-java', 'cluster.masters': 2, 'cluster.slaves': 0 }],
  'a controller': ['rocketmq', { client: 'rocketmq-java', 'cluster.mode': 'controller', 'cluster.slaves': 2 }],
  'a controller with unclean elections': [
    'rocketmq',
    {
      client: 'rocketmq-java',
      'cluster.mode': 'controller',
      'cluster.nameServers': 3,
      'cluster.slaves': 1,
      'broker.enableElectUncleanMaster': true,
    },
  ],
}

describe.each(Object.entries(configurations))('%s', (_, [system, own]) => {
  test.each(all.filter(probe => probeSystem(probe) === system && meets(probe, own)))('$id can be planned', probe => {
    const { cells, trials } = plan(probe, system, own, [])
    expect(cells.map(({ id }) => id)).toContain(probe.id)
    expect(trials).toHaveLength(1)
  })

  test('every fix can be planned beside it', () => {
    const tried = all
      .filter(probe => probeSystem(probe) === system && meets(probe, own))
      .flatMap(probe => fixesOf(probe, system, own).map(fix => ({ probe, fix })))
    const refused = tried.flatMap(({ probe, fix }) => refusal(probe, system, own, fix))
    expect(refused).toEqual([])
    expect(tried.length).toBeGreaterThan(0)
  })
})

test.each(all)('$id is asked of some configuration', probe => {
  const asked = Object.values(configurations).filter(
    ([system, own]) => system === probeSystem(probe) && meets(probe, own),
  )
  expect(asked.length).toBeGreaterThan(0)
})

function probeSystem(probe: Probe): string {
  return kafka.includes(probe) ? 'kafka' : 'rocketmq'
}

/** As harness/audit/plan decides whether a probe is asked. */
function meets({ needs }: Probe, own: Settings): boolean {
  return needs.every(({ setting, atLeast, atMost, is, isNot, default: byDefault }) => {
    const value = own[setting] ?? byDefault ?? null
    const listed = (words: typeof is) => [words ?? []].flat().some(word => String(word) === String(value))
    return (
      (atLeast === undefined || Number(value) >= atLeast) &&
      (atMost === undefined || Number(value) <= atMost) &&
      (is === undefined || listed(is)) &&
      !listed(isNot)
    )
  })
}

function fixesOf({ causes, control = {} }: Probe, system: string, own: Settings): Settings[] {
  const texts = causes
    .flatMap(cause => systemFacts(system).audit.fixes(cause, own))
    .map(fix => Object.fromEntries(Object.entries(fix).filter(([name, value]) => String(own[name]) !== String(value))))
    .map(fix => JSON.stringify(fix))
  const taken = JSON.stringify(control)
  return [...new Set(texts)].filter(text => text !== '{}' && text !== taken).map(text => JSON.parse(text))
}

const plan = (probe: Probe, system: string, own: Settings, fixes: Settings[]): Plan =>
  makePlan('probe', [composeProbe(probe, system, own, fixes)], { seed: 1, defaultVersions: {} })

function refusal(probe: Probe, system: string, own: Settings, fix: Settings): string[] {
  try {
    plan(probe, system, own, [fix])
    return []
  } catch (error) {
    return [`${probe.id} with ${JSON.stringify(fix)}: ${messageOf(error)}`]
  }
}
