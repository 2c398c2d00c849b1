/** `init` writes a scenario from configuration files, alone or with what an audit found. */
import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest'
import { runPaths } from '../../../history/folder.ts'
import type { AuditRow } from '../../../model/audit.ts'
import { LossproofError } from '../../../model/errors.ts'
import { fixed, row, sampleAudit } from '../../report/audit/testing/sample.ts'
import { commandLine } from '../parser.ts'

let folder = ''
let out = ''
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'init-'))
  out = join(folder, 'mine.yaml')
})
afterEach(() => {
  rmSync(folder, { recursive: true })
  vi.restoreAllMocks()
})

function producer(text = 'acks=1\n'): string {
  const path = join(folder, 'producer.properties')
  writeFileSync(path, text)
  return path
}

/** What a command printed, or its refusal. */
async function lossproof(...words: string[]): Promise<string> {
  let stdout = ''
  vi.spyOn(process.stdout, 'write').mockImplementation(text => {
    stdout += String(text)
    return true
  })
  try {
    await commandLine(words).parseAsync()
    return stdout
  } catch (error) {
    if (!(error instanceof LossproofError)) throw error
    expect(error.exitCode).toBe(2)
    return `${error.message}\n${error.hint ?? ''}`
  }
}

/** The folder of an audit with these results. */
function audited(rows: AuditRow[]): string {
  writeFileSync(runPaths(folder).audit, JSON.stringify(sampleAudit(rows)))
  return folder
}

const lost = row({
  id: 'leader-lost-behind',
  title: 'leader lost while followers lag',
  outcome: 'lost',
  counts: { lost: 52 },
  causes: [{ code: 'truncated-after-election', text: 'x', count: 52 }],
  fix: fixed({ 'producer.acks': 'all', 'topic.min.insync.replicas': 2 }),
})

describe('lossproof init', () => {
  test('writes a scenario that lossproof plan accepts', async () => {
    expect(await lossproof('init', producer(), '--out', out)).toBe(
      `${out} is written. Next:\n  lossproof plan ${out}\n  lossproof run ${out}\n`,
    )
    expect(readFileSync(out, 'utf8')).toContain(`acks: 1 # ${join(folder, 'producer.properties')}:1`)
    expect(await lossproof('plan', out)).toContain('3 cells in 1 trial')
  })

  test('prints the scenario with --out -', async () => {
    expect(await lossproof('init', producer(), '--out', '-')).toMatch(/^# Made from .*\n[^]*\nschedule:\n/)
  })

  test('never replaces a file', async () => {
    writeFileSync(out, 'mine')
    expect(await lossproof('init', producer(), '--out', out)).toContain(`${out}: it exists and is left unchanged`)
    expect(readFileSync(out, 'utf8')).toBe('mine')
  })

  test('repeats the worst result of an audit with its proved fix', async () => {
    const rows = [row({ id: 'rolling-restart', title: 'rolling restart' }), lost]
    expect(await lossproof('init', producer(), '--run', audited(rows), '--out', out)).toContain('is written')
    const text = readFileSync(out, 'utf8')
    expect(text).toContain('name: leader-lost-behind')
    expect(text).toContain('- { producer.acks: all, topic.min.insync.replicas: 2 } # a fix')
    expect(text).toMatch(/# The audit init-.*: lost 52 of 143, truncated after election\./)
    expect(await lossproof('plan', out)).toContain('3 cells')
  })

  test('repeats another probe of the audit with --probe', async () => {
    const rows = [lost, row({ id: 'rolling-restart', title: 'rolling restart' })]
    await lossproof('init', producer(), '--run', audited(rows), '--probe', 'rolling-restart', '--out', out)
    expect(readFileSync(out, 'utf8')).toContain('name: rolling-restart')
  })

  test.each<[string, string[], RegExp]>([
    ['a folder that is no audit', ['--run', tmpdir()], /no folder of an audit/],
    ['a probe that does not exist', ['--probe', 'leader-lost-behnd'], /did you mean "leader-lost-behind"/],
    ['a probe of consumers without a consumer', ['--probe', 'consumer-killed'], /no file configures a consumer/],
    ['an option that is given twice', ['--probe', 'link-cut', '--probe', 'all-down'], /--probe is given twice/],
  ])('refuses %s, and writes nothing', async (_, words, message) => {
    expect(await lossproof('init', producer(), ...words, '--out', out)).toMatch(message)
    expect(existsSync(out)).toBe(false)
  })

  test('refuses an audit of another system, and one without the probe', async () => {
    const broker = join(folder, 'broker.conf')
    writeFileSync(broker, 'brokerName=a\nbrokerRole=ASYNC_MASTER\n')
    expect(await lossproof('init', broker, '--run', audited([lost]), '--out', out)).toContain('another system')
    expect(await lossproof('init', producer(), '--run', folder, '--probe', 'link-cut', '--out', out)).toContain(
      'this audit has no result of link-cut',
    )
  })
})
