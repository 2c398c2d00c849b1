/** Input that no command can use is refused as a usage error, before anything starts and without a stack trace. */
import { spawnSync } from 'node:child_process'
import { existsSync, mkdtempSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { expect, test } from 'vitest'
import { LossproofError } from '../../model/errors.ts'
import { commandSections } from './help/reference.ts'
import { commandNames } from './commands/index.ts'
import { completions } from './help/complete.ts'
import { commandLine, helpOf } from './parser.ts'

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
  [['plan', 'quick', '--sede', '1'], 'did you mean "--seed"? lossproof plan --help lists all options'],
  [['run', 'quick', '--retry-inconclusiv=1'], 'did you mean "--retry-inconclusive"?'],
  [['plan', 'quick', '--only', 'aks=1'], 'no cell has a setting "aks"; did you mean "acks"?'],
  [['plan', 'quick/kafka', '--only', 'acks=0'], 'producer.acks has the values 1, all'],
  [['list', 'clams'], 'did you mean "claims"?'],
  [['images', 'svae'], 'did you mean "save"?'],
  [['images', 'save'], 'images save needs a file'],
  [['completion', 'tcsh'], 'completion for the shell "tcsh" is not supported'],
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

test('every help text has -h, an example and a page to read on', async () => {
  for (const name of commandNames) {
    const help = await helpOf(name)
    expect(help, name).toMatch(/^ +-h, --help /m)
    expect(help, name).toMatch(new RegExp(`^Examples:\n {2}lossproof ${name}`, 'm'))
    const pages = /^Documentation: (.+)$/m.exec(help)?.[1]?.split(', ') ?? []
    expect(pages.length, name).toBeGreaterThan(0)
    for (const page of pages) expect(existsSync(new URL(`../../${page}`, import.meta.url)), page).toBe(true)
  }
}, 120_000)

test('help is as wide as the terminal', async () => {
  for (const width of [60, 200]) {
    const widest = Math.max(...(await helpOf('run', width)).split('\n').map(line => line.length))
    expect(widest).toBeLessThanOrEqual(width)
  }
})

test.each([
  [['pl'], ['plan']],
  [['--'], ['--help', '--version']],
  [['run', '--retry'], ['--retry-inconclusive']],
  [['plan', 'quick/k'], ['quick/kafka']],
  [['schema', 'verd'], ['verdict']],
  [
    ['completion', ''],
    ['bash', 'zsh'],
  ],
  [['check', 'results/'], []],
  [['nonsense', ''], []],
] as const)('%j is completed to %j', async (words, expected) => {
  expect(await completions(words)).toEqual(expected)
})

test('a start without a command loads no code of commands', () => {
  const main = fileURLToPath(new URL('main.ts', import.meta.url))
  const listed = `import { registerHooks } from 'node:module'
    registerHooks({ load: (url, context, next) => (console.error(url), next(url, context)) })`
  const { stderr, stdout } = spawnSync(
    process.execPath,
    [
      '--disable-warning=ExperimentalWarning',
      '--import',
      `data:text/javascript,${encodeURIComponent(listed)}`,
      main,
      '--help',
    ],
    { encoding: 'utf8' },
  )
  expect(stdout).toContain('lossproof run [scenario..]')
  expect(stderr).toContain('cli/parser.ts')
  expect(stderr).not.toMatch(/node_modules\/(zod|yaml|dockerode|testcontainers)|commands\/run\.ts/)
}, 120_000)

test('the reference has the help of every command', async () => {
  const page = await commandSections()
  for (const name of commandNames) expect(page).toContain(`## ${name}\n\n\`\`\`text\nlossproof ${name}`)
  expect(page).toContain('--seed')
}, 120_000)
