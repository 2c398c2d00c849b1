import { describe, expect, it } from 'vitest'
import { makePlan } from '../../plan/plan.ts'
import { ScenarioSource } from '../../plan/scenario/source.ts'
import { systems } from '../../../systems/index.ts'
import { scenarioText } from './scenario-text.ts'
import { read } from './testing/reading.ts'

const defaultVersions = Object.fromEntries(systems.map(({ id, images }) => [id, images.defaultVersion]))

function planOf(files: Record<string, string>, rest = '') {
  const text = scenarioText(read(files), { name: 'audit', defaults: 'system', rest })
  return makePlan('audit', ScenarioSource.all('audit.yaml', text), { seed: 1, defaultVersions })
}

const schedule = (target: string) => `schedule:
  - after: { acked: 100 }
    inject: { fault: crash, target: ${target} }
`

describe('the scenario that is made from configuration files', () => {
  it('says where each setting comes from', () => {
    const text = scenarioText(read({ 'producer.properties': '# none\nacks=1\nlinger.ms=5\n' }), { name: 'mine' })
    expect(text).toBe(`# Made from producer.properties.
name: mine
system: kafka
cluster:
  brokers: 3
lanes:
  defaults:
    topic:
      replication.factor: 3 # assumed
    producer:
      acks: 1 # producer.properties:2
      linger.ms: 5 # producer.properties:3
    client:
      library: java
workload:
  rate: 100/s
  size: 100B
`)
  })

  it.each<[string, Record<string, string>, string]>([
    [
      'properties of broker, producer and consumer',
      {
        'server.properties':
          'process.roles=broker,controller\nnode.id=1\nlog.dirs=/d\nmin.insync.replicas=2\nnum.partitions=3\n' +
          'unclean.leader.election.enable=true\nlog.retention.hours=168\nssl.keystore.location=/k',
        'producer.properties':
          'bootstrap.servers=a\nacks=all\ncompression.type=zstd\nmax.in.flight.requests.per.connection=5',
        'consumer.properties': 'group.id=g\nenable.auto.commit=true\nauto.offset.reset=earliest',
      },
      'leader',
    ],
    [
      'docker-compose',
      {
        'compose.yml':
          'services:\n  a: { image: apache/kafka, environment: { KAFKA_MIN_INSYNC_REPLICAS: 1, ' +
          'KAFKA_PROCESS_ROLES: "broker,controller", KAFKA_LOG_DIRS: /d } }\n',
      },
      'leader',
    ],
    [
      'Spring Boot',
      {
        'application.yml':
          'spring.kafka:\n  producer: { acks: all, retries: 3 }\n' +
          '  consumer: { group-id: g, enable-auto-commit: false }\n  listener: { ack-mode: BATCH, concurrency: 2 }\n',
      },
      'leader',
    ],
    ['librdkafka', { 'x.json': '{"request.required.acks": 1, "message.timeout.ms": 5000}' }, 'leader'],
    ['kafkajs', { 'x.json': '{"clientId": "a", "retry": {"retries": 1}, "producer": {"idempotent": true}}' }, 'leader'],
    [
      'masters and slaves',
      {
        'a.conf': 'brokerName=a\nbrokerId=0\nbrokerRole=SYNC_MASTER\nflushDiskType=SYNC_FLUSH\ndeleteWhen=04',
        'a-s.conf': 'brokerName=a\nbrokerId=1\nbrokerRole=SLAVE\nflushDiskType=ASYNC_FLUSH',
      },
      'master',
    ],
    [
      'a controller',
      {
        'n0.conf': 'brokerName=a\nbrokerId=-1\nbrokerRole=SLAVE\nenableControllerMode=true\nallAckInSyncStateSet=true',
        'namesrv.conf':
          'enableControllerInNamesrv=true\ncontrollerDLegerPeers=n0-a:1;n1-b:1;n2-c:1\nenableElectUncleanMaster=true',
      },
      'master',
    ],
    [
      'a controller setting without controllers',
      { 'broker.conf': 'brokerName=a\nbrokerRole=ASYNC_MASTER\nenableElectUncleanMaster=true' },
      'master',
    ],
  ])('of %s is accepted by the planner', (_, files, target) => {
    const { trials } = planOf(files, schedule(target))
    expect(trials).toHaveLength(1)
    expect(trials[0]?.lanes[0]?.cell).toBe('audit')
  })
})
