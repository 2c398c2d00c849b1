import { expect, test } from 'vitest'
import { LossproofError } from '../../../model/errors.ts'
import type { TrialSystem } from '../../../systems/shared/live-system.ts'
import { fakeContext, step, trigger } from '../testing/fake-trial.ts'
import type { FakeOptions } from '../testing/fake-trial.ts'
import { prepareLanes } from './lanes.ts'

async function prepared(system: Partial<TrialSystem>, options: FakeOptions = { lanes: ['a', 'b', 'c'] }) {
  const fake = await fakeContext(options, system)
  return { ...fake, prepare: async () => prepareLanes(fake.context, 40) }
}
const refuse =
  (...lanes: string[]) =>
  async () =>
    lanes.map(lane => ({ lane, why: 'INVALID_CONFIG' }))

test('a lane whose topic is refused is left out of the trial and its triggers, and the others go on', async () => {
  const { prepare, events } = await prepared(
    { prepare: refuse('b') },
    { lanes: ['a', 'b', 'c'], schedule: [step({ after: trigger({ lanes: ['a', 'b', 'c'] }) })] },
  )
  const trial = await prepare()
  expect(trial.lanes.map(({ id }) => id)).toEqual(['a', 'c'])
  expect(trial.schedule[0]?.after.lanes).toEqual(['a', 'c'])
  expect(events()).toEqual([{ kind: 'lane-failed', lane: 'b', why: 'INVALID_CONFIG' }])
})

test('the trial fails when no lane is left, or when a step waits only for refused lanes', async () => {
  await expect((await prepared({ prepare: refuse('a', 'b', 'c') })).prepare()).rejects.toThrow(
    'no lane can take part: a: INVALID_CONFIG; b: INVALID_CONFIG; c: INVALID_CONFIG',
  )
  const schedule = [step(), step({ after: trigger({ lanes: ['b'] }) })]
  await expect((await prepared({ prepare: refuse('b') }, { lanes: ['a', 'b'], schedule })).prepare()).rejects.toThrow(
    'step 2 waits for lanes that cannot take part: b: INVALID_CONFIG',
  )
})

test('settings that are not in force are recorded, for their lanes or for all', async () => {
  const { prepare, events } = await prepared({
    settingDifferences: async () => [
      { setting: 'broker.flush', where: 'broker-1', requested: 'SYNC', inForce: 'ASYNC_FLUSH' },
      { setting: 'topic.x', where: 't', requested: '1', lanes: ['a', 'c'] },
    ],
  })
  await prepare()
  expect(events()).toEqual([
    { kind: 'setting-differs', setting: 'broker.flush', where: 'broker-1', requested: 'SYNC', inForce: 'ASYNC_FLUSH' },
    { kind: 'setting-differs', lane: 'a', setting: 'topic.x', where: 't', requested: '1' },
    { kind: 'setting-differs', lane: 'c', setting: 'topic.x', where: 't', requested: '1' },
  ])
})

test('settings that cannot be read back leave every lane in doubt', async () => {
  const { prepare, events } = await prepared({
    settingDifferences: async () => {
      throw new LossproofError('cluster', 'broker-1 did not answer')
    },
  })
  await prepare()
  expect(events()).toEqual([
    { kind: 'wait-expired', what: 'settings in force read', limitMs: 40, seen: 'broker-1 did not answer' },
  ])
})
