import { describe, expect, it } from 'vitest'
import { readConfiguration } from './read.ts'
import { summaryLines } from './summary.ts'
import type { ClassifiedKey, Configuration } from './configuration.ts'
import type { ReadOptions } from './read.ts'

const version = (system: string) => (system === 'kafka' ? '4.3.1' : '5.5.0')

function read(files: Record<string, string>, options: Partial<ReadOptions> = {}): Configuration {
  const sources = Object.entries(files).map(([name, text]) => ({ name, text }))
  return readConfiguration(sources, { version, ...options })
}

function refused(files: Record<string, string>, options: Partial<ReadOptions> = {}): unknown {
  try {
    read(files, options)
  } catch (error) {
    return error
  }
  return undefined
}

const settings = (configuration: Configuration) =>
  Object.fromEntries(configuration.settings.map(({ place, name, value }) => [`${place}.${name}`, value]))
const key = (configuration: Configuration, name: string): ClassifiedKey | undefined =>
  configuration.keys.find(found => found.key === name)
const verdict = (configuration: Configuration, name: string) => {
  const found = key(configuration, name)
  return found && [found.verdict, found.line, found.reason ?? '']
}

describe('properties files of Kafka', () => {
  // Settings of config/server.properties and config/producer.properties of Kafka 4.
  const server = [
    'process.roles=broker,controller',
    'node.id=1',
    'controller.quorum.bootstrap.servers=localhost:9093',
    'listeners=PLAINTEXT://:9092,CONTROLLER://:9093',
    'num.network.threads=3',
    'log.dirs=/tmp/kraft-combined-logs',
    'num.partitions=1',
    'offsets.topic.replication.factor=1',
    'log.retention.hours=168',
  ].join('\n')

  it('are recognised by their names, and summed up in a line each', () => {
    const configuration = read({
      'server.properties': server,
      'producer.properties': 'bootstrap.servers=localhost:9092\ncompression.type=none\nacks=1\n',
      'consumer.properties': 'bootstrap.servers=localhost:9092\ngroup.id=test\nauto.offset.reset=latest',
    })
    expect(configuration).toMatchObject({ system: 'kafka', client: 'java', cluster: { brokers: 3 } })
    expect(summaryLines(configuration)).toEqual([
      'server.properties: Kafka broker, 9 settings, 3 used',
      'producer.properties: Kafka producer, 3 settings, 1 used',
      'consumer.properties: Kafka consumer, 3 settings, 1 used',
    ])
    expect(settings(configuration)).toEqual({
      'broker.num.partitions': 1,
      'broker.offsets.topic.replication.factor': 1,
      'broker.log.retention.hours': 168,
      'producer.acks': 1,
      'consumer.auto.offset.reset': 'latest',
      'topic.partitions': 1,
      'topic.replication.factor': 3,
    })
  })

  it('give each key a verdict with its line and the reason', () => {
    const configuration = read({ 'server.properties': server })
    expect(verdict(configuration, 'log.dirs')).toEqual(['replaced', 6, expect.stringMatching(/disk/)])
    expect(verdict(configuration, 'num.network.threads')).toEqual(['no-effect', 5, expect.any(String)])
    expect(key(configuration, 'offsets.topic.replication.factor')?.danger).toEqual({
      why: expect.any(String),
      source: expect.stringMatching(/^https:\/\/kafka\.apache\.org/),
    })
  })

  it('point to the right name of a misspelt setting', () => {
    const configuration = read({
      'server.properties': `${server}\nunclean.leader.elections.enable=false\nzookeeper.connect=zk:2181\nretention.ms=1000`,
    })
    expect(verdict(configuration, 'unclean.leader.elections.enable')).toEqual([
      'unknown',
      10,
      'did you mean unclean.leader.election.enable?',
    ])
    expect(verdict(configuration, 'zookeeper.connect')).toEqual(['unknown', 11, expect.stringMatching(/Kafka 4.0/)])
    expect(verdict(configuration, 'retention.ms')).toEqual([
      'unknown',
      12,
      'a setting of a topic, which a broker ignores',
    ])
  })

  it('report a value that the system does not accept', () => {
    const configuration = read({ 'producer.properties': 'acks=most\nlinger.ms=5ms' })
    expect(verdict(configuration, 'acks')).toEqual(['invalid', 1, expect.stringMatching(/expected/)])
    expect(verdict(configuration, 'linger.ms')).toEqual(['invalid', 2, expect.stringMatching(/whole number/)])
  })

  it('are recognised with a colon instead of =', () => {
    expect(settings(read({ 'producer.properties': 'acks: all\nlinger.ms: 5\n' }))['producer.acks']).toBe('all')
  })

  it('use the last value of a key that occurs twice', () => {
    const configuration = read({ 'producer.properties': 'acks=1\nlinger.ms=5\nacks=all' })
    expect(settings(configuration)['producer.acks']).toBe('all')
    expect(configuration.keys[0]).toMatchObject({
      verdict: 'no-effect',
      reason: 'set again on line 3; the last value counts',
    })
  })

  it('count the nodes of several files', () => {
    const node = (id: number, roles: string) => `process.roles=${roles}\nnode.id=${id}\nmin.insync.replicas=2`
    expect(
      read({
        'controller-1.properties': `process.roles=controller\nnode.id=100\ncontroller.quorum.voters=100@a:9093`,
        'broker-1.properties': node(1, 'broker'),
        'broker-2.properties': node(2, 'broker'),
      }).cluster,
    ).toEqual({ brokers: 2, controllers: 1 })
    expect(
      read({
        'server.properties': `process.roles=broker,controller\nnode.id=1\ncontroller.quorum.voters=1@a:1,2@b:1,3@c:1`,
      }).cluster,
    ).toEqual({ brokers: 3 })
  })
})

