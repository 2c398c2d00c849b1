import { readFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import { expect, test } from 'vitest'
import { liesPage } from '../../testing/lies/page.ts'
import { causesPage, outcomesPage } from './docs.ts'

test.each([
  ['causes', causesPage],
  ['outcomes', outcomesPage],
  ['lies', liesPage],
])(
  'docs/%s.md is what the code makes of it: npm run docs',
  (name, page) => {
    expect(readFileSync(fileURLToPath(new URL(`../../../docs/${name}.md`, import.meta.url)), 'utf8')).toBe(page())
  },
  120_000,
)
