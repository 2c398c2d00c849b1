import { readdirSync, readFileSync } from 'node:fs'
import { expect, test } from 'vitest'
import { commandSections } from '../../cli/help/reference.ts'
import { liesPage } from '../../testing/lies/page.ts'
import { faultGroups, faults } from '../../../faults/index.ts'
import { pages } from './docs.ts'
import { faultPictures } from './fault-pictures.ts'
import { fillTemplate, table } from './template.ts'

const root = new URL('../../../', import.meta.url)
const text = (path: string) => readFileSync(new URL(path, root), 'utf8')

test.each(Object.entries(pages))('docs/%s.md agrees with the code: run npm run docs', (name, page) => {
  expect(text(`docs/${name}.md`)).toBe(page(text(`harness/report/docs/templates/${name}.md`)))
})

test('docs/lies.md agrees with what the judge says of each lie: run npm run docs', () => {
  expect(text('docs/lies.md')).toBe(liesPage(text('harness/report/docs/templates/lies.md')))
}, 120_000)

test('the pictures of docs/faults.md agree with the table of faults: run npm run docs', () => {
  const drawn = (Object.keys(faultGroups) as (keyof typeof faultGroups)[]).flatMap(faultPictures)
  for (const { name, svg } of drawn) expect(text(`docs/pictures/faults/${name}.svg`), name).toBe(svg)
  expect(readdirSync(new URL('docs/pictures/faults', root)).toSorted()).toEqual(drawn.map(({ name }) => `${name}.svg`).toSorted())
  expect(drawn.flatMap(({ faults: shown }) => shown.map(({ id }) => id)).toSorted()).toEqual(faults.map(({ id }) => id).toSorted())
  // Each picture shows something that is hit.
  for (const { name, svg } of drawn) expect(svg, name).toMatch(/class="(?:cross|slow-sign|box[^"]* (?:silent|moved))"/)
})

test('a template and its values must match', () => {
  expect(fillTemplate('a {{x}} b', { x: '1' })).toBe('a 1 b\n')
  expect(() => fillTemplate('{{x}} {{y}}', { x: '1' })).toThrow('{{y}}')
  expect(() => fillTemplate('{{x}}', { x: '1', y: '2' })).toThrow('does not use {{y}}')
})

test('a cell with a vertical line stays one cell', () => {
  expect(table(['a', 'b'], [['1|2', '3']])).toBe('| a | b |\n| --- | --- |\n| 1\\|2 | 3 |')
})

test('docs/commands.md has the help of every command: run npm run docs', async () => {
  expect(text('docs/commands.md')).toContain(await commandSections())
})
