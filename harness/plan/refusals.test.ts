import { describe, expect, test } from 'vitest'
import { changed, demo, refusalOf } from './testing/demo.ts'

const oneReplica = changed(demo, 'leader-changed: true', 'offline: true').replace('factor: 3', 'factor: 1')

describe('wrong input is refused with file, line and the nearest right word', () => {
  test.each([
    ['an unknown key', 'schedule:', 'shedule:', 'demo.yaml:11:1: unknown key "shedule"', 'schedule'],
    ['an unknown key of the cluster', 'brokers: 3', 'brokrs: 3', '3:12: unknown key "brokrs" in cluster', 'brokers'],
    ['an unknown trigger', 'acked: 200', 'aked: 200', '12:14: unknown key "aked" in schedule.0.after', 'acked'],
    ['an unknown system', 'system: kafka', 'system: kafak', '2:9: system: unknown word "kafak"', 'kafka'],
    ['an unknown fault', 'fault: crash', 'fault: crsh', 'demo.yaml:15:22: unknown fault "crsh"', 'crash'],
    [
      'an unknown target',
      'cut-replication, target: leader',
      'cut-replication, target: leadr',
      'demo.yaml:13:47: fault cut-replication has no target "leadr"',
      'leader',
    ],
    [
      'an unknown parameter of a fault',
      'window: cut',
      'windw: cut',
      'demo.yaml:13:55: fault cut-replication has no parameter "windw"',
      'window',
    ],
    ['a window that no step opens', 'in: cut', 'in: kut', 'demo.yaml:14:29: unknown window "kut"', 'cut'],
    ['an unknown window in an expectation', 'acked-in(cut)', 'acked-in(cat)', '20:11: unknown window "cat"', 'cut'],
    ['an unknown outcome', '    lost: 0', '    losd: 0', 'demo.yaml:22:5: unknown expectation "losd"', 'lost'],
    [
      'an unknown cause',
      '    lost: 0',
      '    cause: unsynced-page',
      'demo.yaml:22:5: cause: "unsynced-page" is not an expected value',
      'unsynced-pages',
    ],
    [
      'the cause "not-established"',
      '    lost: 0',
      '    cause: [disk-wiped, not-established]',
      'demo.yaml:22:5: cause: ["disk-wiped","not-established"] is not an expected value',
      'cannot be expected',
    ],
    [
      'an unknown set',
      'acked-in(cut)',
      'aked-in(cut)',
      'demo.yaml:20:5: lost: "aked-in(cut)" is not an expected value',
      'acked-in',
    ],
    [
      'a setting that the client does not support',
      'producer.acks: [1',
      'producer.akcs: [1',
      'demo.yaml:9:5: producer.akcs: kafkajs does not support this setting',
      'acks',
    ],
    ['an unknown client', 'client: kafkajs', 'client: kafkjs', '7:5: unknown producer client "kafkjs"', 'kafkajs'],
    [
      'an unknown place',
      'producer.acks: [1',
      'produser.acks: [1',
      'demo.yaml:9:5: "produser.acks" does not begin with a place',
      'producer',
    ],
    [
      'an unknown cluster setting in the matrix',
      'producer.acks: [1',
      'cluster.brokrs: [3',
      'demo.yaml:9:5: unknown setting "cluster.brokrs"',
      'cluster.brokers',
    ],
  ])('%s', (_, from, to, message, hint) => {
    const refused = refusalOf(changed(demo, from, to))
    expect(refused.message).toContain(message)
    expect(refused.hint).toContain(hint)
  })

  test.each([
    ['a lane selector that no lane meets', 'lane: acks=1', 'lane: acks=2', 'demo.yaml:14:40: no lane has acks=2'],
    ['a lane selector that is not a setting', 'lane: acks=1', 'lane: acks', 'expected settings such as acks=1'],
    [
      'a value that the client does not support',
      'producer.acks: [1, all]',
      'producer.acks: [1, two]',
      'demo.yaml:9:5: producer.acks: expected one of 0, 1, all, -1, got two',
    ],
    [
      'two equally specific expectations for one cell',
      '  - when: { producer.acks: all }',
      '  - when: { topic.min.insync.replicas: 1 }',
      'expect.1 and expect.0 are equally specific',
    ],
    ['a step that does nothing', '    heal: all\n', '', 'demo.yaml:16:5: the step does nothing'],
    [
      'more replicas than brokers',
      'replication.factor: 3',
      'replication.factor: 5',
      'demo.yaml:6:14: topic.replication.factor: 5 replicas need 5 brokers, this cluster has 3',
    ],
    [
      'a replication factor that is not a number',
      'replication.factor: 3',
      'replication.factor: abc',
      'topic.replication.factor: expected a whole number, got "abc"',
    ],
    ['no partitions', 'replication.factor: 3', 'partitions: 0', 'topic.partitions: expected a whole number from 1'],
    ['broken YAML', 'name: demo', 'name: [demo', 'demo.yaml:'],
    [
      'a duration where a rate belongs',
      '200/s',
      '200s',
      'demo.yaml:10:13: workload.rate: expected a quantity such as 200/s, at most 1000000/s, got "200s"',
    ],
    [
      'too many brokers',
      'brokers: 3',
      'brokers: 500',
      'demo.yaml:3:21: cluster.brokers: expected a whole number from 1 to 9, got 500',
    ],
    ['a trigger without any condition', 'after: { acked: 200 }', 'after: {}', 'the trigger waits for nothing'],
    [
      'a trigger that needs an ability which the system lacks',
      'acked: 50, in: cut,',
      'flushed: true,',
      'demo.yaml:14:14: Kafka does not support the trigger "flushed"',
    ],
    ['a heal of a fault that was not injected', 'heal: all', 'heal: [pause]', 'which no earlier step injects'],
  ])('%s', (_, from, to, message) => {
    expect(refusalOf(changed(demo, from, to)).message).toContain(message)
  })

  test.each([
    ['cluster.brokers', 500, '--set cluster.brokers=500: cluster.brokers: expected a whole number from 1 to 9'],
    ['cluster.brokers', 2.5, 'expected a whole number from 1 to 9, got 2.5'],
    ['cluster.brokers', 'abc', 'expected a whole number from 1 to 9, got "abc"'],
    ['cluster.controllers', -1, 'expected a whole number from 0 to 5, got -1'],
    ['topic.partitions', 0, '--set topic.partitions=0: topic.partitions: expected a whole number from 1'],
    ['workload.rate', 'fast', '--set workload.rate=fast: workload.rate: expected a quantity such as 200/s'],
  ])('--set %s=%s', (name, value, message) => {
    expect(refusalOf(demo, { set: { [name]: value } }).message).toContain(message)
  })

  test('aliases that would expand to a huge value', () => {
    const names = ['a', 'b', 'c', 'd', 'e', 'f', 'g', 'h', 'i']
    const bomb = names.map((name, at) => {
      const alias = at === 0 ? 'x' : `*${names[at - 1]}`
      return `${name}: &${name} [${Array.from({ length: 10 }, () => alias).join(', ')}]`
    })
    expect(refusalOf(bomb.join('\n')).message).toMatch(/^demo\.yaml:1:1: not valid YAML: .*alias/i)
  })
})

