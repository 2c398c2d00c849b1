import { expect, test } from 'vitest'
import { moduleUrl } from './module-url.ts'

test.each([
  ['file:///src/a/b.ts', 'file:///src/c/d.ts'],
  ['file:///package/dist/a/b.js', 'file:///package/dist/c/d.js'],
])('a module beside %s has the same extension', (from, expected) => {
  expect(moduleUrl('../c/d', from).href).toBe(expected)
})
