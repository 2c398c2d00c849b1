import { describe, expect, it } from 'vitest'
import { read, refused, settings, verdict } from './testing/reading.ts'

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
        'spring.kafka.producer.acks: 1\nspring.kafka.producer.ack: all\n' +
        '---\nspring.config.activate.on-profile: prod\nspring.kafka.producer.acks: all\n',
    })
    expect(settings(configuration)['producer.acks']).toBe(1)
    expect(verdict(configuration, 'spring.kafka.producer.ack')?.[0]).toBe('unknown')
  })

  it('of the starter for RocketMQ', () => {
    const configuration = read({
      'application.yml':
        'rocketmq:\n  name-server: a:9876\n' +
        '  producer:\n    group: g\n    send-message-timeout: 3000\n    retry-times-when-send-failed: 0\n',
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