describe('docker-compose files', () => {
  it('of the images of Apache and Confluent: KAFKA_ and the name of the setting', () => {
    const configuration = read({
      'docker-compose.yml': `
x-common: &common
  KAFKA_MIN_INSYNC_REPLICAS: 2
  KAFKA_OFFSETS_TOPIC_REPLICATION_FACTOR: 3
  KAFKA_HEAP_OPTS: -Xmx1g
services:
  zookeeper:
    image: confluentinc/cp-zookeeper:7.5.0
    environment: { ZOOKEEPER_CLIENT_PORT: 2181 }
  kafka1:
    image: confluentinc/cp-kafka:7.5.0
    environment:
      <<: *common
      KAFKA_BROKER_ID: 1
  kafka2:
    image: docker.io/apache/kafka:4.1.0
    environment:
      <<: *common
      KAFKA_BROKER_ID: 2
`,
    })
    expect(configuration.cluster).toEqual({ brokers: 2 })
    expect(settings(configuration)).toMatchObject({
      'broker.min.insync.replicas': 2,
      'broker.offsets.topic.replication.factor': 3,
      'topic.replication.factor': 2,
    })
    expect(verdict(configuration, 'KAFKA_HEAP_OPTS')).toEqual(['no-effect', 5, expect.stringMatching(/image/)])
    expect(configuration.settings.find(({ name }) => name === 'min.insync.replicas')?.from).toEqual({
      file: 'docker-compose.yml',
      line: 3,
    })
  })

  it('of bitnami: KAFKA_CFG_, as a list of NAME=value', () => {
    const configuration = read({
      'compose.yaml': `
services:
  kafka:
    image: bitnami/kafka:3.6
    environment:
      - KAFKA_CFG_MIN_INSYNC_REPLICAS=1
      - KAFKA_DEFAULT_REPLICATION_FACTOR=3
      - "ALLOW_PLAINTEXT_LISTENER=yes"
`,
    })
    expect(settings(configuration)['broker.min.insync.replicas']).toBe(1)
    expect(verdict(configuration, 'KAFKA_DEFAULT_REPLICATION_FACTOR')).toEqual([
      'unknown',
      7,
      expect.stringMatching(/KAFKA_CFG_DEFAULT_REPLICATION_FACTOR/),
    ])
  })

  it('of an image of the user: by the variables', () => {
    const configuration = read({
      'compose.yaml':
        'services:\n  k:\n    image: ${IMAGE}\n    environment:\n      KAFKA_MIN_INSYNC_REPLICAS: 2\n      KAFKA_LOG_DIRS: /data\n',
    })
    expect(settings(configuration)['broker.min.insync.replicas']).toBe(2)
  })

  it('use the default of a variable, and refuse one without a default', () => {
    const compose = (value: string) =>
      `services:\n  k:\n    image: apache/kafka\n    environment:\n      KAFKA_MIN_INSYNC_REPLICAS: ${value}\n`
    expect(settings(read({ 'compose.yml': compose('${MIN_ISR:-2}') }))['broker.min.insync.replicas']).toBe(2)
    expect(refused({ 'compose.yml': compose('${MIN_ISR}') })).toMatchObject({
      code: 'usage',
      message: 'compose.yml:5: KAFKA_MIN_INSYNC_REPLICAS has the value ${MIN_ISR}, which has no default',
    })
  })

  it('of RocketMQ: mention the broker.conf that they mount', () => {
    const configuration = read({
      'docker-compose.yml': `
services:
  namesrv: { image: "apache/rocketmq:5.3.1", command: sh mqnamesrv }
  broker:
    image: apache/rocketmq:5.3.1
    command: sh mqbroker -c /etc/broker.conf
    volumes: ["./conf/broker.conf:/etc/broker.conf", "store:/root/store"]
`,
    })
    expect(configuration.system).toBe('rocketmq')
    expect(configuration.mentions).toEqual([{ file: 'docker-compose.yml', line: 7, path: './conf/broker.conf' }])
  })
})

