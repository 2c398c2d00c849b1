import { expect, test } from 'vitest'
import { Cleanups } from './cleanups.ts'

test('everything is undone once, in reverse order, also after a failure', async () => {
  const done: number[] = []
  const cleanups = new Cleanups()
  cleanups.add(async () => void done.push(1))
  cleanups.add(async () => Promise.reject(new Error('second')))
  cleanups.add(async () => void done.push(3))
  await expect(cleanups.run()).rejects.toThrow('second')
  expect(done).toEqual([3, 1])
  await cleanups.run()
  expect(done).toEqual([3, 1])
})
