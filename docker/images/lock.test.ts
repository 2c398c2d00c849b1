import { mkdirSync, mkdtempSync, utimesSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { withBuildLock } from './lock.ts'

const newPath = () => join(mkdtempSync(join(tmpdir(), 'lossproof-lock-')), 'build')

test('a second build waits until the first has finished, and reports once that it waits', async () => {
  const path = newPath()
  const order: string[] = []
  let finish = () => {}
  const first = withBuildLock(
    async () => {
      order.push('first begins')
      await new Promise<void>(resolve => (finish = resolve))
      order.push('first ends')
    },
    () => order.push('first waits'),
    { path },
  )
  await expect.poll(() => order).toEqual(['first begins'])
  const second = withBuildLock(
    async () => order.push('second begins'),
    () => order.push('second waits'),
    { path },
  )
  await expect.poll(() => order).toContain('second waits')
  finish()
  await Promise.all([first, second])
  expect(order).toEqual(['first begins', 'second waits', 'first ends', 'second begins'])
})

test('the lock of a process that died is taken over', async () => {
  const path = newPath()
  mkdirSync(`${path}.lock`)
  const longAgo = new Date(Date.now() - 60_000)
  utimesSync(`${path}.lock`, longAgo, longAgo)
  await expect(
    withBuildLock(
      async () => 'built',
      () => {},
      { path },
    ),
  ).resolves.toBe('built')
})

test('a lock that was taken a moment ago is respected, and the limit ends the wait with an error', async () => {
  const path = newPath()
  mkdirSync(`${path}.lock`)
  await expect(
    withBuildLock(
      async () => 'built',
      () => {},
      { path, limitMs: 100 },
    ),
  ).rejects.toThrow(/another process has held the lock .*build\.lock/)
})

test('a failed build releases the lock', async () => {
  const path = newPath()
  const failing = withBuildLock(
    async () => Promise.reject(new Error('no')),
    () => {},
    { path },
  )
  await expect(failing).rejects.toThrow('no')
  await expect(
    withBuildLock(
      async () => 'built',
      () => {},
      { path },
    ),
  ).resolves.toBe('built')
})
