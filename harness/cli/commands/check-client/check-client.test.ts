import { expect, test } from 'vitest'
import yargs from 'yargs'
import { describeFindings } from './findings.ts'
import { checkTrial } from './scenario.ts'
import { checkClientCommand, commandOf } from './check-client.ts'

async function wordsFrom(...words: string[]): Promise<string[]> {
  let found: string[] = []
  await yargs(['check-client', ...words])
    .command({
      ...checkClientCommand,
      command: 'check-client [words..]',
      handler: args => void (found = commandOf(args)),
    })
    .strict()
    .parseAsync()
  return found
}

test('the words behind -- are the command, whatever they look like', async () => {
  expect(await wordsFrom('--role', 'consumer', '--', 'python3', '-u', 'a.py', '--rate', '007')).toEqual([
    'python3',
    '-u',
    'a.py',
    '--rate',
    '007',
  ])
  expect(await wordsFrom('python3', 'a.py')).toEqual(['python3', 'a.py'])
})

const checked = { words: ['python3', 'a.py'], image: undefined, entrypoint: undefined, format: undefined }

test('the client under test gets its role, and a consumer is fed by the harness', () => {
  const producer = checkTrial({ ...checked, role: 'producer', set: { 'producer.acks': 1 } }).lanes[0]
  expect([producer?.producer.client, producer?.producer.settings, producer?.consumer]).toEqual([
    'command',
    { acks: 1 },
    undefined,
  ])
  const consumer = checkTrial({ ...checked, role: 'consumer', set: {} }).lanes[0]
  expect([consumer?.producer.client, consumer?.consumer?.client]).toEqual(['kafkajs', 'command'])
})

test('a setting that belongs to nothing is refused', () => {
  expect(() => checkTrial({ ...checked, role: 'producer', set: { acks: 1 } })).toThrow(/expected a setting such as/)
})

test('the list says what is missing', () => {
  const text = describeFindings({
    role: 'producer',
    command: 'python3 a.py',
    folder: 'results/x',
    findings: [
      { id: 'ready', title: 'it prints "ready"', result: 'ok', seen: 'after 0.3 s' },
      { id: 'pause', title: 'it pauses', result: 'missing', seen: '3 messages were sent' },
      { id: 'stop', title: 'it stops', result: 'untested', seen: 'the client could not go on' },
    ],
  })
  expect(text).toContain('ok       ready            it prints "ready": after 0.3 s\n')
  expect(text).toContain('MISSING  pause            it pauses: 3 messages were sent\n')
  expect(text).toContain('1 of 3 tests show something missing, 1 not tried. History: results/x\n')
})