describe('a target that no node can have is refused', () => {
  test.each([
    ['a follower of topics with one replica', oneReplica, 'target: follower', 'every topic has one replica'],
    ['a coordinator without consumers', demo, 'target: coordinator', 'no lane has a consumer'],
    ['a minority of two brokers', changed(demo, 'brokers: 3', 'brokers: 2'), 'target: minority', 'have no minority'],
    [
      'a broker other than the only one',
      changed(oneReplica, 'brokers: 3', 'brokers: 1'),
      'other-than',
      'is the leader',
    ],
  ])('%s', (_, yaml, target, message) => {
    const factor = /brokers: (?<count>[12])/.exec(yaml)?.groups?.['count'] ?? '3'
    const fitting = yaml.replace('replication.factor: 3', `replication.factor: ${factor}`)
    const aimed =
      target === 'other-than'
        ? changed(fitting, 'fault: crash, target: leader', 'fault: isolate, target: other-than(leader)')
        : changed(fitting, 'fault: crash, target: leader', `fault: crash, ${target}`)
    expect(refusalOf(aimed).message).toContain(message)
  })

  test.each([
    ['fault: leader-transfer, to: broker-9', 'there is no broker-9 among 3 brokers'],
    ['fault: partition-ring', 'it takes four brokers'],
    ['fault: crash-client, target: consumer', 'no lane has a consumer'],
  ])('%s', (call, message) => {
    expect(refusalOf(changed(demo, 'fault: crash, target: leader', call)).message).toContain(message)
  })

  test('a recovery that the system does not support', () => {
    const refused = refusalOf(changed(demo, 'workload:', 'recovery: slaves\nworkload:'))
    expect(refused.message).toMatch(/^demo\.yaml:10:\d+: recovery: slaves is not supported/)
  })
})
