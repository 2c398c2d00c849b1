import { expect, test } from 'vitest'
import { sideBySide } from './side-by-side.ts'
import { cell } from './testing/verdicts.ts'

test('side by side, roles with a common name share a row, and rows with the most systems come first', () => {
  const side = (id: string, system: string, target: string, fault = 'crash') => ({
    id,
    system,
    version: '1',
    scenario: id,
    settings: {},
    faults: [{ fault, target }],
    points: [cell(id, 'held')],
  })
  const { columns, rows } = sideBySide(
    [side('a', 'one', 'all', 'power-loss'), side('b', 'one', 'leader'), side('c', 'other', 'master')],
    { other: { master: 'leader' } },
  )
  expect(columns.map(({ system }) => system)).toEqual(['one', 'other'])
  expect(rows.map(({ fault, entries }) => [fault, entries.map(({ length }) => length)])).toEqual([
    ['crash leader', [1, 1]],
    ['power-loss all', [1, 0]],
  ])
})
