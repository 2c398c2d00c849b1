import { expect, test } from 'vitest'
import { fakeContext } from '../testing/fake-trial.ts'
import { waitForRecovery } from './recovery.ts'

test('recovery is complete when replicas are in sync and the engine reports no node down', async () => {
  const { context, state } = await fakeContext()
  state.recovered = false
  state.notBack = ['controller-1']
  setTimeout(() => (state.recovered = true), 20)
  setTimeout(() => (state.notBack = []), 80)
  const started = performance.now()
  expect(await waitForRecovery(context, 0)).toBe('all in sync')
  expect(performance.now() - started).toBeGreaterThanOrEqual(75)
})

test('a recovery that does not come says what is missing', async () => {
  const { context, state } = await fakeContext()
  state.notBack = ['controller-1']
  await expect(waitForRecovery(context, 0, 30)).rejects.toThrow('last seen: not back: controller-1')
  state.recovered = false
  await expect(waitForRecovery(context, 0, 30)).rejects.toThrow('last seen: broker-2 is out of sync')
})

test('answers to questions from before do not count', async () => {
  const asked: number[] = []
  const { context } = await fakeContext(
    {},
    {
      recovery: since => {
        asked.push(since)
        return { recovered: true, seen: '' }
      },
    },
  )
  await waitForRecovery(context, 41)
  expect(asked).toEqual([41])
})
