import { cpSync, readdirSync, readFileSync, rmSync } from 'node:fs'
import { join } from 'node:path'
import { beforeAll, describe, expect, test } from 'vitest'
import { RunVerdict } from '../../model/verdict.ts'
import { folder, leftOf, lossproof, quickAs } from '../support/cli.ts'
import type { Finished } from '../support/cli.ts'

const name = `quick-test-${process.pid}`
const results = folder()
let run: Finished
let path = ''

beforeAll(async () => {
  run = await lossproof(['run', quickAs(name), '--results', results])
  path = join(results, readdirSync(results)[0] ?? '')
})

const verdict = () => RunVerdict.parse(JSON.parse(readFileSync(join(path, 'verdict.json'), 'utf8')))

describe('the quick pair on a real cluster', () => {
  test('both cells hold: exit code 0, the claim shown', () => {
    expect(run.stderr).not.toContain('a bug of Lossproof')
    expect({ code: run.code, verdicts: verdict().cells.map(cell => cell.verdict) }).toEqual({
      code: 0,
      verdicts: ['held', 'held'],
    })
    expect(verdict().claims[0]?.shown).toBe(true)
  })

  test('acks=1 lost exactly the messages acknowledged during the cut, with the cause', () => {
    const [cell] = verdict().cells
    const window = cell?.windows['cut']
    expect(window?.acked).toBeGreaterThanOrEqual(50)
    expect(cell?.counts.lost).toBe(window?.acked)
    expect(cell?.lost.map(range => [range.count, range.place, range.cause.code])).toEqual([
      [window?.acked, 'middle', 'truncated-after-election'],
    ])
  })

  test('the autopsy says where they lay, who was elected without them, and what would have kept them', () => {
    const text = verdict().cells[0]?.lost[0]?.cause.text
    const sentence = [
      String.raw`^\d+ messages \(offsets \d+–\d+\) lay only on broker (\d), the leader in epoch 0, `,
      'because replication was cut and acks=1 does not wait; ',
      String.raw`broker (?!\1)\d was elected in epoch 1 at offset (\d+); `,
      String.raw`broker \1 truncated to \2 when it came back\. acks=all would have kept them\.$`,
    ]
    expect(text).toMatch(new RegExp(sentence.join('')))
  })

  test('acks=all lost nothing under the same fault', () => {
    const [unsafe, safe] = verdict().cells
    expect(safe?.counts).toMatchObject({ lost: 0, clientLost: 0, resurrected: 0, unexpected: 0, corrupt: 0 })
    expect(safe?.faults).toEqual(unsafe?.faults)
    expect(safe?.faults.map(fault => [fault.fault, fault.target])).toEqual([
      ['cut-replication', 'leader'],
      ['crash', 'leader'],
    ])
  })

  test('both faults left evidence that was read from outside', () => {
    const [cut, crash] = verdict().cells[0]?.faults ?? []
    expect(Object.values(cut?.evidence ?? {})).toMatchObject([
      { toxics: ['cut-replication-downstream'], leaderGrew: true, followersMoved: [] },
    ])
    const [seen] = Object.values(crash?.evidence ?? {}) as { links?: Record<string, { outcome: string }> }[]
    expect(seen).toMatchObject({ exitCode: 137, engineEvent: 'die, exit code 137', running: false })
    // The host lives on: every client link ends a new connection at once.
    const outcomes = Object.values(seen?.links ?? {}).map(({ outcome }) => outcome)
    expect(outcomes.length).toBeGreaterThan(0)
    for (const outcome of outcomes) expect(['refused', 'closed']).toContain(outcome)
  })

  test('nothing of the run is left on the engine', async () => {
    expect(await leftOf(name)).toEqual([])
  })

  test('check recomputes the same bytes from the stored history, without an engine', async () => {
    const before = readFileSync(join(path, 'verdict.json'))
    const checked = await lossproof(['check', path], { DOCKER_HOST: 'unix:///nowhere.sock' })
    expect(checked.code).toBe(0)
    expect(readFileSync(join(path, 'verdict.json')).equals(before)).toBe(true)
  })

  test('so it does where the run was copied to, extracts of replica logs and all', async () => {
    const copy = join(folder(), 'elsewhere')
    cpSync(path, copy, { recursive: true })
    rmSync(join(copy, 'verdict.json'))
    expect((await lossproof(['check', copy], { DOCKER_HOST: 'unix:///nowhere.sock' })).code).toBe(0)
    expect(readFileSync(join(copy, 'verdict.json')).equals(readFileSync(join(path, 'verdict.json')))).toBe(true)
    // Without them it cannot say as much.
    rmSync(join(copy, 'trials', name, 'replicas'), { recursive: true })
    await lossproof(['check', copy], { DOCKER_HOST: 'unix:///nowhere.sock' })
    expect(readFileSync(join(copy, 'verdict.json'), 'utf8')).not.toContain('lay only on broker')
  })

  test('check --lane judges a bare folder of lane files', async () => {
    const lanes = join(path, 'trials', name, 'lanes')
    const unsafe = await lossproof(['check', '--lane', join(lanes, 'acks-1')])
    expect(unsafe.code).toBe(99)
    expect(JSON.parse(unsafe.stdout)).toMatchObject({
      counts: { lost: verdict().cells[0]?.counts.lost },
      verdict: 'violated',
    })
    expect((await lossproof(['check', '--lane', join(lanes, 'acks-all'), '--expect', 'lost: 0'])).code).toBe(0)
    expect((await lossproof(['check', '--lane', join(lanes, 'acks-all'), '--expect', 'lost: ">= 1"'])).code).toBe(4)
  })
})
