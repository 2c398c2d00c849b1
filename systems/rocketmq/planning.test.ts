import { describe, expect, test } from 'vitest'
import { planOf, refusalOf } from '../../harness/plan/testing/demo.ts'
import { triggerWords } from '../../model/trigger-words.ts'
import type { Plan } from '../../model/plan.ts'
import { Plan as PlanSchema } from '../../model/plan.ts'
import { rocketmqPlanning } from './planning.ts'

const text = `name: demo
system: rocketmq
cluster: { slaves: 1, broker: { flushDiskType: SYNC_FLUSH } }
lanes:
  matrix:
    broker.inSyncReplicas: [null, 2]
    producer.sendMsgTimeout: [3000, 1000]
workload: { rate: 100/s }
schedule:
  - after: { acked: 100 }
    inject: { fault: cut-replication, window: cut }
  - after: { sent: 50, in: cut }
    inject: { fault: crash, target: master }
  - after: { offline: true }
    heal: all
`
/** With settings that version 4 knows as well. */
const old = text.replace('broker.inSyncReplicas: [null, 2]', 'broker.slaveReadEnable: [null, true]')
const plan = (yaml: string): Plan => planOf(yaml)

function refusal(yaml: string): string {
  const { message, hint } = refusalOf(yaml)
  return `${message} (${hint})`
}

