/** Whatever is wrong with the files or options of an audit is refused before anything starts. */
import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest'
import { LossproofError } from '../../../model/errors.ts'
import { commandLine } from '../parser.ts'

let folder = ''
beforeEach(() => (folder = mkdtempSync(join(tmpdir(), 'audit-'))))
afterEach(() => {
  rmSync(folder, { recursive: true })
  vi.restoreAllMocks()
})

function file(name: string, text: string | Buffer): string {
  const path = join(folder, name)
  writeFileSync(path, text)
  return path
}

/** Standard output of a dry run, or the refusal. */
async function audit(...words: string[]): Promise<string> {
  let stdout = ''
  vi.spyOn(process.stdout, 'write').mockImplementation(text => {
    stdout += String(text)
    return true
  })
  try {
    await commandLine(['audit', '--dry-run', '--allowed-file', join(folder, 'allowed.json'), ...words]).parseAsync()
    return stdout
  } catch (error) {
    if (!(error instanceof LossproofError)) throw error
    expect(error.exitCode).toBe(2)
    return `${error.message}\n${error.hint ?? ''}`
  }
}

describe('an audit', () => {
  test('says for each file what it is, what is assumed, what is asked and what is not', async () => {
    const text = await audit(file('producer.properties', 'acks=1\nbootstrap.servers=a:9092\n'))
    expect(text).toContain('producer.properties: Kafka producer, 2 settings, 1 used')
    expect(text).toMatch(/^assumed: .*3 brokers/m)
    expect(text).toMatch(/^ {2}leader-lost-behind: .*\?$/m)
    expect(text).toMatch(/^ {2}consumer-killed: no file configures a consumer$/m)
  })

  test('can be limited to one probe', async () => {
    const producer = file('producer.properties', 'acks=1\n')
    expect(await audit(producer, '--probe', 'leader-lost-behind')).toContain('\n1 probe in')
    expect(await audit(producer, '--probe', 'leader-lost-behnd')).toContain('did you mean "leader-lost-behind"?')
    expect(await audit(producer, '--allow', 'leader-lost-behnd')).toContain('did you mean "leader-lost-behind"?')
  })

  test.each<[string, string | Buffer, string]>([
    ['empty.properties', '', 'the file is empty'],
    ['binary.properties', Buffer.from([0, 1, 2, 255]), 'a binary file'],
    ['huge.properties', 'a=b\n'.repeat(400_000), 'at most 1 MiB'],
    ['foreign.properties', 'log4j.rootLogger=INFO\nspring.datasource.url=x\n', 'foreign.properties'],
    ['twice.yaml', 'producer:\n  acks: 1\n  acks: all\n', 'twice.yaml:3'],
    ['open.properties', 'acks=${ACKS}\n', 'open.properties:1: acks has the value ${ACKS}'],
  ])('refuses %s', async (name, text, message) => {
    expect(await audit(file(name, text))).toContain(message)
  })

  test('refuses a folder, a missing file, two systems, and two files that contradict each other', async () => {
    const one = file('producer.properties', 'acks=1\n')
    expect(await audit(folder)).toContain('a folder; give the files in it')
    expect(await audit(join(folder, 'producer.propertie'))).toContain('did you mean producer.properties?')
    expect(await audit(one, file('broker.conf', 'brokerRole=SYNC_MASTER\nflushDiskType=SYNC_FLUSH\n'))).toContain(
      'configures Kafka and',
    )
    expect(await audit(one, file('other-producer.properties', 'acks=all\nlinger.ms=5\n'))).toMatch(
      /other-producer\.properties:1: acks is all here, and 1 in .*producer\.properties:1/,
    )
  })

  test('reads accepted risks from their file, and refuses a file of another form', async () => {
    const producer = file('producer.properties', 'acks=1\n')
    file('allowed.json', '{"schema":1,"allowed":["leader-lost-behind"]}')
    expect(await audit(producer)).toContain('accepted risks: leader-lost-behind')
    file('allowed.json', '{"allowd":[]}')
    expect(await audit(producer)).toContain('not a file of accepted risks')
  })

  test('writes nothing in a dry run', async () => {
    await audit(file('producer.properties', 'acks=1\n'), '--allow', 'leader-lost-behind')
    expect(existsSync(join(folder, 'allowed.json'))).toBe(false)
    expect(readFileSync(join(folder, 'producer.properties'), 'utf8')).toBe('acks=1\n')
  })
})
