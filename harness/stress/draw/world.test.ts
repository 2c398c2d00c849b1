import { describe, expect, test } from 'vitest'
import type { DrawnStep } from '../../../model/stress/stress.ts'
import { dangersOf } from './dangers.ts'
import { endingOf, isSound, losesMostBrokers } from './world.ts'
import type { Ground } from './world.ts'

const ground: Ground = {
  brokers: 3,
  replicas: 3,
  consumes: false,
  elects: true,
  canBeGone: false,
  controllersApart: false,
}
const step = (inject: string[], parts: Partial<DrawnStep> = {}): DrawnStep => ({
  load: 50,
  heal: 'nothing',
  inject: inject.map(text => {
    const [fault = '', target = ''] = text.split(' ')
    return { fault, target }
  }),
  ...parts,
})
const end = step([], { heal: 'all' })
const sound = (steps: DrawnStep[], over: Partial<Ground> = {}, gone = false) =>
  isSound({ steps, gone }, { ...ground, ...over })

describe('a schedule is sound', () => {
  test('when each step can happen after those before it', () => {
    expect(sound([step(['cut-replication leader']), step(['crash leader']), end])).toBe(true)
    expect(
      sound([
        step(['pause other-than(leader)']),
        step(['crash leader'], { state: 'isr-leader' }),
        step([], { heal: 'earlier' }),
        end,
      ]),
    ).toBe(true)
    expect(sound([step(['crash leader']), step(['crash leader'], { state: 'leader-changed' }), end])).toBe(true)
  })

  test('when everything is healed at the end, or the leader is gone for good where that can be read back', () => {
    const lost = [step(['cut-replication master']), step(['crash master'])]
    expect(sound(lost)).toBe(false)
    expect(sound(lost, { canBeGone: true }, true)).toBe(true)
    expect(sound([step(['pause slave']), step(['crash master'])], { canBeGone: true }, true)).toBe(false)
  })
})

describe('a schedule is not sound', () => {
  test.each<[string, DrawnStep[]]>([
    ['it begins with a state', [step(['crash leader'], { state: 'isr-leader' }), end]],
    [
      'no fault has made the leader change',
      [step(['cut-replication leader']), step(['crash leader'], { state: 'leader-changed' }), end],
    ],
    ['nothing is in force to heal', [step(['restart leader']), end]],
    ['the leader is hit while nobody leads', [step(['crash all']), step(['crash leader']), end]],
    ['everything is down already', [step(['crash leader']), step(['crash all']), end]],
    ['load is awaited while producers are down', [step(['crash-client producer']), end]],
    ['the disks of all replicas are lost', [step(['wipe-disk all']), end]],
    [
      'a second disk is lost before the first is copied again',
      [step(['wipe-disk follower']), step(['wipe-disk leader']), end],
    ],
    ['consumers are hit that do not exist', [step(['crash-client consumer']), end]],
  ])('when %s', (_, steps) => {
    expect(sound(steps)).toBe(false)
  })

  test('when a leader returns with an empty disk where nobody else takes over, except where nobody else has a copy', () => {
    const steps = [step(['wipe-disk master']), end]
    expect(sound(steps)).toBe(true)
    expect(sound(steps, { elects: false, canBeGone: true, replicas: 2 })).toBe(false)
    expect(sound(steps, { elects: false, replicas: 1 })).toBe(true)
  })

  test('when another replica should lead on a system that elects none', () => {
    const steps = [step(['crash master']), step([], { state: 'leader-changed', heal: 'all' })]
    expect(sound(steps)).toBe(true)
    expect(sound(steps, { elects: false })).toBe(false)
  })
})

describe('dangers', () => {
  const names = (steps: DrawnStep[], over: Partial<Ground> = {}, gone = false) =>
    dangersOf({ steps, gone }, { ...ground, ...over }).map(({ name }) => name)

  test('name the situation, whichever faults cause it', () => {
    const danger = ['the leader dies while others are behind']
    expect(names([step(['cut-replication leader']), step(['crash leader']), end])).toContain(danger[0])
    expect(names([step(['pause other-than(leader)']), step(['crash leader']), end])).toContain(danger[0])
    expect(names([step(['slow-replication leader']), step(['crash minority']), end])).toContain(danger[0])
  })

  test('end when everything was healed, and when another leader was elected', () => {
    expect(names([step(['cut-replication leader']), step(['crash leader'], { heal: 'all' }), end])).toContain(
      'the leader dies while others are in step',
    )
    expect(names([step(['partition leader']), step(['crash leader'], { state: 'leader-changed' }), end])).toContain(
      'the leader dies while others are in step',
    )
  })

  test('weigh most where the only copy goes', () => {
    const weight = (steps: DrawnStep[], over: Partial<Ground> = {}) =>
      Math.max(...dangersOf({ steps, gone: false }, { ...ground, ...over }).map(danger => danger.weight))
    const wiped = [step(['wipe-disk leader']), end]
    expect(weight(wiped, { replicas: 1 })).toBe(3)
    expect(weight(wiped)).toBeLessThan(2)
    expect(weight([step(['cut-replication leader']), step(['crash leader']), end])).toBe(3)
  })

  test('of a leader that comes back with its disk are small where nobody else takes over', () => {
    const [first] = dangersOf(
      { steps: [step(['cut-replication master']), step(['crash master']), end], gone: false },
      { ...ground, elects: false },
    ).filter(({ name }) => name.includes('dies'))
    expect(first?.weight).toBeLessThan(1)
  })
})

test('a schedule that takes most brokers away needs controllers elsewhere', () => {
  expect(losesMostBrokers([step(['pause other-than(leader)'])], 3)).toBe(true)
  expect(losesMostBrokers([step(['crash leader'])], 3)).toBe(false)
  expect(losesMostBrokers([step(['crash all'])], 3)).toBe(false)
  expect(losesMostBrokers([step(['crash leader']), step(['crash leader'])], 3)).toBe(true)
})

test('how a schedule ends decides what is read back', () => {
  expect(endingOf({ steps: [step(['crash leader']), end], gone: false })).toBe('healed')
  expect(endingOf({ steps: [step(['power-loss all']), end], gone: false })).toBe('damaged')
  expect(endingOf({ steps: [step(['crash master'])], gone: true })).toBe('gone')
})
