/** For tests: files of every format, a fix, and the lines that it changes. */
import type { Settings } from '../../../../model/settings.ts'

const strimzi = (kind: string, name: string, spec: string) =>
  `apiVersion: kafka.strimzi.io/v1\nkind: ${kind}\nmetadata:\n  name: ${name}\nspec:\n${spec}`
const master = 'brokerName=a\nbrokerId=0\ndeleteWhen=04\nbrokerRole=ASYNC_MASTER\nflushDiskType=ASYNC_FLUSH\n'
const slave = 'brokerName=a\nbrokerId=1\ndeleteWhen=04\nbrokerRole=SLAVE\nflushDiskType=ASYNC_FLUSH\n'

export interface PatchCase {
  files: Record<string, string>
  fix: Settings
  /** Lines that are removed from, and added to, all files. */
  lines: string[]
  /** The settings as read again; by default those of the fix. */
  reads?: Settings
}

export const cases: Readonly<Record<string, PatchCase>> = {
  'properties: a value in place, and a new key behind the most related one': {
    files: { 'producer.properties': '# Acks\nacks = 1\nlinger.ms=5\nretries=3 \nretry.backoff.ms=9\nlinger=\n' },
    fix: { 'producer.acks': 'all', 'producer.retry.backoff.max.ms': 500 },
    lines: ['-acks = 1', '+acks = all', '+retry.backoff.max.ms=500'],
  },
  'properties: continuation lines and CRLF': {
    files: { 'server.properties': 'log.dirs=/d\r\nmin.insync.replicas=\\\r\n   1\r\nprocess.roles=broker\r\n' },
    fix: { 'broker.min.insync.replicas': 2 },
    lines: ['-min.insync.replicas=\\\r', '-   1\r', '+min.insync.replicas=2\r'],
  },
  'properties: of a key that occurs twice, the one that counts': {
    files: { 'producer.properties': 'acks=0\nlinger.ms=5\nacks=1\n' },
    fix: { 'producer.acks': 'all' },
    lines: ['-acks=1', '+acks=all'],
  },
  'properties: without a line end at the end of the file': {
    files: { 'producer.properties': 'retries=3' },
    fix: { 'producer.acks': 'all' },
    lines: ['-retries=3', '+retries=3', '+acks=all'],
  },
  'properties: settings of a topic as defaults of brokers': {
    files: { 'server.properties': 'process.roles=broker\nlog.dirs=/d\nlog.retention.hours=1\n' },
    fix: { 'topic.min.insync.replicas': 2, 'topic.replication.factor': 3, 'topic.flush.messages': 1 },
    lines: ['+min.insync.replicas=2', '+default.replication.factor=3', '+log.flush.interval.messages=1'],
    reads: {
      'broker.min.insync.replicas': 2,
      'broker.default.replication.factor': 3,
      'broker.log.flush.interval.messages': 1,
    },
  },
  'properties: settings that a client refuses one by one': {
    files: { 'producer.properties': 'acks=1\nenable.idempotence=false\n' },
    fix: { 'producer.enable.idempotence': true, 'producer.acks': 'all' },
    lines: ['-acks=1', '-enable.idempotence=false', '+acks=all', '+enable.idempotence=true'],
  },
  'properties with a colon': {
    files: { 'producer.properties': 'acks: 1 # comment\nlinger.ms: 5\n' },
    fix: { 'producer.acks': 'all', 'producer.retries': 5 },
    lines: ['-acks: 1 # comment', '+acks: all # comment', '+retries: 5'],
  },
  'docker-compose: a map, through an anchor that two services share': {
    files: {
      'compose.yml':
        'x-common: &common\n  KAFKA_MIN_INSYNC_REPLICAS: 1 # low\nservices:\n' +
        [1, 2]
          .map(
            id =>
              `  k${id}:\n    image: apache/kafka:4.1.0\n    environment:\n      <<: *common\n      KAFKA_NODE_ID: ${id}\n`,
          )
          .join(''),
    },
    fix: { 'broker.min.insync.replicas': 2, 'broker.unclean.leader.election.enable': false },
    lines: [
      '-  KAFKA_MIN_INSYNC_REPLICAS: 1 # low',
      '+  KAFKA_MIN_INSYNC_REPLICAS: 2 # low',
      '+      KAFKA_UNCLEAN_LEADER_ELECTION_ENABLE: "false"',
      '+      KAFKA_UNCLEAN_LEADER_ELECTION_ENABLE: "false"',
    ],
  },
  'docker-compose: a list, with a placeholder and quotes': {
    files: {
      'compose.yml':
        'services:\n  k:\n    image: bitnami/kafka:3.6\n    environment:\n' +
        '      - KAFKA_CFG_MIN_INSYNC_REPLICAS=${ISR:-1}\n      - "KAFKA_CFG_NODE_ID=1"\n    ports: ["1:1"]\n',
    },
    fix: { 'topic.min.insync.replicas': 2, 'broker.default.replication.factor': 1 },
    lines: [
      '-      - KAFKA_CFG_MIN_INSYNC_REPLICAS=${ISR:-1}',
      '+      - KAFKA_CFG_MIN_INSYNC_REPLICAS=${ISR:-2}',
      '+      - "KAFKA_CFG_DEFAULT_REPLICATION_FACTOR=1"',
    ],
    reads: { 'broker.min.insync.replicas': 2, 'broker.default.replication.factor': 1 },
  },
  'docker-compose: variables of an application': {
    files: {
      'compose.yml':
        'services:\n' +
        '  k: { image: apache/kafka, environment: { KAFKA_LOG_DIRS: /d, KAFKA_MIN_INSYNC_REPLICAS: 1 } }\n' +
        '  app: { image: x, environment: { SPRING_KAFKA_PRODUCER_ACKS: "1" } }\n',
    },
    fix: { 'producer.acks': 'all' },
    lines: [
      '-  app: { image: x, environment: { SPRING_KAFKA_PRODUCER_ACKS: "1" } }',
      '+  app: { image: x, environment: { SPRING_KAFKA_PRODUCER_ACKS: "all" } }',
    ],
  },
  'Strimzi: brokers and a topic': {
    files: {
      'kafka.yaml': strimzi(
        'Kafka',
        'my',
        '  kafka:\n    replicas: 3\n    config:\n      # two\n      min.insync.replicas: 1\n\n    # disks\n' +
          '    storage: { type: ephemeral }\n',
      ),
      'topic.yaml': strimzi('KafkaTopic', 'orders', '  partitions: 6\n  replicas: 1\n'),
    },
    fix: {
      'broker.min.insync.replicas': 2,
      'broker.unclean.leader.election.enable': false,
      'topic.replication.factor': 3,
      'topic.min.insync.replicas': 2,
    },
    lines: [
      '-      min.insync.replicas: 1',
      '+      min.insync.replicas: 2',
      '+      unclean.leader.election.enable: false',
      '-  replicas: 1',
      '+  replicas: 3',
      '+  config:',
      '+    min.insync.replicas: 2',
    ],
  },
  'Spring Boot as YAML: own names, properties, and who commits': {
    files: {
      'application.yml':
        'spring:\n  kafka:\n    producer:\n      acks: "1"\n    consumer: { group-id: g, enable-auto-commit: true }\n',
    },
    fix: {
      'producer.acks': 'all',
      'producer.enable.idempotence': true,
      'workload.commit': 'after',
      'consumer.isolation.level': 'read_committed',
    },
    lines: [
      '-      acks: "1"',
      '-    consumer: { group-id: g, enable-auto-commit: true }',
      '+      acks: "all"',
      '+      properties.enable.idempotence: true',
      '+    consumer: { group-id: g, enable-auto-commit: false, isolation-level: read_committed }',
    ],
  },
  'Spring Boot as properties': {
    files: {
      'application.properties':
        'server.port=80\nspring.kafka.producer.acks=${ACKS:1}\nspring.kafka.consumer.group-id=g\n' +
        'spring.kafka.consumer.auto-offset-reset=latest\n',
    },
    fix: { 'producer.acks': 'all', 'consumer.auto.offset.reset': 'earliest', 'producer.delivery.timeout.ms': 90_000 },
    lines: [
      '-spring.kafka.producer.acks=${ACKS:1}',
      '+spring.kafka.producer.acks=${ACKS:all}',
      '+spring.kafka.producer.properties.delivery.timeout.ms=90000',
      '-spring.kafka.consumer.auto-offset-reset=latest',
      '+spring.kafka.consumer.auto-offset-reset=earliest',
    ],
  },
  'librdkafka as JSON': {
    files: { 'client.json': '{\n  "request.required.acks": 1,\n  "message.timeout.ms": 5000\n}\n' },
    fix: { 'producer.acks': 'all', 'producer.enable.idempotence': true },
    lines: [
      '-  "request.required.acks": 1,',
      '-  "message.timeout.ms": 5000',
      '+  "request.required.acks": "all",',
      '+  "message.timeout.ms": 5000,',
      '+  "enable.idempotence": true',
    ],
  },
  'kafkajs as JSON, where acks is a number': {
    files: {
      'kafka.json': '{"clientId": "a", "retry": {"retries": 1}, "producer": {"idempotent": false, "acks": 1}}\n',
    },
    fix: { 'producer.acks': 'all', 'producer.enable.idempotence': true, 'client.retry.retries': 9 },
    lines: [
      '-{"clientId": "a", "retry": {"retries": 1}, "producer": {"idempotent": false, "acks": 1}}',
      '+{"clientId": "a", "retry": {"retries": 9}, "producer": {"idempotent": true, "acks": -1}}',
    ],
    reads: { 'producer.acks': -1, 'producer.enable.idempotence': true, 'client.retry.retries': 9 },
  },
  'RocketMQ: a master and its slave, whose role stays': {
    files: { 'a.properties': master, 'a-s.properties': slave },
    fix: { 'broker.brokerRole': 'SYNC_MASTER', 'broker.flushDiskType': 'SYNC_FLUSH', 'broker.slaveReadEnable': true },
    lines: [
      '-brokerRole=ASYNC_MASTER',
      '-flushDiskType=ASYNC_FLUSH',
      '+brokerRole=SYNC_MASTER',
      '+flushDiskType=SYNC_FLUSH',
      '+slaveReadEnable=true',
      '-flushDiskType=ASYNC_FLUSH',
      '+flushDiskType=SYNC_FLUSH',
      '+slaveReadEnable=true',
    ],
  },
  'RocketMQ: controllers': {
    files: {
      'n0.conf': 'brokerName=a\nbrokerId=-1\nbrokerRole=SLAVE\nenableControllerMode=true\n',
      'namesrv.conf': 'enableControllerInNamesrv=true\nenableElectUncleanMaster=true\n',
    },
    fix: { 'broker.enableElectUncleanMaster': false, 'broker.allAckInSyncStateSet': true },
    lines: ['+allAckInSyncStateSet=true', '-enableElectUncleanMaster=true', '+enableElectUncleanMaster=false'],
  },
  "RocketMQ's starter for Spring Boot": {
    files: { 'application.yml': 'rocketmq:\n  producer:\n    group: g\n    send-message-timeout: 3000\n' },
    fix: { 'producer.retryTimesWhenSendFailed': 3, 'producer.sendMsgTimeout': 5000 },
    lines: [
      '-    send-message-timeout: 3000',
      '+    send-message-timeout: 5000',
      '+    retry-times-when-send-failed: 3',
    ],
  },
  'our own YAML, with the nodes of the cluster': {
    files: {
      'settings.yaml':
        'cluster: { brokers: 1 }\nbroker: { min.insync.replicas: 1 }\ntopic: { replication.factor: 1 }\n',
    },
    fix: { 'cluster.brokers': 3, 'topic.replication.factor': 3, 'broker.unclean.leader.election.enable': false },
    lines: [
      '-cluster: { brokers: 1 }',
      '-broker: { min.insync.replicas: 1 }',
      '-topic: { replication.factor: 1 }',
      '+cluster: { brokers: 3 }',
      '+broker: { min.insync.replicas: 1, unclean.leader.election.enable: false }',
      '+topic: { replication.factor: 3 }',
    ],
    reads: { 'topic.replication.factor': 3, 'broker.unclean.leader.election.enable': false },
  },
}
