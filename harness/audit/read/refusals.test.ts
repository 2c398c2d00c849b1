import { describe, expect, it, test } from 'vitest'
import { read, refused, settings } from './testing/reading.ts'

describe('our own YAML', () => {
  it('has the places of a scenario', () => {
    const configuration = read({
      'settings.yaml':
        'cluster: { brokers: 1 }\nbroker: { min.insync.replicas: 1 }\nproducer:\n  acks: all\nclient: platformatic\n',
    })
    expect(configuration).toMatchObject({ system: 'kafka', client: 'platformatic', cluster: { brokers: 1 } })
    expect(settings(configuration)).toMatchObject({ 'broker.min.insync.replicas': 1, 'producer.acks': 'all' })
  })

  it('is not a scenario', () => {
    expect(
      refused({ 'x.yaml': 'name: x\nsystem: kafka\nbroker: {}\nproducer: { acks: 1 }\nlanes:\n  matrix: { a: [1] }' }),
    ).toMatchObject({
      message: 'x.yaml:6: this file is a scenario, not a configuration',
      hint: 'run it with lossproof run x.yaml',
    })
  })
})

describe('files that would keep an audit busy', () => {
  it.each([
    ['deeply nested', { 'x.json': '['.repeat(1000) }, 'x.json:1: values are nested more than 200 levels'],
    [
      'of sixty thousand settings',
      { 'x.properties': Array.from({ length: 60_000 }, (_, at) => `a${at}=1`).join('\n') },
      'x.properties: 60000 settings; configuration files have at most 5000',
    ],
  ])('are refused: %s', (_, files, message) => {
    expect(refused(files)).toMatchObject({ message })
  })

  it('are read where one name is as long as a file', () => {
    const text = `min.insync.replicas=2\ndefault.replication.factor=3\n${'x'.repeat(500_000)}=1\n`
    expect(read({ 'server.properties': text }).keys.at(-1)).toMatchObject({ verdict: 'unknown' })
  })
})

test.each(['constructor', 'toString', 'hasOwnProperty'])('%s is no setting of anything', name => {
  const { keys } = read({ 'server.properties': `${name}=1\nmin.insync.replicas=2\nlog.dirs=/d\n` })
  expect(keys[0]).toMatchObject({ verdict: 'unknown' })
  expect(keys[0]?.reason ?? '').not.toContain('producer')
})

describe('files that cannot be audited are refused with file and line', () => {
  it.each<[string, Record<string, string>, RegExp, RegExp | undefined]>([
    [
      'two files that set one setting differently',
      { 'a/producer.properties': 'acks=1', 'b/producer.properties': '\nacks=all' },
      /^b\/producer\.properties:2: acks is all here, and 1 in a\/producer\.properties:1$/,
      /one deployment/,
    ],
    [
      'two nodes of one file that differ',
      {
        'c.yml':
          'services:\n  a: { image: apache/kafka, environment: { KAFKA_MIN_INSYNC_REPLICAS: 1 } }\n' +
          '  b: { image: apache/kafka, environment: { KAFKA_MIN_INSYNC_REPLICAS: 2 } }',
      },
      /^c\.yml:3: min\.insync\.replicas is 2 here, and 1 in c\.yml:2$/,
      undefined,
    ],
    [
      'two systems',
      { 'producer.properties': 'acks=1', 'broker.conf': 'brokerName=a\nflushDiskType=SYNC_FLUSH' },
      /producer\.properties configures Kafka and broker\.conf configures RocketMQ/,
      /one system at a time/,
    ],
    [
      'two client libraries',
      { 'producer.properties': 'acks=1', 'x.json': '{"request.required.acks": 1}' },
      /configures the client java and x\.json configures librdkafka/,
      /--client/,
    ],
    [
      'a foreign file',
      { 'nginx.conf': 'worker_processes 4;\nevents { }' },
      /^nginx\.conf: not recognised as a configuration of Kafka or RocketMQ/,
      /supported/,
    ],
    ['broken YAML', { 'a.yaml': 'broker:\n  a: [1\n' }, /^a\.yaml:\d: not valid YAML/, undefined],
    [
      'a key that occurs twice in YAML',
      { 'a.yaml': 'producer:\n  acks: 1\n  acks: all' },
      /^a\.yaml:3: not valid YAML: Map keys must be unique/,
      undefined,
    ],
    ['broken JSON', { 'a.json': '{\n "acks": 1,\n}' }, /^a\.json:3: not valid JSON/, undefined],
    ['comments only', { 'a.properties': '# acks=1\n' }, /^a\.properties: contains no settings$/, undefined],
    [
      'a name that fits two places',
      { 'a.properties': 'max.request.sizes=1\nbootstrap.servers=a' },
      /cannot tell whether this is a Kafka producer or a Kafka consumer/,
      /name the file/,
    ],
    [
      'deep nesting',
      { 'a.yaml': `producer: ${'[ '.repeat(60)}1${' ]'.repeat(60)}` },
      /^a\.yaml:1: nested more than 40 levels deep/,
      undefined,
    ],
    [
      'an alias that contains itself',
      { 'a.yaml': 'producer: &a\n  acks: *a' },
      /^a\.yaml:2: the alias \*a cannot be resolved/,
      undefined,
    ],
  ])('%s', (_, files, message, hint) => {
    const error = refused(files)
    expect(error).toMatchObject({ code: 'usage', message: expect.stringMatching(message) })
    if (hint) expect(error).toMatchObject({ hint: expect.stringMatching(hint) })
  })
})
