/** Runs the steps of the composite action as GitHub's runner does, with a fake launcher that records its arguments. */
import { spawnSync } from 'node:child_process'
import { chmodSync, existsSync, mkdtempSync, readFileSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { parse } from 'yaml'
import { z } from 'zod'
import { performAction } from '../../test/support/action.ts'

/** Runs the action. The fake launcher records its arguments, then executes `launcher`. */
function perform(inputs: Record<string, string>, launcher: string) {
  const { ran, words, ...result } = performed(inputs, launcher)
  expect(ran).toBe(true)
  return { ...result, words }
}

function performed(inputs: Record<string, string>, launcher: string) {
  const work = mkdtempSync(join(tmpdir(), 'lossproof-action-'))
  writeFileSync(join(work, 'lossproof'), `#!/usr/bin/env bash\nprintf '%s\\n' "$@" >${work}/words\n${launcher}\n`)
  chmodSync(join(work, 'lossproof'), 0o755)
  const result = performAction(inputs, { actionPath: work, work })
  const ran = existsSync(join(work, 'words'))
  return { ...result, ran, words: ran ? readFileSync(join(work, 'words'), 'utf8').trimEnd().split('\n') : [] }
}

const leaves = (code: number) =>
  `mkdir -p lossproof-results/20260101-run-1; echo '# verdict' >lossproof-results/20260101-run-1/summary.md; exit ${code}`

test('the run receives scenarios, shard, baseline and further arguments unchanged', () => {
  const { words } = perform(
    {
      scenarios: 'quick claims/kafka',
      shard: '2/4',
      baseline: 'known violations.json',
      arguments: '--set\nproducer.acks=a b',
    },
    leaves(0),
  )
  expect(words).toEqual([
    'run',
    'quick',
    'claims/kafka',
    '--results',
    'lossproof-results',
    '--shard',
    '2/4',
    '--baseline',
    'known violations.json',
    '--set',
    'producer.acks=a b',
  ])
})

test('scenarios can be listed one per line, in a block or folded, with blank lines', () => {
  const { words } = perform({ scenarios: 'orders.yaml\n\n  claims/kafka  quick\nlast.yaml\n' }, leaves(0))
  expect(words.slice(0, 6)).toEqual(['run', 'orders.yaml', 'claims/kafka', 'quick', 'last.yaml', '--results'])
})

test.each(['', ' \n \n'])('an empty list of scenarios (%j) is an error, not a run of the default', scenarios => {
  const { code, ran } = performed({ scenarios }, leaves(0))
  expect({ code, ran }).toEqual({ code: 2, ran: false })
})

test.each([0, 4, 99])("the summary is kept and the exit code %i is the action's", expected => {
  const { code, outputs, summary } = perform({}, leaves(expected))
  expect({ code, summary, outputs }).toEqual({
    code: expected,
    summary: '# verdict\n',
    outputs: { code: String(expected), folder: 'lossproof-results/20260101-run-1' },
  })
})

test('a run that wrote no folder ends with its exit code, and no other folder is reported', () => {
  const { code, outputs, words } = perform({}, 'exit 3')
  expect({ code, folder: outputs['folder'], words }).toEqual({
    code: 3,
    folder: '',
    words: ['run', 'quick', '--results', 'lossproof-results'],
  })
})

test('no input can become a command', () => {
  const { words, code } = perform({ scenarios: '$(touch pwned)', arguments: '"; exit 7' }, leaves(0))
  expect(words).toContain('"; exit 7')
  expect(words).toContain('$(touch')
  expect(code).toBe(0)
})

test('the workflows of docs/ci.md are YAML, and their scripts are shell', () => {
  const page = readFileSync(new URL('../../docs/ci.md', import.meta.url), 'utf8')
  const Workflow = z.object({
    jobs: z.record(z.string(), z.object({ steps: z.array(z.object({ run: z.string().optional() })) })),
  })
  const blocks = [...page.matchAll(/```yaml\n([\s\S]*?)```/g)].map(([, text]) => Workflow.parse(parse(text ?? '')))
  expect(blocks).toHaveLength(2)
  const scripts = blocks
    .flatMap(({ jobs }) => Object.values(jobs))
    .flatMap(({ steps }) => steps.flatMap(({ run }) => run ?? []))
  expect(scripts).toHaveLength(2)
  for (const script of scripts) expect(spawnSync('bash', ['-n', '-c', script]).status).toBe(0)
})
