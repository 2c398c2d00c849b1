import { spawnSync } from 'node:child_process'
import { mkdirSync, mkdtempSync, readFileSync, symlinkSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { expect, test } from 'vitest'
import { loadScenarios, nameOf } from './scenarios.ts'
import { standardInput } from './standard-input.ts'

test('a name stands for a folder of scenarios or for one of them, each file once', () => {
  const all = loadScenarios(['quick'])
  expect(all.length).toBeGreaterThan(1)
  expect(loadScenarios(['quick', 'quick']).map(({ file }) => file)).toEqual(all.map(({ file }) => file))
})

test('what is neither a file nor a known name is refused with the nearest name', () => {
  expect(() => loadScenarios(['quik'])).toThrow(/unknown scenario "quik"/)
  expect(() => loadScenarios(['nothing-like-that-at-all'])).toThrow(/unknown scenario/)
})

test('a folder that cannot be read as a scenario is refused, not passed over', () => {
  const folder = mkdtempSync(join(tmpdir(), 'lossproof-scenarios-'))
  mkdirSync(join(folder, 'odd.yaml'))
  expect(() => loadScenarios([folder])).toThrow(/odd\.yaml cannot be read: /)
  writeFileSync(join(folder, 'binary.yaml'), Buffer.from([0, 255, 1, 254]))
  expect(() => loadScenarios([join(folder, 'binary.yaml')])).toThrow(/binary\.yaml/)
})

test('links that lead around in circles are not followed', () => {
  const folder = mkdtempSync(join(tmpdir(), 'lossproof-scenarios-'))
  for (const name of ['a', 'b', 'c']) symlinkSync('.', join(folder, name))
  writeFileSync(join(folder, 'x.yaml'), 'name: x\nsystem: kafka\nlanes: {}\n')
  expect(loadScenarios([folder]).map(({ scenario }) => scenario.name)).toEqual(['x'])
})

test('a device, or a file that is far too large, is refused after a few megabytes', () => {
  expect(() => loadScenarios(['/dev/zero'])).toThrow(/\/dev\/zero cannot be read: it is larger than 8 MiB/)
})

test.each([
  [['quick'], 'quick'],
  [['claims/x/a.yaml', 'b.yml'], 'a_b'],
  [[standardInput], 'stdin'],
  [['***'], '-'],
] as const)('the run of %j is named %s', (words, name) => {
  expect(nameOf([...words])).toBe(name)
})

test('a lone - reads a scenario from standard input, under its own name', () => {
  const main = fileURLToPath(new URL('../main.ts', import.meta.url))
  const input = readFileSync(fileURLToPath(new URL('../../../scenarios/quick/kafka.yaml', import.meta.url)), 'utf8')
  const plan = (text: string) =>
    spawnSync(process.execPath, ['--disable-warning=ExperimentalWarning', main, 'plan', '-', '--json'], {
      input: text,
      encoding: 'utf8',
    })
  const { name, cells } = JSON.parse(plan(input).stdout) as { name: string; cells: unknown[] }
  expect({ name, cells: cells.length }).toEqual({ name: 'stdin', cells: 2 })
  expect(plan('nonsense: true')).toMatchObject({
    status: 2,
    stderr: expect.stringContaining('stdin:1:1: name is missing'),
  })
}, 60_000)
