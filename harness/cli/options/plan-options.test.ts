import { expect, test } from 'vitest'
import { parseSets } from './plan-options.ts'

test('whole numbers keep a leading zero, and digits that would be rounded', () => {
  expect(parseSets(['a.n=04', 'a.m=9223372036854775807', 'a.k=9007199254740991'])).toEqual({
    'a.n': '04',
    'a.m': '9223372036854775807',
    'a.k': 9007199254740991,
  })
})

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
