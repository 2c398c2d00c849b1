import { expect, test } from 'vitest'
import { machineError, reasonOf } from './system-errors.ts'

const failed = (code: string) => Object.assign(new Error(`${code}: write`), { code, path: '/results/events.jsonl' })

test('a full or failing disk ends with exit code 3, the reason and the file', () => {
  expect(machineError(failed('ENOSPC'))).toMatchObject({
    exitCode: 3,
    message: 'this machine cannot continue: no space is left on the disk (/results/events.jsonl)',
  })
  expect(machineError(failed('EIO'))?.exitCode).toBe(3)
})

test('any other error is not blamed on the machine', () => {
  expect(machineError(new TypeError('x is undefined'))).toBeUndefined()
  expect(machineError(failed('ERR_INVALID_ARG_TYPE'))).toBeUndefined()
  expect(reasonOf(failed('EWHATEVER'))).toBe('EWHATEVER: write')
})