describe('plans for RocketMQ', () => {
  test('cells with different broker settings share the cluster and the fault, on broker groups of their own', () => {
    const [trial, ...others] = plan(text).trials
    expect(others).toEqual([])
    expect(trial?.cluster).toEqual({
      mode: 'classic',
      nameServers: 1,
      version: '5.5.0',
      groups: [
        { brokerName: 'broker-a', replicas: 2, settings: { flushDiskType: 'SYNC_FLUSH', inSyncReplicas: null } },
        { brokerName: 'broker-b', replicas: 2, settings: { flushDiskType: 'SYNC_FLUSH', inSyncReplicas: 2 } },
      ],
    })
    expect(
      trial?.lanes.map(({ id, topic }) => [
        id,
        topic.name,
        topic.brokerNames,
        topic.partitions,
        topic.replicationFactor,
      ]),
    ).toEqual([
      [
        'insyncreplicas-default.sendmsgtimeout-3000',
        'demo_insyncreplicas-default_sendmsgtimeout-3000',
        ['broker-a'],
        1,
        2,
      ],
      [
        'insyncreplicas-default.sendmsgtimeout-1000',
        'demo_insyncreplicas-default_sendmsgtimeout-1000',
        ['broker-a'],
        1,
        2,
      ],
      ['insyncreplicas-2.sendmsgtimeout-3000', 'demo_insyncreplicas-2_sendmsgtimeout-3000', ['broker-b'], 1, 2],
      ['insyncreplicas-2.sendmsgtimeout-1000', 'demo_insyncreplicas-2_sendmsgtimeout-1000', ['broker-b'], 1, 2],
    ])
    expect(trial?.schedule.map(step => step.inject.map(call => call.target))).toEqual([['master'], ['master'], []])
    expect(PlanSchema.parse(JSON.parse(JSON.stringify(plan(text))))).toEqual(plan(text))
  })

  test('a step can wait until everything is flushed', () => {
    const [, step] =
      plan(text.replace('sent: 50, in: cut', 'sent: 50, in: cut, flushed: true')).trials[0]?.schedule ?? []
    expect(step?.after).toMatchObject({ sent: 50, flushed: true })
    expect(step && triggerWords(step.after)).toBe('50 sent in cut, nothing left to flush')
  })

  test('each cell has a cluster of its own with isolate, and where versions or controller settings differ', () => {
    expect(
      plan(text.replace('workload:', '  isolate: true\nworkload:')).trials.map(trial => trial.lanes.length),
    ).toEqual([1, 1, 1, 1])
    expect(
      plan(
        text
          .replace('    broker.inSyncReplicas: [null, 2]\n', '')
          .replace('producer.sendMsgTimeout: [3000, 1000]', 'cluster.version: [5.5.0, 4.9.7]'),
      ).trials.map(trial => trial.cluster.version),
    ).toEqual(['5.5.0', '4.9.7'])
    expect(
      plan(
        text
          .replace('slaves: 1', 'slaves: 1, mode: controller')
          .replace('producer.sendMsgTimeout: [3000, 1000]', 'broker.enableElectUncleanMaster: [true, false]'),
      ).trials.length,
    ).toBe(2)
  })

  test('a topic has its queues on all masters, those of the first broker group first', () => {
    const [trial] = plan(
      text
        .replace('slaves: 1', 'slaves: 0, masters: 2')
        .replace('    producer.sendMsgTimeout: [3000, 1000]\n', '')
        .replace('lanes:', 'lanes:\n  defaults: { topic: { queues: 2 } }'),
    ).trials
    expect(trial?.lanes.map(({ topic }) => [topic.brokerNames, topic.partitions])).toEqual([
      [['broker-a', 'broker-b'], 4],
      [['broker-c', 'broker-d'], 4],
    ])
  })

  test('clients of the gRPC protocol need a proxy, and a cluster has proxies only where the scenario asks for them', () => {
    const grpc = text.replace('lanes:', 'lanes:\n  defaults: { client: rocketmq-grpc }')
    expect(refusal(grpc)).toContain('cluster.proxies: 1')
    expect(plan(grpc.replace('slaves: 1', 'slaves: 1, proxies: 1')).trials.map(({ cluster }) => cluster)).toMatchObject(
      [{ proxies: 1 }],
    )
    expect(plan(text).trials[0]?.cluster).not.toHaveProperty('proxies')
    expect(refusal(text.replace('producer.sendMsgTimeout: [3000, 1000]', 'cluster.proxies: [4]'))).toContain(
      'from 0 to 3',
    )
    expect(refusal(old.replace('slaves: 1', 'proxies: 1, version: 4.9.7'))).toContain('no proxy')
    expect(refusal(text.replace('slaves: 1', 'proxies: 1, mode: controller'))).toContain('no master is elected by then')
    expect(
      refusal(
        grpc.replace('slaves: 1', 'proxies: 1').replace('lanes:\n  defaults: {', 'lanes:\n  defaults: { consumer: {},'),
      ),
    ).toContain('can only be a producer')
  })

  test('words of another system are refused', () => {
    expect(refusal(text.replace('slaves: 1', 'brokers: 3'))).toMatch(
      /demo\.yaml:3:.*unknown setting "cluster\.brokers".*cluster\./,
    )
    expect(refusal(text.replace('target: master', 'target: leader'))).toContain('has no target "leader"')
    expect(refusal(text.replace('fault: crash', 'fault: leader-transfer'))).toContain(
      'RocketMQ does not support the fault "leader-transfer"',
    )
    expect(refusal(text.replace('rate: 100/s', 'rate: 100/s, unit: batch'))).toContain(
      'workload.unit has no effect on RocketMQ',
    )
    expect(refusal(text.replace('rate: 100/s', 'rate: 100/s, onPoison: throw-type-error'))).toContain(
      'a consumer of RocketMQ does not support throw-type-error',
    )
    expect(refusal(text.replace('lanes:', 'lanes:\n  defaults: { topic: { replication.factor: 3 } }'))).toContain(
      'topic.replication.factor',
    )
    expect(refusal(text.replace('lanes:', 'lanes:\n  defaults: { client: kafkajs }'))).toContain(
      'unknown producer client "kafkajs" for RocketMQ',
    )
  })

  test('a target names several roles joined by +, each of which the fault and the cluster must have', () => {
    const both = (target: string, cluster = 'slaves: 1, mode: controller, nameServers: 3') =>
      text.replace('slaves: 1', cluster).replace('target: master', `target: ${target}`)
    expect(refusal(both('master+follower'))).toContain('has no target "follower"')
    expect(refusal(both('master + controller', 'slaves: 1'))).toContain('a classic cluster has no controller')
    expect(refusal(both('controller-majority', 'slaves: 1'))).toContain('a classic cluster has no controller')
    expect(refusal(both('proxy', 'slaves: 1'))).toContain('the cluster has no proxy')
    const clients = both('producer+consumer').replace('fault: crash', 'fault: latency')
    expect(refusal(clients)).toContain('hits clients, which cannot be joined')
  })

  test('messages have tags, and each member of a group subscribes to some of them', () => {
    const tagged = (workload: string) => text.replace('rate: 100/s', `rate: 100/s, ${workload}`)
    const [lane] = plan(tagged('tags: "A, B", consumers: 2, subscriptions: "A,A||B"')).trials[0]?.lanes ?? []
    expect(lane?.workload.tags).toEqual(['A', 'B'])
    expect(lane?.consumer).toMatchObject({ instances: 2, subscriptions: ['A', 'A||B'] })
    expect(plan(text).trials[0]?.lanes[0]?.workload).not.toHaveProperty('tags')
    expect(refusal(tagged('tags: A'))).toContain('no effect without workload.subscriptions')
    expect(refusal(tagged('subscriptions: A'))).toContain('no effect without workload.tags')
    expect(refusal(tagged('tags: A, subscriptions: "A,A"'))).toContain('names 2 members, and the group has 1')
    expect(refusal(tagged('tags: "A,B", subscriptions: A'))).toContain('no member subscribes to the tag B')
    expect(refusal(tagged('tags: "A,,B", subscriptions: "*"'))).toContain('expected tags of letters')
    expect(refusal(tagged('tags: A, subscriptions: "A|B"'))).toContain('expected one expression for each member')
  })

  test("names stay within 127 characters, also those of retry topics on a cluster of the user's own", () => {
    const name = rocketmqPlanning.resourceName('l'.repeat(300), 99, 'trial')
    expect(`%RETRY%lossproof-0123abcd-${name}`.length).toBeLessThanOrEqual(127)
  })

  test('clusters that cannot exist are refused', () => {
    expect(refusal(text.replace('slaves: 1', 'slaves: 3, masters: 2'))).toContain('would need 16 brokers')
    expect(refusal(text.replace('slaves: 1', 'mode: controller, nameServers: 2'))).toContain('have no majority')
    expect(refusal(old.replace('slaves: 1', 'mode: controller, version: 4.9.7'))).toContain('no controller mode')
    expect(refusal(text.replace('slaves: 1', 'slaves: 0').replace('target: master', 'target: slave'))).toContain(
      'no broker group has a slave',
    )
    expect(refusal(text.replace('rate: 100/s', 'rate: 100/s, ackedWhen: SEND_OKAY'))).toContain(
      'one or more of SEND_OK',
    )
  })
})
