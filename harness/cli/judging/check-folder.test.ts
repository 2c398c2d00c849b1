import { spawnSync } from 'node:child_process'
import { appendFileSync, cpSync, mkdirSync, mkdtempSync, readFileSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { describe, expect, test } from 'vitest'
import { acked, lane, sent } from '../../testing/literal.ts'
import { laneFile, replicasFile, runPaths, trialPaths } from '../../../history/folder.ts'
import type { ReplicaExtract } from '../../../history/replicas.ts'
import { checkRunFolder, judgeRunFolder } from './check-folder.ts'
import { checkLaneFolder } from './lane-folder.ts'
import { laneIds, log, runFolder, severalLanes, write, writer } from '../testing/stored-run.ts'

const main = fileURLToPath(new URL('../main.ts', import.meta.url))
test('a stored run is judged from its files alone', async () => {
  const verdict = await checkRunFolder(runFolder())
  expect(verdict).toMatchObject({
    verdict: 'violated',
    cells: [
      {
        counts: { sent: 3, stored: 1, lost: 2 },
        lost: [{ from: 1, to: 2, cause: { code: 'truncated-after-election' } }],
      },
    ],
  })
})

const extract = (
  at: 'killed' | 'fault' | 'end',
  broker: number,
  t: number,
  runs: ReplicaExtract['runs'],
  epochs: ReplicaExtract['epochs'] = [[0, 0]],
): ReplicaExtract => ({
  t,
  done: t + 50,
  at,
  broker,
  p: 0,
  state: at === 'killed' ? 'down' : 'running',
  start: 0,
  end: 3,
  epochs,
  runs,
})

/** The leader had all three, broker 2 led on behind the first. */
function withReplicas(folder: string): string {
  const extracts = [
    extract('killed', 1, 2040, [[0, 3, 0, 0, 1]]),
    extract('fault', 2, 2060, [[0, 1, 0, 0, 1]]),
    extract('fault', 3, 2070, [[0, 1, 0, 0, 1]]),
    ...[1, 2, 3].map(broker =>
      extract(
        'end',
        broker,
        9700,
        [[0, 1, 0, 0, 1]],
        [
          [0, 0],
          [1, 1],
        ],
      ),
    ),
  ]
  const file = replicasFile(folder, 't', lane)
  mkdirSync(dirname(file), { recursive: true })
  writeFileSync(file, extracts.map(line => `${JSON.stringify(line)}\n`).join(''))
  return folder
}

test('extracts of replica logs are history: causes are derived from them, from stored files alone', async () => {
  const [cell] = (await checkRunFolder(withReplicas(runFolder()))).cells
  expect(cell?.lost).toMatchObject([
    {
      from: 1,
      to: 2,
      cause: { code: 'truncated-after-election', text: expect.stringContaining('lay only on broker 1') },
    },
  ])
  const torn = withReplicas(runFolder())
  appendFileSync(replicasFile(torn, 't', lane), '{"t":9800,"done":')
  expect((await checkRunFolder(torn)).cells[0]?.lost).toEqual(cell?.lost)
})

test('a line that is not an extract is refused with file and line', async () => {
  const folder = withReplicas(runFolder())
  appendFileSync(replicasFile(folder, 't', lane), '{"t":9800}\n')
  await expect(checkRunFolder(folder)).rejects.toThrow(/replicas\/a\.jsonl:7: not an extract of a replica's log/)
})

test('a run that was copied elsewhere gives the same verdict.json, byte by byte', () => {
  const folder = withReplicas(runFolder())
  const copy = join(mkdtempSync(join(tmpdir(), 'lossproof-copy-')), 'elsewhere')
  cpSync(folder, copy, { recursive: true })
  for (const run of [folder, copy]) {
    const { status } = spawnSync(process.execPath, [main, 'check', run], { encoding: 'utf8' })
    expect(status).toBe(99)
  }
  expect(readFileSync(runPaths(copy).verdict)).toEqual(readFileSync(runPaths(folder).verdict))
  expect(readFileSync(runPaths(copy).verdict, 'utf8')).toContain('lay only on broker 1')
}, 120_000)

test('in threads, or with every line spelt so that JSON.parse has to read it, the verdict is the same to the byte', async () => {
  const folder = severalLanes(5)
  const text = JSON.stringify(await checkRunFolder(folder, 1))
  expect(JSON.stringify(await checkRunFolder(folder, 3))).toBe(text)
  for (const id of laneIds(5)) {
    for (const name of ['producer-1', 'reader-1']) {
      const path = laneFile(folder, 't', id, name)
      writeFileSync(path, readFileSync(path, 'utf8').replaceAll('","', '", "'))
    }
  }
  expect(JSON.stringify(await checkRunFolder(folder, 1))).toBe(text)
}, 60_000)

test('other lanes beside it change nothing in the verdict of a cell', async () => {
  const [alone] = (await checkRunFolder(severalLanes(1))).cells
  const [among] = (await checkRunFolder(severalLanes(5))).cells
  expect(among).toEqual(alone)
})

test('in threads the first error in the order of the plan is thrown, whatever comes first in time', async () => {
  const folder = severalLanes(4)
  for (const id of ['lane-1', 'lane-3'])
    appendFileSync(laneFile(folder, 't', id, 'producer-1'), '{"op":"acked","s":77,"t":9999}\n')
  const message = /lane-1\/producer-1\.jsonl:8: an answer for message 77, which was never sent$/
  await expect(checkRunFolder(folder, 1)).rejects.toThrow(message)
  await expect(checkRunFolder(folder, 3)).rejects.toMatchObject({
    code: 'history',
    message: expect.stringMatching(message),
  })
}, 60_000)

describe('a broken history is refused with file and line', () => {
  const appended = (name: string, ...lines: string[]) => {
    const folder = runFolder()
    appendFileSync(laneFile(folder, 't', lane, name), lines.map(line => `${line}\n`).join(''))
    return checkRunFolder(folder)
  }

  test('a lane that no cell knows', async () => {
    const folder = runFolder()
    write(laneFile(folder, 't', 'stranger', 'producer-1'), 'producer', writer, 'stranger')
    await expect(checkRunFolder(folder)).rejects.toThrow(/lanes\/stranger: no cell of the plan has this lane/)
  })

  test('a file of another lane', async () => {
    const folder = runFolder()
    write(laneFile(folder, 't', lane, 'producer-2'), 'producer', [], 'b')
    await expect(checkRunFolder(folder)).rejects.toThrow(/producer-2\.jsonl:1: lane "b" in the folder of lane "a"/)
  })

  test.each([
    [
      'a torn line in the middle',
      'producer-1',
      ['{"op":"sent","s":3,"p"', '{"op":"sent","s":4,"p":0,"t":2000}'],
      /producer-1\.jsonl:8: not JSON/,
    ],
    [
      'an ack for what was never sent',
      'producer-1',
      ['{"op":"acked","s":3,"t":2000}'],
      /producer-1\.jsonl:8: an answer for message 3, which was never sent/,
    ],
    [
      'a refusal of what was never sent',
      'producer-1',
      ['{"op":"rejected","s":3,"t":2000,"c":"X"}'],
      /producer-1\.jsonl:8: an answer for message 3, which was never sent/,
    ],
    [
      'a record after its partition ended',
      'reader-1',
      ['{"op":"stored","s":1,"p":0,"o":5,"t":9700}'],
      /reader-1\.jsonl:5: a record of partition 0 after its end/,
    ],
    [
      'a second end',
      'reader-1',
      ['{"op":"end","p":0,"o":5,"t":9700}'],
      /reader-1\.jsonl:5: a record of partition 0 after its end/,
    ],
    [
      'an end before what was read',
      'reader-1',
      ['{"op":"stored","s":1,"p":1,"o":5,"t":9700}', '{"op":"end","p":1,"o":5,"t":9700}'],
      /reader-1\.jsonl:6: partition 1 ends at offset 5, but offset 5 was read/,
    ],
    [
      'offsets running backwards',
      'reader-1',
      ['{"op":"stored","s":1,"p":1,"o":5,"t":9700}', '{"op":"stored","s":2,"p":1,"o":5,"t":9700}'],
      /reader-1\.jsonl:6: offset 5 of partition 1 after 5/,
    ],
    [
      'a second header',
      'producer-1',
      ['{"lane":"a","role":"producer","process":"p","client":"c"}'],
      /producer-1\.jsonl:8: a second header/,
    ],
    [
      'time running backwards',
      'producer-1',
      ['{"op":"sent","s":3,"p":0,"t":1000}'],
      /producer-1\.jsonl:8: time runs backwards: 1000 after 1310/,
    ],
    [
      'a record of another role',
      'producer-1',
      ['{"op":"stored","s":3,"p":0,"o":1,"t":2000}'],
      /producer-1\.jsonl:8: a reader's record "stored" in a producer's file/,
    ],
    [
      'a number that is none of ours',
      'producer-1',
      ['{"op":"sent","s":2147483647,"p":0,"t":2000}'],
      /producer-1\.jsonl:8: message number 2147483647 is beyond 2147483646/,
    ],
  ])('%s', async (_, name, lines, message) => {
    await expect(appended(name, ...lines)).rejects.toThrow(message)
  })

  test('time may run backwards by a little: answers are stamped before they are written', async () => {
    await expect(appended('producer-1', '{"op":"sent","s":3,"p":0,"t":1261}')).resolves.toMatchObject({
      cells: [{ counts: { sent: 4 } }],
    })
  })

  test('an ack in another file than the attempt, whichever is read first', async () => {
    for (const name of ['aaa', 'zzz']) {
      const folder = runFolder()
      write(laneFile(folder, 't', lane, name), 'producer', [acked(0, 1400, 0)])
      await expect(checkRunFolder(folder)).rejects.toThrow(
        `${name}.jsonl:2: an answer for message 0, which was never sent`,
      )
    }
  })

  test('a producer that was killed and started again goes on in a file of its own', async () => {
    const folder = runFolder()
    appendFileSync(laneFile(folder, 't', lane, 'producer-1'), '{"op":"sent","s":3,"p":0,"t":1400}\n{"op":"ack')
    write(laneFile(folder, 't', lane, 'producer-1b'), 'producer', [
      { op: 'sent', s: 3, p: 0, t: 1900, n: 2 },
      acked(3, 1910, 3),
      sent(4, 2000),
    ])
    await expect(checkRunFolder(folder)).resolves.toMatchObject({
      cells: [{ counts: { sent: 5, acked: 4, lost: 3, givenUp: 1 } }],
    })
  })
})

test('a trial that left no events has said nothing', async () => {
  const folder = runFolder()
  writeFileSync(trialPaths(folder, 't').events, '')
  expect(await checkRunFolder(folder)).toMatchObject({
    verdict: 'inconclusive',
    cells: [{ counts: { lost: 0, unaccounted: 2 } }],
  })
})

test('a bare folder of lane files, from any program, is complete when every partition ends', () => {
  const folder = mkdtempSync(join(tmpdir(), 'lossproof-lane-'))
  write(join(folder, 'p.jsonl'), 'producer', writer)
  expect(checkLaneFolder(folder)).toMatchObject({ complete: false, counts: { unaccounted: 3, lost: 0 } })
  write(join(folder, 'r.jsonl'), 'reader', log)
  expect(checkLaneFolder(folder)).toMatchObject({ complete: true, counts: { stored: 1, lost: 2, unaccounted: 0 } })
})

describe('a run of which one lane cannot be judged', () => {
  const broken = () => {
    const folder = severalLanes(3)
    appendFileSync(laneFile(folder, 't', 'lane-1', 'producer-1'), '{"op":"acked","s":77,"t":9999}\n')
    return folder
  }

  test.each([1, 3])(
    'is judged with %i threads for all other lanes, and the broken one is inconclusive',
    async threads => {
      const { verdict, bugs } = await judgeRunFolder(broken(), { threads, keepGoing: true })
      const [first] = (await checkRunFolder(severalLanes(3))).cells
      expect(verdict.cells.map(cell => cell.verdict)).toEqual(['violated', 'inconclusive', 'violated'])
      expect(verdict.cells[0]).toEqual(first)
      expect(verdict.cells[1]?.reasons).toEqual([
        expect.stringMatching(/^cannot be judged: .*lane-1\/producer-1\.jsonl:8: an answer for message 77/),
      ])
      expect(bugs).toEqual([])
    },
  )

  test('makes the timelines of the lanes that were judged, from the same reading', async () => {
    const { timelines } = await judgeRunFolder(broken(), { timelines: true, keepGoing: true })
    expect([...timelines.keys()]).toEqual(['s/lane-0', 's/lane-2'])
    expect([...(await judgeRunFolder(severalLanes(2), { threads: 2, timelines: true })).timelines.keys()]).toEqual([
      's/lane-0',
      's/lane-1',
    ])
  }, 60_000)
})