describe('resources of Strimzi', () => {
  const strimzi = (kind: string, spec: string, name = 'orders') =>
    `apiVersion: kafka.strimzi.io/v1\nkind: ${kind}\nmetadata:\n  name: ${name}\nspec:\n${spec}`
  const pools = [
    strimzi('KafkaNodePool', '  replicas: 3\n  roles: [controller]\n  storage: { type: ephemeral }'),
    strimzi('KafkaNodePool', '  replicas: 3\n  roles: [broker]'),
    strimzi(
      'Kafka',
      '  kafka:\n    version: 4.1.0\n    config:\n      min.insync.replicas: 2\n      default.replication.factor: 3',
    ),
  ].join('\n---\n')
  const topic = (name: string, config: string) =>
    strimzi('KafkaTopic', `  partitions: 6\n  replicas: 3\n  config:\n    ${config}`, name)

  it('describe cluster and topic', () => {
    const configuration = read({ 'kafka.yaml': pools, 'topic.yaml': topic('orders', 'min.insync.replicas: 1') })
    expect(configuration).toMatchObject({ topic: 'orders', cluster: { brokers: 3, controllers: 3 } })
    expect(settings(configuration)).toMatchObject({
      'broker.min.insync.replicas': 2,
      'topic.partitions': 6,
      'topic.replication.factor': 3,
      'topic.min.insync.replicas': 1,
    })
    expect(configuration.notes[0]?.text).toMatch(/ephemeral/)
  })

  it('need a choice when they describe several topics', () => {
    const topics = [topic('orders', 'retention.ms: 1000'), topic('events', 'retention.ms: 2000')].join('\n---\n')
    expect(refused({ 'topics.yaml': topics })).toMatchObject({
      message: 'the files describe 2 topics: orders, events',
      hint: 'choose one with --topic',
    })
    expect(refused({ 'topics.yaml': topics }, { topic: 'order' })).toMatchObject({ hint: 'did you mean "orders"?' })
    const configuration = read({ 'topics.yaml': topics }, { topic: 'events' })
    expect(settings(configuration)['topic.retention.ms']).toBe(2000)
    expect(configuration.keys.filter(({ verdict: found }) => found === 'no-effect')).toHaveLength(3)
  })
})

