import { expect, test } from 'vitest'
import type { Finding, StressTrial } from '../../../model/stress/stress.ts'
import { makePlan } from '../../plan/plan.ts'
import { ScenarioSource } from '../../plan/scenario/source.ts'
import { FakeLaboratory, has, injected } from '../testing/fake-laboratory.ts'
import type { FakeOptions } from '../testing/fake-laboratory.ts'
import { spaceFrom } from '../testing/subjects.ts'
import { findingOf } from './finding.ts'

const space = spaceFrom('producer:\n  acks: 1\n  linger.ms: 5\ntopic:\n  min.insync.replicas: 2\n')

const loses: FakeOptions['fate'] = ({ settings }, schedule) => {
  const faults = injected(schedule)
  const at = (fault: string) => faults.findIndex(text => text.startsWith(fault))
  return at('cut-replication') >= 0 && at('crash') > at('cut-replication') && has(settings, 'producer.acks', 1)
    ? { cause: 'truncated-after-election' }
    : 'held'
}

const trial: StressTrial = {
  draw: {
    number: 4,
    kind: 'pair',
    steps: [
      { load: 100, heal: 'nothing', inject: [{ fault: 'restart', target: 'follower' }] },
      { load: 50, heal: 'nothing', inject: [{ fault: 'cut-replication', target: 'leader' }] },
      { load: 50, heal: 'nothing', inject: [{ fault: 'crash', target: 'leader' }] },
      { state: 'leader-changed', load: 50, heal: 'all', inject: [] },
    ],
    gone: false,
    lanes: [
      { kind: 'own', settings: {} },
      { kind: 'neighbour', settings: { 'producer.acks': 'all' } },
    ],
  },
  outcome: 'broken',
  broken: [
    {
      lane: 'own',
      cause: 'truncated-after-election',
      what: 'lost',
      count: 10,
      text: '10 messages were truncated.',
      cell: 't0004',
      settings: {},
    },
  ],
  reasons: [],
  features: [],
  fresh: [],
  dangers: [],
  seconds: 30,
  at: 95,
  run: 'runs/t0004',
}

async function found(fate: FakeOptions['fate']) {
  const lab = new FakeLaboratory({ fate })
  const written: { finding: Finding; scenario: string }[] = []
  const finding = await findingOf(trial, {
    space,
    lab,
    seed: 1,
    say: () => {},
    onProgress: (known, scenario) => written.push({ finding: known, scenario }),
  })
  return { finding, written, lab }
}

test('a finding ends as a scenario of three steps with the one setting that fixes it, proved', async () => {
  const { finding, written } = await found(loses)
  expect(finding.again).toEqual({ hits: 2, runs: 2 })
  expect(finding.shrunk?.draw.steps).toHaveLength(3)
  expect(finding.shrunk?.settings).toMatchObject({ 'producer.acks': 1 })
  expect(finding.shrunk?.settings).not.toHaveProperty('producer.linger.ms')
  expect(finding.fix).toMatchObject({ settings: { 'producer.acks': 'all' }, outcome: 'kept', lost: 0 })
  expect(finding.claim).toContain('acknowledged messages are lost (truncated-after-election)')
  expect(finding.claim).toContain('With producer.acks=all nothing is lost')
  const scenario = written.at(-1)?.scenario ?? ''
  const plan = makePlan('found', ScenarioSource.all('finding-4.yaml', scenario), { seed: 1, defaultVersions: {} })
  expect(plan.trials).toHaveLength(1)
  expect(plan.trials[0]?.schedule.flatMap(step => step.inject.map(({ id }) => id))).toEqual([
    'cut-replication-1',
    'crash-1',
  ])
  expect(plan.cells.map(({ settings }) => String(settings['producer.acks']))).toEqual(['1', 'all'])
  expect(plan.claims[0]?.text).toBe(finding.claim)
})

test('a finding that does not come back in two of three runs is rare, with all its histories', async () => {
  let runs = 0
  const { finding } = await found(() => ((runs += 1) <= 2 ? { cause: 'truncated-after-election' } : 'held'))
  expect(finding.rare).toBe(true)
  expect(finding.shrunk).toBeUndefined()
  expect(finding.runs.length).toBe(1 + (finding.again?.runs ?? 0))
})

test('what is known is reported before each part, so that an interruption loses nothing', async () => {
  const { written } = await found(loses)
  expect(
    written.map(({ finding }) => [
      finding.again === undefined,
      finding.shrunk === undefined,
      finding.fix === undefined,
    ]),
  ).toEqual([
    [true, true, true],
    [false, false, true],
    [false, false, false],
  ])
})
