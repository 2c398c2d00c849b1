import { expect, test } from 'vitest'
import type { Draw, DrawnStep } from '../../../model/stress/stress.ts'
import { isSound } from '../draw/world.ts'
import { groundOf } from '../space.ts'
import { subjectFrom } from '../testing/subjects.ts'
import { hitsOf, shrink } from './shrink.ts'
import type { Candidate } from './moves.ts'

const call = (fault: string, target = 'leader') => ({ fault, target })
const step = (inject: DrawnStep['inject'], parts: Partial<DrawnStep> = {}): DrawnStep => ({
  load: 200,
  heal: 'nothing',
  inject,
  ...parts,
})

const draw: Draw = {
  number: 1,
  kind: 'pair',
  steps: [
    step([call('restart', 'all')]),
    step([call('cut-replication'), call('latency', 'producer')]),
    step([call('power-loss')]),
    step([], { heal: 'all', state: 'leader-changed' }),
  ],
  gone: false,
  lanes: [
    { kind: 'own', settings: {} },
    { kind: 'own', settings: { 'workload.rate': '200/s' } },
    { kind: 'neighbour', settings: { 'producer.acks': 'all' } },
  ],
}
const subject = subjectFrom(
  'producer:\n  acks: 1\n  linger.ms: 5\n  batch.size: 1000\ntopic:\n  min.insync.replicas: 2\n',
)

const faultsOf = ({ draw: { steps } }: Candidate) => steps.flatMap(({ inject }) => inject.map(({ fault }) => fault))
/** Loses when replication is cut before the leader dies, in whatever way, with acks=1. */
const loses = (candidate: Candidate): boolean => {
  const faults = faultsOf(candidate)
  const cut = faults.findIndex(fault => fault === 'cut-replication')
  const died = faults.findIndex(fault => fault === 'power-loss' || fault === 'crash')
  return cut >= 0 && died > cut && String(candidate.subject.own['producer.acks']) === '1'
}

const options = (losing: (candidate: Candidate) => Promise<boolean>, trials = 100) => ({
  facts: {
    targetsOf: () => ['leader', 'all', 'producer'],
    brokers: () => 3,
    replicas: () => 3,
    fixes: [{ 'producer.acks': 'all' }],
  },
  accepts: (candidate: Candidate) => isSound(candidate.draw, groundOf(candidate.subject)),
  test: losing,
  trials,
  isLate: () => false,
})

test('a finding is reduced to the steps, the faults and the settings that it needs', async () => {
  const { to, moves, stopped } = await shrink(
    { draw, subject },
    options(async candidate => loses(candidate)),
  )
  expect(faultsOf(to)).toEqual(['cut-replication', 'crash'])
  expect(to.draw.steps).toHaveLength(3)
  expect(to.draw.lanes).toEqual([{ kind: 'own', settings: {} }])
  expect(to.subject.own).toMatchObject({ 'producer.acks': 1 })
  expect(Object.keys(to.subject.own)).not.toContain('producer.linger.ms')
  expect(Object.keys(to.subject.own)).not.toContain('topic.min.insync.replicas')
  expect(to.draw.steps[0]?.load).toBe(20)
  expect(stopped).toBeUndefined()
  expect(moves.some(({ what, stays }) => what.includes('crash leader in place of power-loss') && stays)).toBe(true)
})

test('a move stays only when the cause appears in two of three runs', async () => {
  const outcomes = [true, false, true]
  expect(await hitsOf(async () => outcomes.shift() ?? false)).toEqual({ hits: 2, runs: 3 })
  const rare = [true, false, false]
  expect(await hitsOf(async () => rare.shift() ?? false)).toEqual({ hits: 1, runs: 3 })
  expect(await hitsOf(async () => true)).toEqual({ hits: 2, runs: 2 })
  expect(await hitsOf(async () => false)).toEqual({ hits: 0, runs: 2 })
})

test('shrinking ends when its trials are used up, and says so', async () => {
  let runs = 0
  const { trials, stopped } = await shrink(
    { draw, subject },
    options(async candidate => {
      runs += 1
      return loses(candidate)
    }, 7),
  )
  expect(trials).toBe(runs)
  expect(runs).toBeLessThanOrEqual(10)
  expect(stopped).toContain('trials had been used')
})

test('a finding that no move keeps stays as it is', async () => {
  const { to } = await shrink(
    { draw, subject },
    options(async () => false),
  )
  expect(to).toEqual({ draw, subject })
})

test('a move whose result does not show the cause again is undone', async () => {
  const start = { draw, subject }
  let isOver = false
  const { to, moves } = await shrink(start, {
    ...options(async candidate => (isOver ? candidate.draw.steps.length > 3 && loses(candidate) : loses(candidate))),
    onMove: ({ what }) => {
      isOver = what === 'producer.acks at its default'
    },
  })
  expect(to.draw.steps.length).toBeGreaterThan(3)
  expect(moves.filter(({ stays }) => stays).length).toBeLessThan(moves.length)
  expect(loses(to)).toBe(true)
})
