import { existsSync, mkdtempSync, readdirSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { LossproofError } from '../../../model/errors.ts'
import { usableResultsFolder } from './results-folder.ts'

const base = mkdtempSync(join(tmpdir(), 'lossproof-results-'))

function refusal(folder: string, freeBytes?: () => number): LossproofError {
  try {
    usableResultsFolder(folder, freeBytes)
  } catch (error) {
    if (error instanceof LossproofError) return error
    throw error
  }
  throw new Error(`${folder} was accepted`)
}

test('a missing folder is made, and nothing is left in it', () => {
  const folder = join(base, 'new', 'deep')
  expect(usableResultsFolder(folder)).toBe(folder)
  expect(readdirSync(folder)).toEqual([])
})

test('a file in place of the folder, or of a folder above it, is exit code 3 with the reason', () => {
  const file = join(base, 'file')
  writeFileSync(file, '')
  expect(refusal(file)).toMatchObject({
    exitCode: 3,
    message: `results cannot be written to ${file}: it is a file, not a folder`,
  })
  expect(refusal(join(file, 'below'))).toMatchObject({ exitCode: 3, message: expect.stringContaining('not a folder') })
})

test.skipIf(!existsSync('/proc/version'))('a folder in which files cannot be made is exit code 3', () => {
  expect(refusal('/proc/lossproof')).toMatchObject({ exitCode: 3, hint: expect.stringContaining('--results') })
})

test('too little free space is exit code 3 with both numbers', () => {
  expect(refusal(join(base, 'full'), () => 5 * 1024 * 1024)).toMatchObject({
    exitCode: 3,
    message: expect.stringContaining('only 5 MiB are free, and a run needs 64 MiB'),
  })
})
