import { describe, expect, test } from 'vitest'
import { kafkaShape } from '../../../systems/kafka/shape.ts'
import { rocketmqShape } from '../../../systems/rocketmq/shape.ts'
import { changed, demo, planOf, refusalOf } from '../testing/demo.ts'

const withBroker = (settings: string) => changed(demo, '{ replica.lag.time.max.ms: 60000 }', `{ ${settings} }`)
const withTopic = (settings: string) => changed(demo, 'min.insync.replicas: 1', settings)
const rocketmq = (settings: string, cluster = 'slaves: 1') => `name: demo
system: rocketmq
cluster:
  ${cluster.split(', ').join('\n  ')}
  broker: { ${settings} }
lanes: {}
`

describe('settings that the system would ignore or reject', () => {
  test.each([
    ['unclean.leader.elections.enable: true', 'unclean.leader.election.enable'],
    ['KAFKA_MIN_INSYNC_REPLICAS: 2', 'did you mean "min.insync.replicas"?'],
    ['acks: all', 'it is a producer setting: producer.acks'],
    ['retention.ms: 1000', 'did you mean'],
    ['my.own.setting: 1', 'add "unchecked: [broker.my.own.setting]" to the scenario'],
  ])('Kafka does not know the broker setting %s', (setting, hint) => {
    const refused = refusalOf(withBroker(setting))
    expect(refused.message).toMatch(/^demo\.yaml:3:\d+: broker\..*Kafka 4\.3\.1 does not know this broker setting/)
    expect(refused.hint).toContain(hint)
  })

  test.each([
    ['unclean.leader.election.enable: yes please', 'expected true or false, got "yes please"'],
    ['min.insync.replicas: 0', 'expected a whole number from 1, got 0'],
    ['replica.lag.time.max.ms: 10s', 'expected a whole number, got "10s"'],
    ['log.cleanup.policy: "compact,remove"', 'expected one of compact, delete, got "compact,remove"'],
  ])('Kafka does not accept the broker setting %s', (setting, message) => {
    expect(refusalOf(withBroker(setting)).message).toContain(message)
  })

  test.each([
    ['retention.mss: 1000', 'Kafka 4.3.1 does not know this topic setting', 'retention.ms'],
    ['cleanup.policy: compacted', 'expected one of compact, delete, got "compacted"', ''],
    ['log.retention.ms: 1000', 'does not know this topic setting', ''],
  ])('the topic setting %s is refused', (setting, message, hint) => {
    const refused = refusalOf(withTopic(setting))
    expect(refused.message).toContain(message)
    expect(refused.hint).toContain(hint)
  })

  test.each([
    ['minInsyncReplicas: 2', 'did you mean "minInSyncReplicas"?'],
    ['defaultTimeout: 3000', ''],
    ['retryTimesWhenSendFailed: 3', 'it is a producer setting: producer.retryTimesWhenSendFailed'],
    ['mapedFileSizeCommitLog: 1073741824', 'did you mean "mappedFileSizeCommitLog"?'],
  ])('RocketMQ does not know the broker setting %s', (setting, hint) => {
    const refused = refusalOf(rocketmq(setting))
    expect(refused.message).toContain('RocketMQ 5.5.0 does not know this broker setting and would ignore it')
    expect(refused.hint).toContain(hint)
  })

  test.each([
    ['flushDiskType: SYNC', 'expected one of SYNC_FLUSH, ASYNC_FLUSH, got "SYNC"'],
    ['brokerRole: SLAVE', 'cluster.slaves adds slaves'],
    ['transientStorePoolEnable: 1', 'expected true or false, got 1'],
    ['enableElectUncleanMaster: true', 'only controllers read it'],
  ])('RocketMQ does not accept the broker setting %s', (setting, message) => {
    expect(refusalOf(rocketmq(setting)).message).toContain(message)
  })

  test('a setting that only version 5 knows is refused for version 4', () => {
    expect(planOf(rocketmq('inSyncReplicas: 2')).cells).toHaveLength(1)
    expect(refusalOf(rocketmq('inSyncReplicas: 2', 'slaves: 1, version: 4.9.7')).message).toContain(
      'RocketMQ 4.9.7 does not know this broker setting',
    )
  })

  test('values in the matrix and from --set are checked as well', () => {
    const matrix = changed(demo, 'producer.acks: [1, all]', 'broker.min.insync.replicas: [1, two]').replace(
      /expect:[\s\S]*claim/,
      'claim',
    )
    expect(refusalOf(matrix).message).toMatch(/^demo\.yaml:9:5: broker\.min\.insync\.replicas: expected a whole number/)
    expect(refusalOf(demo, { set: { 'broker.min.insync.replica': 1 } }).message).toMatch(/^--set broker\.min/)
  })

  test('unchecked lets settings of an own build through', () => {
    const own = changed(withBroker('my.own.setting: 1'), 'schedule:', 'unchecked: [broker.my.own.setting]\nschedule:')
    expect(planOf(own).trials.map(trial => kafkaShape(trial).broker)).toEqual([{ 'my.own.setting': 1 }])
  })
})

describe('settings that only Lossproof can set', () => {
  test.each([
    'node.id: 1',
    'process.roles: "broker,controller"',
    'listeners: "PLAINTEXT://:9092"',
    'advertised.listeners: "PLAINTEXT://localhost:9092"',
    'listener.name.internal.ssl.keystore.location: x',
    'log.dirs: /var/lib/kafka/data',
    'log.dir: /tmp',
    'metadata.log.dir: /tmp',
    'controller.quorum.bootstrap.servers: "localhost:9093"',
    'KAFKA_LOG_DIRS: /tmp',
    'ssl.keystore.location: x',
  ])('of Kafka: %s', setting => {
    expect(refusalOf(withBroker(setting)).message).toContain('only Lossproof can set it')
  })

  test.each([
    'storePathRootDir: /root/store',
    'storePathCommitLog: /root/store/commitlog',
    'storePathConsumeQueue: /root/store/consumequeue',
    'storeCheckpoint: /root/store/checkpoint',
    'abortFile: /root/store/abort',
    'brokerName: broker-a',
    'brokerId: 0',
    'brokerClusterName: DefaultCluster',
    'namesrvAddr: "127.0.0.1:9876"',
    'listenPort: 10911',
    'brokerIP1: 127.0.0.1',
    'haMasterAddress: ""',
    'enableDLegerCommitLog: true',
    'dLegerGroup: g',
    'enableControllerMode: true',
  ])('of RocketMQ: %s', setting => {
    expect(refusalOf(rocketmq(setting)).message).toContain('only Lossproof can set it')
  })

  test('unchecked does not allow them', () => {
    const own = changed(withBroker('log.dirs: /tmp'), 'schedule:', 'unchecked: [broker.log.dirs]\nschedule:')
    expect(refusalOf(own).message).toContain('the data must lie on the disk that disk faults hit')
  })
})

describe('the word default', () => {
  test('means the default of the system, also where Lossproof would set another value', () => {
    const shapes = planOf(rocketmq('haHousekeepingInterval: default, slaveReadEnable: true')).trials.map(rocketmqShape)
    expect(shapes.map(shape => shape.groups[0]?.settings)).toEqual([
      { haHousekeepingInterval: null, slaveReadEnable: true },
    ])
  })

  test('names the same cell as null', () => {
    const varied = (value: string) =>
      planOf(
        changed(
          rocketmq('slaveReadEnable: true'),
          'lanes: {}',
          `lanes: { matrix: { broker.slaveTimeout: [${value}, 500] } }`,
        ),
      )
    expect(varied('default')).toEqual(varied('null'))
  })
})
