import { expect, test } from 'vitest'
import { unflushedOf } from './reports.ts'

test('a broker has flushed everything when it reports 0 B', () => {
  const of = (left?: string) =>
    unflushedOf('broker-1', new Map(left === undefined ? [] : [['remainHowManyDataToFlush', left]]))
  expect(of('0 B')).toBeUndefined()
  expect(of('1.1 KiB')).toBe('broker-1 has 1.1 KiB to flush')
  expect(of()).toBe('broker-1 has an unknown number of bytes to flush')
})
