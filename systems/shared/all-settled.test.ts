import { expect, test } from 'vitest'
import { allSettled } from './all-settled.ts'

test('the error of one promise is thrown after the others have settled', async () => {
  let finished = false
  const slow = new Promise<void>(resolve => setTimeout(resolve, 20)).then(() => (finished = true))
  await expect(allSettled([Promise.reject(new Error('no')), slow])).rejects.toThrow('no')
  expect(finished).toBe(true)
  expect(await allSettled([Promise.resolve(1), Promise.resolve('a')])).toEqual([1, 'a'])
})
