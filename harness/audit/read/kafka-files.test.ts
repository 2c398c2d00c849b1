import { describe, expect, it } from 'vitest'
import { key, read, refused, settings, verdict } from './testing/reading.ts'
import { summaryLines } from './summary.ts'

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

  it('name the place of a misspelt setting that belongs elsewhere', () => {
    const configuration = read({ 'producer.properties': 'acks=all\nmin.insync.replica=2' })
    expect(verdict(configuration, 'min.insync.replica')).toEqual([
      'unknown',
      2,
      'did you mean min.insync.replicas? It is a setting of a broker, which a producer ignores',
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
