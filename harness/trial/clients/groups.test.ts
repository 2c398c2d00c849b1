import { expect, test } from 'vitest'
import type { Trial } from '../../../model/plan.ts'
import { call, fakeTrial, step } from '../testing/fake-trial.ts'
import { groupConsumers, groupProducers, memberOf } from './groups.ts'

/** Names of the groups with their lanes. */
const named = (groups: { name: string; lanes: { id: string }[] }[]) =>
  groups.map(({ name, lanes }) => `${name}: ${lanes.map(({ id }) => id).join(' ')}`)

function trialOf(
  change: (lane: Trial['lanes'][number], at: number) => void = () => {},
  fault?: [string, string],
): Trial {
  const schedule = fault ? [step({ inject: [call(...fault)] })] : []
  const trial = fakeTrial({ lanes: ['a', 'b', 'c'], consumer: true, schedule })
  for (const [at, lane] of trial.lanes.entries()) {
    if (lane.consumer) lane.consumer.handling.onPoison = 'park'
    change(lane, at)
  }
  return trial
}

test('lanes share one process per role', () => {
  expect(named(groupProducers(trialOf()))).toEqual(['producer-1: a b c'])
  expect(named(groupConsumers(trialOf()))).toEqual(['consumer-1: a b c'])
})

test('client libraries that run in containers share another process', () => {
  const trial = trialOf((lane, at) => {
    if (at === 1) lane.producer.client = 'java'
    if (at === 1 && lane.consumer) lane.consumer.client = 'java'
  })
  expect(named(groupProducers(trial))).toEqual(['producer-1: a c', 'producer-2: b'])
  expect(named(groupConsumers(trial))).toEqual(['consumer-1: a c', 'consumer-2: b'])
})

test('clients at which a fault of processes is aimed get a process each, those of the other role do not', () => {
  const trial = trialOf(() => {}, ['crash-client', 'producer'])
  expect(named(groupProducers(trial))).toEqual(['producer-1: a', 'producer-2: b', 'producer-3: c'])
  expect(named(groupConsumers(trial))).toEqual(['consumer-1: a b c'])
  expect(named(groupConsumers(trialOf(() => {}, ['pause-client', 'first-consumer'])))).toHaveLength(3)
})

test('a fault of links leaves processes shared', () => {
  expect(named(groupProducers(trialOf(() => {}, ['latency', 'producer'])))).toEqual(['producer-1: a b c'])
})

test('a consumer whose handler may end its process, or that has other members in its group, gets its own', () => {
  const trial = trialOf((lane, at) => {
    if (lane.consumer && at === 0) lane.consumer.handling.onPoison = 'throw'
    if (lane.consumer && at === 1) lane.consumer.instances = 2
  })
  expect(named(groupConsumers(trial))).toEqual(['consumer-1: c', 'consumer-2: a', 'consumer-3: b', 'consumer-4: b'])
})

test('the members of a group are numbered from 0', () => {
  const trial = trialOf((lane, at) => {
    if (lane.consumer && at === 1) lane.consumer.instances = 2
  })
  const groups = groupConsumers(trial)
  const numbers = groups.map(({ lanes }, at) => lanes.map(lane => `${lane.id} ${memberOf(groups, at, lane)}`))
  expect(numbers).toEqual([['a 0', 'c 0'], ['b 0'], ['b 1']])
})

test('lanes without a consumer get none', () => {
  expect(groupConsumers(fakeTrial({ lanes: ['a'] }))).toEqual([])
})
