import { expect, test } from 'vitest'
import { byName } from './by-name.ts'

const targets = [{ name: 'a' }, { name: 'b' }, { name: 'c' }]

test('results come by target name', async () => {
  expect(await byName(targets, async ({ name }) => name.toUpperCase())).toEqual(
    new Map([
      ['a', 'A'],
      ['b', 'B'],
      ['c', 'C'],
    ]),
  )
})

test('after a failure all others still end before the first failure is thrown', async () => {
  const ended: string[] = []
  const work = byName(targets, async ({ name }) => {
    if (name === 'a') throw new Error('a failed')
    await new Promise(resolve => setImmediate(resolve))
    ended.push(name)
  })
  await expect(work).rejects.toThrow('a failed')
  expect(ended).toEqual(['b', 'c'])
})
