import { existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest'
import { runPaths } from '../../../history/folder.ts'
import { LossproofError } from '../../../model/errors.ts'
import type { StressPlan, StressResult } from '../../../model/stress/stress.ts'
import type { Observed } from '../../stress/laboratory.ts'
import { FakeLaboratory, has } from '../../stress/testing/fake-laboratory.ts'
import type { FakeOptions } from '../../stress/testing/fake-laboratory.ts'
import { spaceFrom, unsafeAcks } from '../../stress/testing/subjects.ts'
import { commandLine } from '../parser.ts'
import { refuseOtherSettings, runStress } from './run-stress.ts'
import { newRunFolder, readCorpus, readStress } from './stress-folder.ts'

let folder = ''
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'stress-'))
  vi.spyOn(process.stderr, 'write').mockImplementation(() => true)
})
afterEach(() => {
  rmSync(folder, { recursive: true })
  vi.restoreAllMocks()
})

const space = spaceFrom(unsafeAcks)
const plan: StressPlan = {
  system: space.subject.system,
  version: space.subject.version,
  client: 'java',
  seed: 1,
  forSeconds: 140,
  settings: space.subject.own,
  consumes: false,
  pairs: [...space.calls],
  notDrawn: [],
  lanes: [...space.own],
  except: [],
  around: 'steer',
  strategy: 'guided',
  promises: {},
}
const kept: FakeOptions['fate'] = () => 'held'
const losing: FakeOptions['fate'] = ({ settings }) =>
  has(settings, 'producer.acks', 1) ? { cause: 'truncated-after-election' } : 'held'

