import { readFileSync } from 'node:fs'
import { expect, test } from 'vitest'
import { keysTable } from './keys-table.ts'

test('docs/formats.md lists the keys of every record', () => {
  expect(readFileSync(new URL('../../docs/formats.md', import.meta.url), 'utf8')).toContain(keysTable())
})
