/** Stored inputs of which the right answer is known: bare lanes, runs, and histories that an autopsy must explain. */
import { spawnSync } from 'node:child_process'
import { cpSync, mkdirSync, mkdtempSync, readFileSync, symlinkSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { describe, expect, test } from 'vitest'
import { Epochs } from '../../../history/epochs.ts'
import { inCurrentForm, TrialEvent } from '../../../history/events.ts'
import { checkRunFolder } from '../../cli/judging/check-folder.ts'
import { checkLaneFolder } from '../../cli/judging/lane-folder.ts'
import { parseExpectation } from '../../plan/expectations/parse.ts'
import { judgeCell } from '../../verdict/judge-cell.ts'
import { check } from '../literal.ts'
import type { Literal } from '../literal.ts'

const path = (name: string) => fileURLToPath(new URL(name, import.meta.url))
const scratch = () => mkdtempSync(join(tmpdir(), 'lossproof-cases-'))

function judgeLane(folder: string, expected: Record<string, string | number> = {}) {
  const expectations = Object.entries(expected).map(([what, raw]) => parseExpectation(what, raw))
  const lane = checkLaneFolder(folder, expectations)
  const { verdict, reasons } = judgeCell({
    lane,
    laneId: '',
    expect: expectations,
    windows: [],
    events: [],
    epochs: new Epochs([], ''),
    hasFaults: false,
  })
  return { verdict, reasons: reasons.join('; '), counts: lane.counts }
}

describe('bare lanes', () => {
  type Case = readonly [
    folder: string,
    expected: Record<string, string | number>,
    verdict: string,
    counts: Record<string, number>,
    reason?: string,
  ]
  const cases: readonly Case[] = [
    ['whole-last-line-dropped', {}, 'violated', { lost: 1, givenUp: 0 }],
    ['observer-plus-torn-consumer', {}, 'violated', { skipped: 2 }],
    ['retry-other-partition-unread', { duplicates: 0 }, 'inconclusive', {}, 'partition 0 was not read to its end'],
    ['status-expectation-ignored', { FLUSH_SLAVE_TIMEOUT: 0 }, 'violated', {}, 'FLUSH_SLAVE_TIMEOUT'],
    ['acked-after-the-read', {}, 'inconclusive', { lost: 0, unaccounted: 1 }, 'before the last send or answer'],
    ['reader-starts-late', {}, 'inconclusive', { lost: 0, unaccounted: 3 }, 'partition 0 begins at offset 3'],
    ['parked-of-lost', { lost: 1, parked: 1 }, 'not-shown', { lost: 1, parked: 0, parkedLost: 1 }],
    ['parked-of-lost', { lost: 1, parkedLost: 1 }, 'held', { parkedLost: 1 }],
    ['phantom-processed', {}, 'violated', { phantom: 1 }],
    ['processed-of-rejected-absent', {}, 'violated', { phantom: 1 }],
    ['epoch-goes-down', {}, 'violated', { staleEpochs: 1 }],
    ['two-answers-one-attempt', {}, 'held', { unknown: 1, recovered: 1, resurrected: 0 }],
    ['skip-with-incomplete-log', {}, 'violated', { skipped: 1 }],
    ['dup-copy-ahead', { duplicates: 1, stalled: 1 }, 'held', { skipped: 0, stalled: 1 }],
    ['commit-beyond-end', {}, 'violated', { ahead: 1 }],
    ['reader-restarted', {}, 'held', { stored: 2, duplicates: 0 }],
  ]

  for (const [folder, expected, verdict, counts, reason = ''] of cases)
    test(`${folder}, expecting ${JSON.stringify(expected)}: ${verdict}`, () => {
      const judged = judgeLane(path(`lanes/${folder}`), expected)
      expect(judged).toMatchObject({ verdict, counts, reasons: expect.stringContaining(reason) })
    })

  test.each([
    ['number-collision', /producer-2\.jsonl:2: message 5 was sent for the first time by two processes/],
    ['same-file-twice', /jsonl:1: another file of the lane is of process "consumer-1" too/],
  ])('%s is refused', (folder, message) => {
    expect(() => judgeLane(path(`lanes/${folder}`))).toThrow(message)
  })
})

describe('runs', () => {
  test.each([
    ['window-edge-swallows', 'violated'],
    ['resent-in-window', 'held'],
    ['event-whole-last-line', 'inconclusive'],
  ])('%s: %s', async (folder, verdict) => {
    expect((await checkRunFolder(path(`runs/${folder}`))).verdict).toBe(verdict)
  })

  test.each([
    ['lane-without-cell', /run\.json: no cell of the plan has lane "b"/],
    ['events-backwards', /events\.jsonl:3: time runs backwards: 5200 after 7000/],
  ])('%s is refused', async (folder, message) => {
    await expect(checkRunFolder(path(`runs/${folder}`))).rejects.toThrow(message)
  })
})

describe('causes that the history does not establish, or refutes', () => {
  function causesOf(name: string): string[] {
    const literal = JSON.parse(readFileSync(path(`autopsy/${name}.json`), 'utf8')) as Literal
    const events = (literal.events ?? []).map(event => TrialEvent.parse(inCurrentForm(event)))
    const { lost, skipped } = check({ ...literal, events })
    return [...lost, ...skipped].map(({ cause }) => `${cause.code}: ${cause.text}`)
  }

  test.each([
    ['follower-lost-power', /^not-established: .*the disk of broker 2, elected in epoch 1, was hit/],
    ['follower-lost-power-acks-all', /^unsynced-pages: .*while broker 2 was in sync, so it had them/],
    ['disk-by-history-with-election-between', /^not-established: .*broker 2 led in epoch 1 in between/],
    ['only-with-unread-replica', /^truncated-after-election: 2 messages \(offsets 1–2\) lay on broker 1,/],
    ['reset-to-latest-refuted', /^committed-before-processing: .*consumer-2 began at offset 10/],
    ['dropped-by-handler', /^dropped-by-handler: .*went on with later messages/],
    ['killed-between-attempts', /^committed-before-processing: .*before it had processed it/],
  ])('%s', (name, cause) => {
    const causes = causesOf(name)
    expect(causes).toHaveLength(1)
    expect(causes[0]).toMatch(cause)
  })
})

describe('hostile files are refused with an error, exit code 2 and bounded memory', () => {
  const header = '{"lane":"a","role":"producer","process":"producer-1","client":"test"}\n'
  const lane = (make: (file: string) => void) => {
    const folder = scratch()
    make(join(folder, 'producer-1.jsonl'))
    return folder
  }

  test.each<[string, (file: string) => void, RegExp]>([
    ['a folder in place of a file', file => mkdirSync(file), /producer-1\.jsonl is a folder; expected a regular file/],
    ['a named pipe', file => spawnSync('mkfifo', [file]), /producer-1\.jsonl is a named pipe/],
    ['a device', file => symlinkSync('/dev/zero', file), /producer-1\.jsonl is a device/],
    ['a dangling link', file => symlinkSync('/nowhere/at/all', file), /is a link to a file that does not exist/],
    [
      'a line of 40 MB',
      file => writeFileSync(file, `${header}{"op":"rejected","s":1,"t":3,"c":"${'x'.repeat(40_000_000)}"}\n`),
      /producer-1\.jsonl:2: a line of more than 16 MB/,
    ],
    [
      'deep nesting',
      file =>
        writeFileSync(file, `${header}{"op":"sent","s":${'['.repeat(100_000)}${']'.repeat(100_000)},"p":0,"t":1}\n`),
      /producer-1\.jsonl:2: /,
    ],
    [
      'more partitions than a topic has',
      file =>
        writeFileSync(
          file,
          header + Array.from({ length: 100_002 }, (_, p) => `{"op":"sent","s":${p},"p":${p},"t":1}\n`).join(''),
        ),
      /name more than 100000 partitions/,
    ],
  ])('%s', (_, make, message) => {
    expect(() => judgeLane(lane(make))).toThrow(message)
  })

  test('deep nesting in events, and a plan of 100 million partitions', async () => {
    const folder = scratch()
    cpSync(path('runs/resent-in-window'), folder, { recursive: true })
    const deep = `{"kind":"evidence","t":9950,"id":"x","complete":true,"evidence":{"a":${'['.repeat(9000)}${']'.repeat(9000)}}}\n`
    const events = join(folder, 'trials/t/events.jsonl')
    writeFileSync(events, readFileSync(events, 'utf8') + deep)
    await expect(checkRunFolder(folder)).rejects.toThrow(/events\.jsonl:16: values are nested more than 100 levels/)
    const run = readFileSync(join(folder, 'run.json'), 'utf8')
    writeFileSync(join(folder, 'run.json'), run.replace(/"partitions": ?1/, '"partitions":100000000'))
    await expect(checkRunFolder(folder)).rejects.toThrow(
      /lane "a" has 100000000 partitions; at most 100000 are supported/,
    )
  })
})
