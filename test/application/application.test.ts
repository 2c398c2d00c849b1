/** Two small applications between two topics of a real broker, under one kill; and applications that cannot be judged. */
import { readdirSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { beforeAll, describe, expect, test } from 'vitest'
import { RunVerdict } from '../../model/verdict.ts'
import type { CellVerdict } from '../../model/verdict.ts'
import { folder, lossproof, root } from '../support/cli.ts'

const examples = join(root, 'examples/application')

/** The cells of a run, by the end of their ids. */
async function cellsOf(scenario: string): Promise<{ code: number | null; find: (end: string) => CellVerdict }> {
  const results = folder()
  const { code } = await lossproof(['run', scenario, '--results', results])
  const path = join(results, readdirSync(results)[0] ?? '', 'verdict.json')
  const { cells } = RunVerdict.parse(JSON.parse(readFileSync(path, 'utf8')))
  return {
    code,
    find: end => {
      const cell = cells.find(({ id }) => id.endsWith(end))
      if (!cell) throw new Error(`no cell ${end}: ${cells.map(({ id }) => id).join(', ')}`)
      return cell
    },
  }
}

describe('one kill of two applications', () => {
  let run: Awaited<ReturnType<typeof cellsOf>>
  beforeAll(async () => {
    run = await cellsOf(join(examples, 'scenario.yaml'))
  })

  test('the one that commits before it works loses what it had not written', () => {
    const { counts, skipped, verdict } = run.find('commits-first.mjs')
    expect([verdict, counts.lost, counts.phantom]).toEqual(['held', 0, 0])
    expect(counts.skipped).toBeGreaterThanOrEqual(1)
    expect(counts.processed).toBe(counts.stored - counts.skipped)
    expect(skipped.map(({ cause }) => cause.code)).toEqual(['committed-before-processing'])
    expect(skipped[0]?.cause.text).toMatch(
      /never came out: last seen in the log; the application's group was behind .* and the application was gone at/,
    )
  })

  test('the one that works in transactions loses nothing and writes nothing twice', () => {
    const { counts, verdict } = run.find('transactional.mjs')
    expect(verdict).toBe('held')
    expect(counts).toMatchObject({ skipped: 0, redelivered: 0, outOfOrder: 0, stalled: 0, phantom: 0 })
    expect(counts.processed).toBe(counts.stored)
    expect(counts.processed).toBeGreaterThan(100)
  })

  test('the kill is proved by the state of the processes', () => {
    expect(run.code).toBe(0)
    expect(run.find('transactional.mjs').faults).toMatchObject([
      { fault: 'crash-app', target: 'app', evidence: { 'app-1': { running: false, ended: 'signal SIGKILL' } } },
    ])
  })
})

describe('an application that cannot be judged', () => {
  let run: Awaited<ReturnType<typeof cellsOf>>
  beforeAll(async () => {
    const file = join(folder(), 'bad.yaml')
    const scenario = (name: string, app: string) =>
      `name: ${name}\nsystem: kafka\ncluster: { brokers: 1 }\nworkload: { messages: 40 }\n` +
      `lanes: { defaults: { app: { ${app}, folder: ${examples}, in: orders, out: invoices } } }\n`
    writeFileSync(
      file,
      [
        scenario('exits', 'command: [node, missing.mjs]'),
        scenario(
          'unnamed',
          'command: [node, commits-first.mjs], correlate: $.id, message: \'{"id":"{id}","number":{number}}\'',
        ),
      ].join('---\n'),
    )
    run = await cellsOf(file)
  })

  test('because it exits at once is inconclusive, with its last lines', () => {
    expect(run.code).toBe(4)
    const { verdict, reasons } = run.find('exits')
    expect(verdict).toBe('inconclusive')
    expect(reasons.join('\n')).toMatch(
      /did not start: it ended by itself: exit code 1; .*Cannot find module .*missing\.mjs/,
    )
  })

  test('because its output names no input where it should is inconclusive, with a record that shows it', () => {
    const { verdict, reasons, counts } = run.find('unnamed')
    expect([verdict, counts.skipped]).toEqual(['inconclusive', 0])
    const first = String.raw`the first of them: partition 0, offset 0: key none, value "\{\\"order`
    expect(reasons.join('\n')).toMatch(
      new RegExp(String.raw`none of the 40 records of the output names an input at \$\.id; ${first}`),
    )
  })
})
