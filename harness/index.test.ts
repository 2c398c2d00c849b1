import { fileURLToPath } from 'node:url'
import { expect, test } from 'vitest'
import { check, LossproofError, plan } from './index.ts'

test('a shipped scenario is planned by its name, with settings and a selection', () => {
  const { cells, seed } = plan(['quick/kafka'], { only: 'acks=1', set: { 'producer.retries': 7 }, seed: 5 })
  expect(cells.map(({ settings }) => settings['producer.retries'])).toEqual([7])
  expect(seed).toBe(5)
})

test('an unknown scenario is an error with a code', () => {
  expect(() => plan(['quick/kafak'])).toThrow(expect.objectContaining({ code: 'usage' }))
})

test('a folder that is no run is refused', async () => {
  await expect(check(fileURLToPath(new URL('.', import.meta.url)))).rejects.toThrow(LossproofError)
})