/** Ends with an error after some trials, as Ctrl-C does. */
class Interrupted extends FakeLaboratory {
  readonly #after: number
  constructor(options: FakeOptions, after: number) {
    super(options)
    this.#after = after
  }
  override async run(...given: Parameters<FakeLaboratory['run']>): Promise<Observed> {
    if (this.plans.length >= this.#after) throw new LossproofError('interrupted', 'interrupted')
    return super.run(...given)
  }
}

async function stress(lab: FakeLaboratory, earlier?: StressResult, over: { state?: string; findings?: number } = {}) {
  const reported: StressResult[] = []
  const session = {
    folder,
    space,
    lab,
    plan,
    earlier,
    corpus: readCorpus(over.state ?? folder),
    state: over.state,
    workers: 1,
    findings: over.findings ?? 1,
    report: async (result: StressResult) => void reported.push(result),
  }
  try {
    await runStress(session)
  } catch (error) {
    if (!(error instanceof LossproofError)) throw error
  }
  return reported[0] as StressResult
}

describe('a stress', () => {
  test('that finds nothing holds, and leaves every trial and what was learned', async () => {
    const result = await stress(new FakeLaboratory({ fate: kept }))
    expect(result).toMatchObject({ state: 'done', verdict: 'held', findings: [] })
    expect(readStress(folder)).toEqual(result)
    expect(Object.keys(readCorpus(folder)?.pairs ?? {}).length).toBeGreaterThan(5)
  })

  test('that finds something ends with a scenario file', async () => {
    const result = await stress(new FakeLaboratory({ fate: losing }))
    expect(result.verdict).toBe('violated')
    const [finding] = result.findings
    expect(finding).toMatchObject({ kind: 'broken', cause: 'truncated-after-election' })
    expect(readFileSync(join(folder, finding?.scenario ?? ''), 'utf8')).toContain(
      'lossproof run <this file> exits with 99',
    )
  })

  test('that is interrupted leaves a complete report, and goes on where it ended', async () => {
    const first = await stress(new Interrupted({ fate: kept }, 5))
    expect(first).toMatchObject({ state: 'interrupted', verdict: 'held' })
    expect(first.trials).toHaveLength(5)
    const lab = new FakeLaboratory({ fate: kept })
    const second = await stress(lab, readStress(folder))
    expect(second.trials.slice(0, 5)).toEqual(first.trials)
    expect(lab.plans.map(({ name }) => name)).not.toContain('t0005')
    expect(lab.plans[0]?.name).toBe('t0006')
    const whole = mkdtempSync(join(tmpdir(), 'stress-whole-'))
    const uninterrupted = folder
    folder = whole
    const plain = await stress(new FakeLaboratory({ fate: kept }))
    const schedules = (result: StressResult) => result.trials.slice(0, 7).map(({ draw }) => draw)
    expect(schedules(second)).toEqual(schedules(plain))
    rmSync(uninterrupted, { recursive: true })
  })

  test('that is interrupted while it makes a finding simpler does that first when it goes on', async () => {
    const first = await stress(new Interrupted({ fate: losing }, 3))
    expect(first.findings[0]).toMatchObject({ kind: 'broken', trial: 1 })
    expect(first.findings[0]?.shrunk).toBeUndefined()
    const lab = new FakeLaboratory({ fate: losing })
    const second = await stress(lab, readStress(folder))
    expect(second.findings).toHaveLength(1)
    expect(second.findings[0]?.shrunk).toBeDefined()
    expect(second.trials).toEqual(first.trials)
  })

  test('goes on until as many different causes were found as it was asked for', async () => {
    const both: FakeOptions['fate'] = ({ settings, id }) =>
      has(settings, 'producer.acks', 1)
        ? { cause: Number(id.slice(1, 5)) % 2 === 0 ? 'unsynced-pages' : 'disk-wiped' }
        : 'held'
    const result = await stress(new FakeLaboratory({ fate: both }), undefined, { findings: 2 })
    expect(new Set(result.findings.map(({ cause }) => cause)).size).toBe(2)
  })

  test('takes over what an earlier one has learned', async () => {
    const state = join(folder, 'corpus')
    mkdirSync(state)
    await stress(new FakeLaboratory({ fate: kept }), undefined, { state })
    const before = Object.keys(readCorpus(state)?.pairs ?? {}).length
    await stress(new FakeLaboratory({ fate: kept }), undefined, { state })
    expect(Object.keys(readCorpus(state)?.pairs ?? {}).length).toBeGreaterThan(before)
  })

  test('removes the histories of trials that kept everything, and keeps the others', async () => {
    let runs = 0
    const lab = new (class extends FakeLaboratory {
      override async run(...given: Parameters<FakeLaboratory['run']>): Promise<Observed> {
        const seen = await super.run(...given)
        mkdirSync(runPaths(join(folder, seen.run)).trials, { recursive: true })
        return seen
      }
    })({ fate: () => ((runs += 1) % 40 === 0 ? { reason: 'nothing was read' } : 'held') })
    const { trials } = await stress(lab)
    for (const { run } of trials) expect(existsSync(runPaths(join(folder, run)).trials)).toBe(false)
  })
})

test('a stress of other settings is not gone on with', () => {
  expect(() => refuseOtherSettings(plan, { ...plan, settings: { 'producer.acks': 'all' } }, 'x')).toThrow(
    'other settings',
  )
  expect(() => refuseOtherSettings(plan, { ...plan, forSeconds: 1, seed: 9 }, 'x')).not.toThrow()
})

test('a run folder that an interruption has left is used again, and a finished one is not', () => {
  const first = newRunFolder(folder, 't0001')
  mkdirSync(first, { recursive: true })
  writeFileSync(join(first, 'run.json'), '{}')
  expect(newRunFolder(folder, 't0001')).toBe(first)
  expect(existsSync(first)).toBe(false)
  mkdirSync(first, { recursive: true })
  writeFileSync(runPaths(first).verdict, '{}')
  expect(newRunFolder(folder, 't0001')).toBe(`${first}-2`)
})

describe('the command', () => {
  /** Standard output of a dry run, or the refusal. */
  async function dryRun(...words: string[]): Promise<string> {
    let stdout = ''
    vi.spyOn(process.stdout, 'write').mockImplementation(text => {
      stdout += String(text)
      return true
    })
    try {
      await commandLine(['stress', '--dry-run', ...words]).parseAsync()
      return stdout
    } catch (error) {
      if (!(error instanceof LossproofError)) throw error
      expect(error.exitCode).toBe(2)
      return `${error.message}\n${error.hint ?? ''}`
    }
  }
  const file = (text: string, name = 'producer.properties') => {
    writeFileSync(join(folder, name), text)
    return join(folder, name)
  }

  test('says what it would draw', async () => {
    const text = await dryRun(file('acks=1\n'))
    expect(text).toContain('producer.properties: Kafka producer, 1 setting, 1 used')
    expect(text).toMatch(
      /^\d+ faults × role can be drawn, seed 1; each trial has your settings under \d+ loads and some of \d+ neighbours$/m,
    )
    expect(text).toContain('possible first schedules:')
    expect(text).toContain('crash-client consumer: ')
  })

  test('draws no fault that was left out', async () => {
    const text = await dryRun(file('acks=1\n'), '--except', 'power-loss', '--except', 'partition')
    expect(text).toContain('power-loss: left out with --except')
    expect(text.split('not drawn:')[0]).not.toMatch(/power-loss|partition /)
  })

  test('takes files as words and as a list', async () => {
    const [a, b] = [
      file('acks=1\n'),
      file('min.insync.replicas=2\ndefault.replication.factor=3\nnode.id=1\n', 'server.properties'),
    ]
    expect(await dryRun('--settings', `${a},${b}`)).toContain('server.properties: Kafka')
  })

  test.each([
    [['--for', '5 weeks'], '--for 5 weeks: expected a duration such as 90s, 30m or 2h'],
    [['--promise', 'duplicats: 0'], 'unknown expectation "duplicats"'],
    [['--promise', 'lost: acked-in(cut)'], 'has no windows'],
    [['--except', 'power-los'], 'did you mean "power-loss"?'],
    [['--findings', '0'], '--findings 0: expected a whole number from 1'],
    [['--around', 'ster'], '--around ster: expected one of steer, count, none'],
  ])('refuses %j', async (words, message) => {
    expect(await dryRun(file('acks=1\n'), ...words)).toContain(message)
  })

  test('needs a file, and a folder of a stress to go on with', async () => {
    expect(await dryRun()).toContain('stress needs configuration files')
    expect(await dryRun(file('acks=1\n'), '--resume', folder)).toContain('it has no stress.json')
  })

  test('refuses choices that a resumed stress has made already', async () => {
    expect(await dryRun(file('acks=1\n'), '--resume', folder, '--seed', '7', '--except', 'power-loss')).toContain(
      `--resume ${folder} goes on as that stress began: leave --except, --seed out`,
    )
  })
})
