import { expect, test } from 'vitest'
import { parseSets } from './plan-options.ts'

test('settings are read as YAML reads them', () => {
  expect(parseSets(['a.n=0', 'a.b=true', 'a.s=all', 'a.t="1"', 'a.e==', 'a.null=null'])).toEqual({
    'a.n': 0,
    'a.b': true,
    'a.s': 'all',
    'a.t': '1',
    'a.e': '=',
    'a.null': null,
  })
})
