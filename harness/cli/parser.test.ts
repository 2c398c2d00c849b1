/** Input that no command can use is refused as a usage error, before anything starts and without a stack trace. */
import { mkdtempSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { LossproofError } from '../../model/errors.ts'
import { commandSections } from './commands/reference.ts'
import { commandNames } from './commands/index.ts'
import { commandLine } from './parser.ts'

async function refusal(words: readonly string[]): Promise<string> {
  try {
    await commandLine(words).parseAsync()
  } catch (error) {
    expect(error).toBeInstanceOf(LossproofError)
    const { exitCode, message, hint } = error as LossproofError
    expect(exitCode).toBe(2)
    return `${message}\n${hint ?? ''}`
  }
  throw new Error(`accepted: ${words.join(' ')}`)
}

test.each([
  [[], 'a command is missing'],
  [['rnu'], 'did you mean "run"?'],
  [['xyzzy'], `unknown command "xyzzy"\none of run, audit, stress, replay`],
  [['plan', 'quick', '--frob'], 'unknown option or argument: frob\nlossproof plan --help'],
  [['replay', 'a', 'b'], 'unknown option or argument: b'],
  [['report'], 'report needs an argument'],
  [['plan', 'quick', '--set'], '--set needs a value'],
  [['plan', 'quick', '--set', 'retries'], '--set retries: expected place.setting=value'],
  [['plan', 'quick', '--set', '=1'], '--set =1: expected place.setting=value'],
  [['plan', 'quick', '--set', 'a.b=[1, 2]'], '--set a.b=[1, 2]: expected a single value'],
  [['plan', 'quick', '--set', 'a.b=1', '--set', 'a.b=2'], '--set a.b is given twice'],
  [['plan', 'quick', '--only', 'acks=1', '--only', 'acks=all'], '--only is given twice'],
  [['plan', 'quik'], 'did you mean "quick"?'],
  [['plan', 'quick', '--shard', '5/4'], '5/4'],
  [['check'], 'check needs a run folder or --lane <folder>'],
  [['schema', 'verdct'], 'did you mean "verdict"?'],
] as const)('%j is refused: %s', async (words, message) => {
  expect(await refusal(words)).toContain(message)
})

test.each(['abc', '-1', '1.5', '', '1e400', '9007199254740993'])('--seed %s is refused', async seed => {
  expect(await refusal(['plan', 'quick', `--seed=${seed}`])).toContain('expected a whole number from 0')
})

test.each(['0', 'two', '-3'])('--parallel %s and --times %s are refused', async count => {
  expect(await refusal(['run', 'quick', `--parallel=${count}`])).toContain('expected a whole number from 1')
  expect(await refusal(['replay', 'nowhere', `--times=${count}`])).toContain('expected a whole number from 1')
})

test.each(['@a', '[1', '{', '%a', '`a', '"abc', '*abc'])(
  'a --set value that is broken YAML is refused: %s',
  async value => {
    expect(await refusal(['plan', 'quick', '--set', `topic.x=${value}`])).toContain(`"${value}" is not valid YAML`)
    expect(await refusal(['check', '--lane', '.', '--expect', value])).toContain('is not valid YAML')
  },
)

test.each([
  ['cluster.brokers', '500'],
  ['cluster.brokers', 'abc'],
  ['cluster.brokers', '2.5'],
  ['cluster.controllers', '-1'],
  ['cluster.version', 'banana'],
  ['topic.replication.factor', 'abc'],
  ['producer.acks', '0'],
])('--set %s=%s is refused as the same value in the file would be', async (name, value) => {
  expect(await refusal(['plan', 'claims/kafka/acks', '--set', `${name}=${value}`])).toContain(name.split('.').at(-1))
})

test('aliases that expand to a huge value are refused as invalid YAML', async () => {
  const file = join(mkdtempSync(join(tmpdir(), 'lossproof-alias-')), 'bomb.yaml')
  const levels = Array.from({ length: 8 }, (_, at) => `l${at + 1}: &l${at + 1} [${`*l${at},`.repeat(9)}]`)
  writeFileSync(file, ['l0: &l0 [x]', ...levels, ''].join('\n'))
  expect(await refusal(['plan', file])).toMatch(/bomb\.yaml.*not valid YAML/)
})

test('the reference has the help of every command', async () => {
  const page = await commandSections()
  for (const name of commandNames) expect(page).toContain(`## ${name}\n\n\`\`\`text\nlossproof ${name}`)
  expect(page).toContain('--seed')
})
