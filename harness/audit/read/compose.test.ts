import { describe, expect, it } from 'vitest'
import { read, refused, settings, verdict } from './testing/reading.ts'

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

  it.each([
    ['confluentinc/cp-kafka:7.8.0', '3.8'],
    ['confluentinc/cp-server:8.0.1', '4.0'],
    ['wurstmeister/kafka:2.13-2.8.1', '2.8.1'],
    ['docker.io/apache/kafka:3.9.0@sha256:0', '3.9.0'],
  ])('of %s have version %s', (image, version) => {
    const compose = `services: { kafka: { image: "${image}", environment: { KAFKA_MIN_INSYNC_REPLICAS: 1 } } }`
    expect(read({ 'compose.yaml': compose }).assumptions[0]).toContain(`has version ${version}; `)
  })

  it.each(['apache/kafka:latest', 'apache/kafka', 'localhost:5000/mine:1.0'])('of %s: no version is known', image => {
    const variables = 'KAFKA_MIN_INSYNC_REPLICAS: 1, KAFKA_NODE_ID: 1'
    const compose = `services: { kafka: { image: "${image}", environment: { ${variables} } } }`
    expect(read({ 'compose.yaml': compose }).assumptions.join()).not.toContain('version')
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
    expect(configuration.assumptions[0]).toMatch(/^compose.yaml:4 has version 3.6; 4.* is tested/)
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