describe('settings of Spring Boot', () => {
  it('are read in every spelling, with durations and sizes', () => {
    const yaml = read({
      'application.yml': `
spring:
  kafka:
    bootstrap-servers: \${BROKERS}
    producer:
      acks: \${ACKS:1}
      batchSize: 16KB
      properties: { linger.ms: 5, "[delivery.timeout.ms]": 60000 }
    consumer: { group-id: g, auto_offset_reset: latest, max-poll-interval: 5m, enable-auto-commit: false }
    listener: { ack-mode: RECORD, concurrency: 2 }
`,
    })
    expect(settings(yaml)).toMatchObject({
      'producer.acks': 1,
      'producer.batch.size': 16_384,
      'producer.linger.ms': 5,
      'producer.delivery.timeout.ms': 60_000,
      'consumer.auto.offset.reset': 'latest',
      'consumer.max.poll.interval.ms': 300_000,
      'workload.commit': 'after',
      'workload.unit': 'message',
      'workload.consumers': 2,
    })
    const properties = read({
      'application.properties':
        'server.port=8080\nspring.kafka.producer.acks=all\nspring.kafka.consumer.enable-auto-commit=true\n',
    })
    expect(settings(properties)).toMatchObject({ 'producer.acks': 'all', 'consumer.enable.auto.commit': true })
    expect(properties.notes[0]?.text).toBe('1 other values of the application')
  })

  it('leave out documents of other profiles, and report unknown names', () => {
    const configuration = read({
      'application.yml':
        'spring.kafka.producer.acks: 1\nspring.kafka.producer.ack: all\n---\nspring.config.activate.on-profile: prod\nspring.kafka.producer.acks: all\n',
    })
    expect(settings(configuration)['producer.acks']).toBe(1)
    expect(verdict(configuration, 'spring.kafka.producer.ack')?.[0]).toBe('unknown')
  })

  it('of the starter for RocketMQ', () => {
    const configuration = read({
      'application.yml':
        'rocketmq:\n  name-server: a:9876\n  producer:\n    group: g\n    send-message-timeout: 3000\n    retry-times-when-send-failed: 0\n',
    })
    expect(configuration).toMatchObject({ system: 'rocketmq', client: 'rocketmq-java' })
    expect(settings(configuration)).toMatchObject({
      'producer.sendMsgTimeout': 3000,
      'producer.retryTimesWhenSendFailed': 0,
    })
  })
})

describe('settings of client libraries', () => {
  it('of librdkafka, with its own names', () => {
    const configuration = read({
      'client.json': JSON.stringify({
        'metadata.broker.list': 'a:9092',
        'request.required.acks': 1,
        'queue.bufering.max.messages': 10,
        'socket.keepalive.enable': true,
      }),
    })
    expect(configuration.client).toBe('librdkafka')
    expect(settings(configuration)['producer.acks']).toBe(1)
    expect(verdict(configuration, 'queue.bufering.max.messages')?.[2]).toBe(
      'did you mean queue.buffering.max.messages?',
    )
    expect(verdict(configuration, 'socket.keepalive.enable')?.[0]).toBe('unsupported')
  })

  it('of kafkajs, in the objects of its interface', () => {
    const configuration = read({
      'kafka.json': JSON.stringify({
        clientId: 'a',
        brokers: ['a:9092'],
        retry: { retries: 2 },
        producer: { idempotent: true, maxInFlightRequest: 1 },
        send: { acks: -1 },
        consumer: { groupId: 'g', sessionTimeout: 30_000 },
      }),
    })
    expect(configuration.client).toBe('kafkajs')
    expect(settings(configuration)).toMatchObject({
      'client.retry.retries': 2,
      'producer.enable.idempotence': true,
      'producer.acks': -1,
      'consumer.session.timeout.ms': 30_000,
    })
    expect(verdict(configuration, 'producer.maxInFlightRequest')?.[2]).toBe('did you mean maxInFlightRequests?')
  })

  it('are kept for another client when it has them, and named when it has not', () => {
    const configuration = read({ 'producer.properties': 'acks=1\ndelivery.timeout.ms=60000' }, { client: 'kafkajs' })
    expect(settings(configuration)['producer.acks']).toBe(1)
    expect(verdict(configuration, 'delivery.timeout.ms')).toEqual(['unsupported', 2, expect.stringMatching(/kafkajs/)])
    expect(refused({ 'producer.properties': 'acks=1' }, { client: 'kafkaj' })).toMatchObject({
      message: 'unknown client "kafkaj" for Kafka',
      hint: 'did you mean "kafkajs"?',
    })
  })
})

