/** `lossproof check-client` and `lossproof run` with programs of the user's, as a user calls them. */
import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { beforeAll, expect, test } from 'vitest'
import { folder, leftOf, lossproof } from '../support/cli.ts'
import { missingPython, preparePython, pythonCommand } from './programs.ts'

const withoutPython = await missingPython()
const check = async (...command: string[]) =>
  lossproof(['check-client', '--results', folder(), '--json', '--', ...command])

interface Checked {
  findings: { id: string; result: string; seen: string }[]
}

beforeAll(async () => {
  if (withoutPython === undefined) await preparePython()
})

test('nothing is missing in the example in Python', async ({ skip }) => {
  skip(withoutPython !== undefined, withoutPython)
  const { code, stdout, stderr } = await check(...pythonCommand('producer'))
  const { findings } = JSON.parse(stdout) as Checked
  expect(
    findings.filter(({ result }) => result !== 'ok'),
    stderr,
  ).toEqual([])
  expect(findings.map(({ id }) => id)).toContain('sent first')
  expect(code).toBe(0)
  expect(await leftOf('check-client')).toEqual([])
})

test('what a program does wrong is listed: it sends nothing, and claims an acknowledgement also while it is paused', async () => {
  const file = join(folder(), 'liar.mjs')
  writeFileSync(
    file,
    `let s = 0
const say = line => process.stdout.write(JSON.stringify(line) + '\\n')
const send = () => { say({ op: 'sent', s, p: 0 }); say({ op: 'acked', s, p: 0, o: s }); s += 1 }
say({ op: 'ready' })
process.stdin.setEncoding('utf8').on('data', text => text.trim().split('\\n').forEach(order => {
  if (order === 'resume') setInterval(send, 10)
  if (order === 'pause') say({ op: 'paused' })
  if (order === 'stop') process.exit(0)
}))`,
  )
  const { code, stdout } = await check(process.execPath, file)
  const { findings } = JSON.parse(stdout) as Checked
  const wrong = findings.filter(({ result }) => result === 'missing').map(({ id }) => id)
  expect(wrong).toEqual(expect.arrayContaining(['pause', 'SIGKILL', 'offsets']))
  expect(code).toBe(99)
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
