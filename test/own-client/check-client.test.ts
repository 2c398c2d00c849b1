/**
 * `lossproof check-client` and `lossproof run` with programs of the user's, as a user calls them. The examples are checked
 * where LOSSPROOF_TEST_ALL_CLIENTS is set.
 */
import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { beforeAll, expect, test } from 'vitest'
import { folder, leftOf, lossproof } from '../support/cli.ts'
import { goClient, lyingProducer, prepareGo, preparePython, pythonCommand, wantsAllClients } from './programs.ts'

interface Checked {
  findings: { id: string; result: string; seen: string }[]
}

async function check(role: 'producer' | 'consumer', command: string[]) {
  const words = ['check-client', '--results', folder(), '--json', '--role', role, '--', ...command]
  const { code, stdout, stderr } = await lossproof(words)
  return { code, stderr, ...(JSON.parse(stdout) as Checked) }
}

beforeAll(async () => {
  if (!wantsAllClients) return
  await preparePython()
  await prepareGo()
})

test('a producer that keeps all rules but one: it acknowledges messages that it never sends', async () => {
  const { code, findings, stderr } = await check('producer', lyingProducer)
  const wrong = findings.filter(({ result }) => result !== 'ok')
  expect(wrong, stderr).toMatchObject([{ id: 'offsets', result: 'missing' }])
  expect(wrong[0]?.seen).toMatch(/^\d+ acknowledged messages are not stored$/)
  expect(findings.map(({ id }) => id)).toContain('sent first')
  expect(code).toBe(99)
  expect(await leftOf('check-client')).toEqual([])
})

test.runIf(wantsAllClients).each([
  ['Python', 'producer', pythonCommand('producer')],
  ['Python', 'consumer', pythonCommand('consumer')],
  ['Go', 'producer', [goClient]],
  ['Go', 'consumer', [goClient]],
] as const)('nothing is missing in the example in %s as %s', async (_language, role, command) => {
  const { code, findings, stderr } = await check(role, [...command])
  expect(
    findings.filter(({ result }) => result !== 'ok'),
    stderr,
  ).toEqual([])
  expect(code).toBe(0)
})

test('a program that dies in a run is reported with its last lines, and its cell is inconclusive', async () => {
  const file = join(folder(), 'dies.yaml')
  const program = `console.log('{"op":"ready"}')
process.stdin.on('data', () => { console.error('KeyError: no such order'); process.exit(3) })`
  writeFileSync(
    file,
    `name: own-dies
system: kafka
cluster: { brokers: 1 }
lanes:
  defaults:
    topic: { replication.factor: 1 }
    client: { command: ${JSON.stringify([process.execPath, '-e', program])} }
`,
  )
  const { code, stdout } = await lossproof(['run', file, '--results', folder()])
  expect(code).toBe(4)
  const said = stdout.replaceAll(/\s+/g, ' ')
  expect(said).toMatch(/it ended by itself: exit code 3; .* last lines of its standard error: KeyError: no such order /)
  expect(said).toContain('1 inconclusive')
  expect(await leftOf('own-dies')).toEqual([])
})