describe('configuration files of RocketMQ', () => {
  // Settings of conf/2m-2s-sync of its distribution.
  const broker = (name: string, id: number, role: string, flush = 'ASYNC_FLUSH') =>
    [
      'brokerClusterName=DefaultCluster',
      `brokerName=${name}`,
      `brokerId=${id}`,
      'deleteWhen=04',
      'fileReservedTime=48',
      `brokerRole=${role}`,
      `flushDiskType=${flush}`,
    ].join('\n')

  it('of masters and slaves make up the cluster', () => {
    const configuration = read({
      'broker-a-s.properties': broker('broker-a', 1, 'SLAVE'),
      'broker-a.properties': broker('broker-a', 0, 'SYNC_MASTER'),
      'broker-b-s.properties': broker('broker-b', 1, 'SLAVE'),
      'broker-b.properties': broker('broker-b', 0, 'SYNC_MASTER'),
    })
    expect(configuration).toMatchObject({ system: 'rocketmq', cluster: { masters: 2, slaves: 1 }, assumptions: [] })
    expect(settings(configuration)).toEqual({
      'broker.fileReservedTime': 48,
      'broker.brokerRole': 'SYNC_MASTER',
      'broker.flushDiskType': 'ASYNC_FLUSH',
    })
    expect(configuration.settings[0]?.from?.file).toBe('broker-a.properties')
  })

  it('of a slave that differs from its master give way to those of the master', () => {
    const configuration = read({
      'a-s.conf': broker('a', 1, 'SLAVE', 'ASYNC_FLUSH'),
      'a.conf': broker('a', 0, 'SYNC_MASTER', 'SYNC_FLUSH'),
    })
    expect(settings(configuration)['broker.flushDiskType']).toBe('SYNC_FLUSH')
    expect(configuration.keys.find(({ file, name }) => file === 'a-s.conf' && name === 'flushDiskType')).toMatchObject({
      verdict: 'replaced',
      reason: expect.stringMatching(/a\.conf:7/),
    })
  })

  it('of a single SYNC_MASTER assume a slave and say so', () => {
    const configuration = read({ 'broker.conf': broker('a', 0, 'SYNC_MASTER') })
    expect(configuration.cluster).toEqual({ masters: 1, slaves: 1 })
    expect(configuration.assumptions).toEqual([expect.stringMatching(/one slave of each master is assumed/)])
    expect(read({ 'broker.conf': broker('a', 0, 'ASYNC_MASTER') })).toMatchObject({ cluster: { slaves: 0 } })
  })

  it('with a controller: brokers are elected', () => {
    const elected = (port: number) =>
      `brokerName=a\nbrokerId=-1\nbrokerRole=SLAVE\nenableControllerMode=true\nallAckInSyncStateSet=true\nlistenPort=${port}`
    const configuration = read({
      'n0.conf': elected(1),
      'n1.conf': elected(2),
      'namesrv.conf': 'enableControllerInNamesrv=true\ncontrollerDLegerPeers=n0-a:1;n1-b:1;n2-c:1\nkvConfigPath=/x',
    })
    expect(configuration.cluster).toEqual({ masters: 1, slaves: 1, mode: 'controller', nameServers: 3 })
    expect(settings(configuration)).toEqual({ 'broker.allAckInSyncStateSet': true })
  })

  it('report names that documentation misspells, and wrong values', () => {
    const configuration = read({
      'broker.conf': 'brokerName=a\nbrokerRole=ASYNC_MASTER\nfileReserverdTime=72\nflushDiskType=SYNC',
    })
    expect(verdict(configuration, 'fileReserverdTime')).toEqual([
      'unknown',
      3,
      expect.stringMatching(/fileReservedTime/),
    ])
    expect(verdict(configuration, 'flushDiskType')).toEqual(['invalid', 4, expect.stringMatching(/SYNC_FLUSH/)])
  })

  it('with DLedger are refused', () => {
    expect(refused({ 'broker.conf': 'brokerName=a\nlistenPort=1\nenableDLegerCommitLog=true' })).toMatchObject({
      code: 'usage',
      message: 'broker.conf:3: DLedger clusters are not supported',
    })
  })
})

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
          'services:\n  a: { image: apache/kafka, environment: { KAFKA_MIN_INSYNC_REPLICAS: 1 } }\n  b: { image: apache/kafka, environment: { KAFKA_MIN_INSYNC_REPLICAS: 2 } }',
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
