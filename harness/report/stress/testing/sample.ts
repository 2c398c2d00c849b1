/** For tests: the result of a stress that found something and saw other things go wrong. */
import type { Draw, Finding, StressResult, StressTrial } from '../../../../model/stress/stress.ts'

const draw = (number: number, over: Partial<Draw> = {}): Draw => ({
  number,
  kind: 'pair',
  steps: [
    { load: 50, heal: 'nothing', inject: [{ fault: 'cut-replication', target: 'leader' }] },
    { load: 50, heal: 'nothing', inject: [{ fault: 'crash', target: 'leader' }] },
    { state: 'leader-changed', load: 50, heal: 'all', inject: [] },
  ],
  gone: false,
  lanes: [{ kind: 'own', settings: {} }],
  ...over,
})

const trial = (number: number, outcome: StressTrial['outcome'], over: Partial<StressTrial> = {}): StressTrial => ({
  draw: draw(number),
  outcome,
  broken: [],
  reasons: [],
  features: [],
  fresh: number === 1 ? ['elections 1', 'isr 3>2>3'] : [],
  dangers: ['the leader dies while others are behind'],
  seconds: 30,
  at: number * 30,
  run: `runs/t000${number}`,
  ...over,
})

const finding: Finding = {
  kind: 'broken',
  trial: 3,
  cause: 'truncated-after-election',
  text: '10 messages were truncated when broker-1 learned about its successor.',
  at: 90,
  again: { hits: 2, runs: 2 },
  rare: false,
  runs: ['runs/t0003', 'runs/s0003-1'],
  shrunk: {
    draw: draw(3),
    settings: { client: 'x', 'producer.acks': 1 },
    moves: [
      { what: 'without restart follower', stays: true, hits: 2, runs: 2 },
      { what: 'stop leader in place of crash leader', stays: false, hits: 0, runs: 2 },
    ],
    trials: 6,
    seconds: 130,
  },
  fix: { settings: { 'producer.acks': 'all' }, outcome: 'kept', lost: 0, acked: 140 },
  tried: [{ settings: { 'producer.acks': 'all' }, outcome: 'kept', lost: 0, acked: 140 }],
  claim: 'With producer.acks=1 acknowledged messages are lost (truncated-after-election).',
  scenario: 'finding-3.yaml',
}

const apart: Finding = {
  kind: 'not-recovered',
  trial: 2,
  cause: 'not-recovered',
  text: 'the cluster did not recover: broker-n is out of sync',
  at: 60,
  rare: false,
  runs: ['runs/t0002'],
  tried: [],
  claim: 'the cluster did not recover',
}

export function sampleStress(system: string, over: Partial<StressResult> = {}): StressResult {
  return {
    schema: 1,
    run: '20261130-070000-stress-7',
    plan: {
      system,
      version: '1.0',
      client: 'x',
      seed: 7,
      forSeconds: 1800,
      settings: { client: 'x', 'producer.acks': 1 },
      consumes: false,
      pairs: [
        { fault: 'crash', target: 'leader' },
        { fault: 'crash', target: 'follower' },
        { fault: 'cut-replication', target: 'leader' },
      ],
      notDrawn: [{ what: 'crash-client consumer', reason: 'no lane has a consumer' }],
      lanes: [{ kind: 'own', settings: {} }],
      except: [],
      around: 'steer',
      strategy: 'guided',
      promises: {},
    },
    trials: [
      trial(1, 'kept'),
      trial(2, 'not-recovered', { reasons: [apart.text] }),
      trial(3, 'broken', {
        broken: [
          {
            lane: 'own',
            cause: finding.cause,
            what: 'lost',
            count: 10,
            text: finding.text,
            cell: 't0003',
            settings: {},
          },
        ],
      }),
      trial(4, 'inconclusive', { reasons: ['waited n s for: ISR=…'] }),
    ],
    findings: [finding, apart],
    seconds: 300,
    refused: { 'the step does nothing': 2 },
    state: 'done',
    verdict: 'violated',
    ...over,
  }
}
