import { execFileSync } from 'node:child_process'
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import type { Settings } from '../../../model/settings.ts'
import { fixed } from '../../report/audit/testing/sample.ts'
import { cases } from './testing/cases.ts'
import { fixing, patch } from './testing/patching.ts'

describe('a patch', () => {
  it.each(Object.entries(cases))('of %s', (_, { files, fix, lines, reads = fix }) => {
    const { diff, before, after, notPatched } = patch(files, fix)
    expect(notPatched).toEqual([])
    expect(diff.split('\n').filter(line => /^[-+](?![-+]{2} )/.test(line))).toEqual(lines)
    expect(after).toMatchObject(reads)
    const others = (settings: Settings) =>
      Object.entries(settings).filter(
        ([name]) => !(name in reads) && name !== 'consumer.enable.auto.commit' && !name.startsWith('topic.'),
      )
    expect(others(after)).toEqual(others(before))
    expect(applied(files, diff)).toEqual({ ...files, ...Object.fromEntries(patch(files, fix).files) })
  })

  it('lists each changed line once, with its place in the old file', () => {
    const { changes } = patch(
      {
        'producer.properties': '# a\nacks=1\nretries=1\n',
        'compose.yml': compose('{ KAFKA_LOG_DIRS: /d, KAFKA_MIN_INSYNC_REPLICAS: 1 }'),
      },
      {
        'producer.acks': 'all',
        'producer.retry.backoff.ms': 9,
        'broker.min.insync.replicas': 2,
        'broker.num.partitions': 3,
      },
    )
    expect(changes).toEqual([
      { names: ['producer.acks'], file: 'producer.properties', line: 2, before: 'acks=1', after: 'acks=all' },
      { names: ['producer.retry.backoff.ms'], file: 'producer.properties', line: 3, after: 'retry.backoff.ms=9' },
      {
        names: ['broker.min.insync.replicas', 'broker.num.partitions'],
        file: 'compose.yml',
        line: 4,
        before: 'environment: { KAFKA_LOG_DIRS: /d, KAFKA_MIN_INSYNC_REPLICAS: 1 }',
        after: 'environment: { KAFKA_LOG_DIRS: /d, KAFKA_MIN_INSYNC_REPLICAS: 2, KAFKA_NUM_PARTITIONS: 3 }',
      },
    ])
  })

  it('is empty when nothing was lost, or when the loss is accepted', () => {
    const accepted = fixing({ 'producer.acks': 'all' }, { allowed: true })
    expect(patch({ 'producer.properties': 'acks=1' }, accepted)).toMatchObject({
      diff: '',
      changes: [],
      notPatched: [],
    })
    expect(patch({ 'producer.properties': 'acks=1' }).files.size).toBe(0)
  })
})

describe('what is not patched', () => {
  const producer = { 'producer.properties': 'acks=1\n' }

  it.each<[string, Record<string, string>, Settings, RegExp]>([
    [
      'a setting of a file that was not given',
      producer,
      { 'consumer.auto.offset.reset': 'earliest' },
      /none of your files has settings of the consumer/,
    ],
    ['what an application does in its code', producer, { 'workload.commit': 'after' }, /in its code/],
    ['the number of nodes', producer, { 'cluster.brokers': 3 }, /in your deployment/],
    [
      'a setting that goes back to its default',
      producer,
      { 'producer.acks': null },
      /remove it from producer\.properties:1/,
    ],
    ['a value that the system does not accept', producer, { 'producer.acks': 'most' }, /change it by hand/],
    [
      'a value of several lines',
      { 'a.yaml': 'producer:\n  acks: >-\n    1\nconsumer: {}\n' },
      { 'producer.acks': 'all' },
      /a\.yaml:\d: the value has a form that is not changed; change it by hand/,
    ],
  ])('%s is named with the reason', (_, files, fix, reason) => {
    const { diff, notPatched } = patch(files, fix)
    expect(diff).toBe('')
    expect(notPatched).toEqual([
      { name: Object.keys(fix)[0], value: Object.values(fix)[0], reason: expect.stringMatching(reason) },
    ])
  })

  it('does not hold back the others', () => {
    const { diff, notPatched } = patch(producer, { 'workload.commit': 'after', 'producer.acks': 'all' })
    expect(diff).toContain('+acks=all')
    expect(notPatched.map(({ name }) => name)).toEqual(['workload.commit'])
  })

  it('holds back replicas that need more nodes', () => {
    const files = { 'server.properties': 'process.roles=broker\nlog.dirs=/d\ndefault.replication.factor=1\n' }
    const { diff, notPatched } = patch(files, { 'cluster.brokers': 3, 'broker.default.replication.factor': 3 })
    expect(diff).toBe('')
    expect(notPatched[1]).toMatchObject({ reason: 'needs cluster.brokers=3 first' })
  })
})

describe('of two fixes that want different values', () => {
  const files = { 'producer.properties': 'acks=0\nretries=1\n' }

  it('the one counts that kept the messages of both probes', () => {
    const tried = [fixed({ 'producer.retries': 9 }), fixed({ 'producer.retries': 5 })]
    const both = fixing({ 'producer.retries': 9 }, { tried })
    expect(patch(files, both, fixing({ 'producer.retries': 5 })).after['producer.retries']).toBe(5)
  })

  it('the stricter one counts', () => {
    expect(patch(files, { 'producer.retries': 5 }, { 'producer.retries': 9 }).after['producer.retries']).toBe(9)
    expect(patch(files, { 'producer.acks': 1 }, { 'producer.acks': 'all' }).after['producer.acks']).toBe('all')
  })

  it('the stricter one can be the smaller one: it is farther from the default that is in force', () => {
    const broker = { 'server.properties': 'process.roles=broker\nlog.dirs=/d\nnum.partitions=1\n' }
    const often = { 'broker.log.flush.interval.messages': 1 }
    const seldom = { 'broker.log.flush.interval.messages': 1000 }
    for (const fixes of [
      [often, seldom],
      [seldom, often],
    ])
      expect(patch(broker, ...fixes).after['broker.log.flush.interval.messages']).toBe(1)
  })
})

const compose = (environment: string) => `services:\n  k:\n    image: apache/kafka\n    environment: ${environment}\n`

/** The files after `git apply` of the diff. */
function applied(files: Record<string, string>, diff: string): Record<string, string> {
  const folder = mkdtempSync(join(tmpdir(), 'audit-patch-'))
  try {
    for (const [name, text] of Object.entries(files)) writeFileSync(join(folder, name), text)
    execFileSync('git', ['apply', '-p0', '--whitespace=nowarn', '-'], { cwd: folder, input: diff })
    return Object.fromEntries(Object.keys(files).map(name => [name, readFileSync(join(folder, name), 'utf8')]))
  } finally {
    rmSync(folder, { recursive: true })
  }
}
