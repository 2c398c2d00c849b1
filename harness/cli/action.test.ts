/** Runs the steps of the composite action as GitHub's runner does, with a fake launcher that records its arguments. */
import { chmodSync, existsSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { performAction } from '../../test/support/action.ts'

/** Runs the action. The fake launcher records its arguments, then executes `launcher`. */
function perform(inputs: Record<string, string>, launcher: string) {
  const { ran, words, ...result } = performed(inputs, launcher)
  expect(ran).toBe(true)
  return { ...result, words }
}

/** `lossproof images`, which the action asks for the cache; every call is noted in the file `images`. */
const fakeImages = `
if [ "$1" = images ]; then
  echo "$@" >>images
  case $2 in key) echo abc ;; save) echo layers >"$3" ;; load) cat "$3" >>images ;; esac
  exit
fi
`

function performed(inputs: Record<string, string>, launcher: string, cache?: string) {
  const work = mkdtempSync(join(tmpdir(), 'lossproof-action-'))
  writeFileSync(join(work, 'package-lock.json'), '{}')
  mkdirSync(join(work, 'node_modules'))
  const words = `printf '%s\\n' "$@" >${work}/words\n`
  writeFileSync(join(work, 'lossproof'), `#!/usr/bin/env bash\n${fakeImages}${words}${launcher}\n`)
  chmodSync(join(work, 'lossproof'), 0o755)
  const result = performAction(inputs, { actionPath: work, work, cache })
  const ran = existsSync(join(work, 'words'))
  const lines = (name: string) => {
    const file = join(work, name)
    return existsSync(file) ? readFileSync(file, 'utf8').trimEnd().split('\n') : []
  }
  // Each job has another folder for temporary files.
  const images = lines('images').map(line => line.replace(/ \S+\/lossproof-images/, ' lossproof-images'))
  return { ...result, ran, words: lines('words'), images }
}

const leaves = (code: number) => `
folder=lossproof-results/20260101-run-1
mkdir -p $folder
echo '# verdict' >$folder/summary.md
touch $folder/report.html
printf 'LOSSPROOF_VERDICT=not-shown\\nLOSSPROOF_CELLS=3\\nLOSSPROOF_NOT_SHOWN=2\\nLOSSPROOF_NEW_VIOLATIONS=0\\n' >$folder/verdict.env
exit ${code}`
const artifact = ['--artifact-url', 'https://github.example/team/orders/actions/runs/17#artifacts']

test('the run receives scenarios, shard, baseline and further arguments unchanged', () => {
  const { words } = perform(
    {
      scenarios: 'quick claims/kafka',
      shard: '2/4',
      baseline: 'known violations.json',
      'retry-inconclusive': '2',
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
    '--retry-inconclusive',
    '2',
    ...artifact,
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
  expect({ code, summary }).toEqual({ code: expected, summary: '# verdict\n' })
  expect(outputs).toMatchObject({
    code: String(expected),
    folder: 'lossproof-results/20260101-run-1',
    verdict: 'not-shown',
    cells: '3',
    'not-shown': '2',
    'new-violations': '0',
    report: 'lossproof-results/20260101-run-1/report.html',
    summary: 'lossproof-results/20260101-run-1/summary.md',
    'artifact-url': 'https://github.example/artifact/1',
  })
})

test('a run that wrote no folder ends with its exit code, and no other folder is reported', () => {
  const { code, outputs, words } = perform({}, 'exit 3')
  expect({ code, folder: outputs['folder'], words }).toEqual({
    code: 3,
    folder: '',
    words: ['run', 'quick', '--results', 'lossproof-results', ...artifact],
  })
})

test('the first run keeps packages and images, the next one takes both from the cache, whatever the verdict is', () => {
  const cache = mkdtempSync(join(tmpdir(), 'lossproof-cache-'))
  const first = performed({ scenarios: 'quick a.yaml' }, leaves(99), cache)
  expect(first.images).toEqual([
    'images key --scenario quick a.yaml',
    'images save lossproof-images.tar --scenario quick a.yaml',
  ])
  expect(readdirSync(cache).map(name => name.replace(/-[0-9a-f]{16}$/, ''))).toEqual([
    'lossproof-images-Linux-X64-abc',
    'lossproof-packages-Linux-X64',
  ])
  const second = performed({ scenarios: 'quick a.yaml' }, leaves(99), cache)
  expect(second.images).toEqual(['images key --scenario quick a.yaml', 'images load lossproof-images.tar', 'layers'])
  expect([first.code, second.code]).toEqual([99, 99])
})

test('without the cache, images are neither asked for nor saved', () => {
  expect(performed({ cache: 'false' }, leaves(0)).images).toEqual([])
})

test('no input can become a command', () => {
  const { words, code } = perform({ scenarios: '$(touch pwned)', arguments: '"; exit 7' }, leaves(0))
  expect(words).toContain('"; exit 7')
  expect(words).toContain('$(touch')
  expect(code).toBe(0)
})
