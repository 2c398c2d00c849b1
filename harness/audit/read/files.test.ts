import { execFileSync } from 'node:child_process'
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { readSource, withMentioned } from './files.ts'

let folder = ''
beforeEach(() => (folder = mkdtempSync(join(tmpdir(), 'audit-files-'))))
afterEach(() => rmSync(folder, { recursive: true }))

function file(name: string, content: string | Buffer): string {
  const path = join(folder, name)
  writeFileSync(path, content)
  return path
}

const refused = (path: string): unknown => {
  try {
    readSource(path)
  } catch (error) {
    return error
  }
  return undefined
}

describe('reading a file', () => {
  it('returns its text', () => {
    const path = file('producer.properties', 'acks=all\n')
    expect(readSource(path)).toEqual({ name: path, text: 'acks=all\n' })
  })

  it('reads ISO 8859-1, and removes a byte order mark', () => {
    expect(readSource(file('a', Buffer.from('# gr\u00fc\u00df', 'latin1'))).text).toBe('# gr\u00fc\u00df')
    expect(readSource(file('b', '\ufeffacks=1')).text).toBe('acks=1')
  })

  it.each<[string, () => string, RegExp, RegExp | undefined]>([
    [
      'a missing file',
      () => (file('server.properties', 'a=b'), join(folder, 'servr.properties')),
      /no such file/,
      /did you mean server.properties/,
    ],
    ['a folder', () => (file('broker.conf', 'a=b'), folder), /a folder; give the files in it/, /broker\.conf/],
    ['an empty file', () => file('empty.properties', ' \n\n'), /the file is empty/, undefined],
    ['a binary file', () => file('kafka.jar', Buffer.from([0x50, 0x4b, 3, 4, 0, 0])), /a binary file/, /text files/],
    [
      'a huge file',
      () => file('huge.properties', 'a=b\n'.repeat(300_000)),
      /1\.1 MiB; configuration files are at most 1 MiB/,
      undefined,
    ],
    [
      'a FIFO',
      () => (execFileSync('mkfifo', [join(folder, 'fifo')]), join(folder, 'fifo')),
      /not a regular file/,
      undefined,
    ],
  ])('refuses %s', (_, make, message, hint) => {
    const error = refused(make())
    expect(error).toMatchObject({ code: 'usage', message: expect.stringMatching(message) })
    if (hint) expect(error).toMatchObject({ hint: expect.stringMatching(hint) })
  })
})

describe('files that other files mention', () => {
  it('are read when they exist beside the file that mentions them', () => {
    mkdirSync(join(folder, 'conf'))
    const broker = file('conf/broker.conf', 'brokerRole=ASYNC_MASTER')
    const compose = file('docker-compose.yml', 'services: {}')
    const sources = withMentioned([readSource(compose)], () => [
      { file: compose, path: './conf/broker.conf' },
      { file: compose, path: './conf/missing.conf' },
    ])
    expect(sources.map(({ name }) => name)).toEqual([compose, broker])
  })
})
