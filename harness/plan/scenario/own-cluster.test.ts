import { describe, expect, test } from 'vitest'
import { changed, planOf, refusalOf } from '../testing/demo.ts'

const own = `name: own
system: kafka
cluster: { bootstrap: kafka.test:9092 }
lanes:
  defaults:
    topic: { replication.factor: 3 }
    consumer: {}
  matrix:
    producer.acks: [1, all]
schedule:
  - after: { acked: 200 }
    inject: { fault: crash-client, target: producer }
  - after: { client-gone: true }
    heal: all
`

const withCluster = (text: string) => changed(own, 'cluster: { bootstrap: kafka.test:9092 }', `cluster: ${text}`)
const withFault = (text: string) => changed(own, '{ fault: crash-client, target: producer }', text)

describe('a cluster of the user', () => {
  test('is planned with its addresses, and Lossproof sets nothing in it', () => {
    const { trials, setByHarness, warnings } = planOf(own)
    expect(trials.map(({ cluster }) => cluster.own)).toEqual([{ bootstrap: ['kafka.test:9092'] }])
    expect({ setByHarness, warnings }).toEqual({ setByHarness: [], warnings: [] })
  })

  test.each([
    ['{ bootstrap: [a:1, "[::1]:9092"] }', ['a:1', '[::1]:9092']],
    ['{ bootstrap: "a:1, b:2", version: 3.9.0 }', ['a:1', 'b:2']],
  ])('takes several addresses and any version: %s', (text, bootstrap) => {
    expect(planOf(withCluster(text)).trials[0]?.cluster.own).toEqual({ bootstrap })
  })

  test('can be given on the command line', () => {
    const planned = planOf(withCluster('{}'), { set: { 'cluster.bootstrap': 'kafka.test:9092' } })
    expect(planned.trials[0]?.cluster.own?.bootstrap).toEqual(['kafka.test:9092'])
  })

  test.each([['kafka.test'], ['kafka.test:0'], ['kafka.test:70000'], ['a:1 b:2'], ['http://kafka.test:9092/']])(
    'refuses %s, which is no address, with its line',
    text => {
      expect(refusalOf(withCluster(`{ bootstrap: ${text} }`)).message).toMatch(
        /^demo\.yaml:3:\d+: cluster\.bootstrap: expected addresses such as kafka\.test:9092/,
      )
    },
  )

  test.each([
    ['{ fault: crash, target: leader }', 'known by its address alone'],
    ['{ fault: power-loss, target: leader }', 'known by its address alone'],
    ['{ fault: leader-transfer, target: leader }', 'known by its address alone'],
    ['{ fault: partition, target: leader }', 'known by its address alone'],
    ['{ fault: cut, target: producer }', 'there is no proxy in between'],
  ])('refuses %s with the reason and the faults that are possible', (text, reason) => {
    const { message } = refusalOf(withFault(text))
    expect(message).toMatch(/^demo\.yaml:12:\d+: fault \S+: the cluster at kafka\.test:9092 is not built by Lossproof/)
    expect(message).toContain(reason)
    expect(message).toMatch(/Possible: crash-client, stop-client, pause-client, crash-app, stop-app, pause-app$/)
  })

  test.each([
    ['{ bootstrap: a:1, controllers: 3 }', 'cluster.controllers has no effect'],
    ['{ bootstrap: a:1, brokers: 3 }', 'cluster.brokers has no effect'],
    ['{ bootstrap: a:1, defaults: system }', 'cluster.defaults has no effect'],
    ['{ bootstrap: a:1, broker: { log.flush.interval.ms: 1 } }', 'broker.log.flush.interval.ms has no effect'],
  ])('refuses what only a cluster that Lossproof builds can have: %s', (text, message) => {
    expect(refusalOf(withCluster(text)).message).toContain(`demo.yaml:3:`)
    expect(refusalOf(withCluster(text)).message).toContain(message)
  })
})

describe('a RocketMQ cluster of the user', () => {
  const rocketmq = `name: own
system: rocketmq
cluster: { bootstrap: "a.test:9876, b.test:9876" }
lanes:
  defaults:
    topic: { queues: 2 }
    consumer: {}
  matrix:
    producer.sendMsgTimeout: [1000, 3000]
schedule:
  - after: { acked: 200 }
    inject: { fault: crash-client, target: producer }
  - after: { client-gone: true }
    heal: all
`
  const address = '{ bootstrap: "a.test:9876, b.test:9876" }'

  test('is planned with its name servers; its broker groups are not known yet, and nothing is set in it', () => {
    const { trials, setByHarness, warnings } = planOf(rocketmq)
    expect(trials).toHaveLength(1)
    expect(trials[0]?.cluster).toMatchObject({ own: { bootstrap: ['a.test:9876', 'b.test:9876'] }, masters: 1 })
    expect(trials[0]?.lanes.map(({ topic }) => [topic.partitions, topic.brokerNames])).toEqual([
      [2, []],
      [2, []],
    ])
    expect({ setByHarness, warnings }).toEqual({ setByHarness: [], warnings: [] })
  })

  test('topics lie on as many masters as the scenario says', () => {
    const [trial] = planOf(changed(rocketmq, 'b.test:9876"', 'b.test:9876", masters: 2')).trials
    expect(trial?.lanes[0]?.topic.partitions).toBe(4)
  })

  test.each([
    ['{ bootstrap: a:1, slaves: 2 }', 'cluster.slaves has no effect'],
    ['{ bootstrap: a:1, mode: controller }', 'cluster.mode has no effect'],
    ['{ bootstrap: a:1, nameServers: 1 }', 'cluster.nameServers has no effect'],
    ['{ bootstrap: a:1, broker: { flushDiskType: SYNC_FLUSH } }', 'broker.flushDiskType has no effect'],
    ['{ bootstrap: a }', 'cluster.bootstrap: expected addresses such as namesrv.test:9876'],
    ['{ compose: a.yml, attach: true }', 'cluster.compose has no effect: RocketMQ clusters of your own are tested by'],
  ])('refuses %s', (text, message) => {
    expect(refusalOf(changed(rocketmq, address, text)).message).toContain(message)
  })

  test('broker settings are refused in every cell', () => {
    const text = changed(rocketmq, 'producer.sendMsgTimeout: [1000, 3000]', 'broker.brokerRole: [null, SYNC_MASTER]')
    expect(refusalOf(text).message).toContain('broker.brokerRole has no effect')
  })

  test.each([
    ['{ fault: crash-client, target: producer }', '{ fault: crash, target: master }', 'known by its address alone'],
    ['{ fault: crash-client, target: producer }', '{ fault: cut, target: producer }', 'there is no proxy in between'],
    ['queues: 2 }', 'queues: 2 }\n    client: rocketmq-grpc', 'only brokers are used'],
    ['queues: 2', 'queues: 2, onSlaves: false', 'topic.onSlaves has no effect'],
    ['system: rocketmq', 'system: rocketmq\nrecovery: slaves', 'only "whole" and "masters" are supported'],
  ])('instead of %s refuses %s', (from, to, message) => {
    expect(refusalOf(changed(rocketmq, from, to)).message).toContain(message)
  })
})

describe('a compose project of the user', () => {
  const attached = withCluster('{ compose: ./docker-compose.yml, brokers: [kafka1, kafka2, kafka3], attach: true }')
  const crashed = (fault: string) => changed(attached, '{ fault: crash-client, target: producer }', fault)

  test('is planned with its file, relative to the scenario, and its services', () => {
    expect(planOf(attached).trials[0]?.cluster.own).toEqual({
      bootstrap: [],
      compose: { file: 'docker-compose.yml', brokers: ['kafka1', 'kafka2', 'kafka3'], attach: true },
    })
  })

  test.each(['crash', 'stop', 'pause', 'restart', 'leader-transfer', 'partition', 'isolate'])(
    'can have the fault %s',
    fault => {
      const [trial] = planOf(crashed(`{ fault: ${fault}, target: leader }`)).trials
      expect(trial?.schedule[0]?.inject[0]?.fault).toBe(fault)
    },
  )

  test.each([
    ['power-loss', 'leader', 'disks that Lossproof did not make'],
    ['cut-replication', 'leader', 'without a proxy in between'],
    ['cut', 'producer', 'the listeners of a running project cannot be changed'],
    ['wipe-disk', 'leader', 'cluster.volumes does not name the volumes'],
  ])('cannot have the fault %s', (fault, target, reason) => {
    const { message } = refusalOf(crashed(`{ fault: ${fault}, target: ${target} }`))
    expect(message).toContain(`fault ${fault}: the compose project of docker-compose.yml is not built by Lossproof: `)
    expect(message).toContain(reason)
    expect(message).toContain('Possible: crash, stop, pause, restart, rolling-restart, crash-client')
  })

  test('that Lossproof starts has proxies, and volumes that it names can be emptied', () => {
    for (const fault of ['{ fault: cut, target: producer }', '{ fault: wipe-disk, target: leader }']) {
      const [trial] = planOf(changed(crashed(fault), 'attach: true', 'volumes: [data]')).trials
      expect(trial?.needs).not.toContain('loop-devices')
      expect(trial?.cluster.own?.compose).toMatchObject({ attach: false, volumes: ['data'] })
    }
  })

  test('more replicas than services are refused', () => {
    expect(refusalOf(changed(attached, 'replication.factor: 3', 'replication.factor: 4')).message).toContain(
      '4 replicas need 4 brokers, this cluster has 3',
    )
  })

  test.each([
    ['{ compose: a.yml, attach: true }', 'cluster.brokers has to name the services'],
    ['{ compose: a.yml, brokers: 3, attach: true }', 'cluster.brokers has to name the services'],
    ['{ compose: a.yml, brokers: [a, b, c], project: shop }', 'starts the project under a name of its own'],
    ['{ compose: a.yml, brokers: [a, b, c], bootstrap: "a:1" }', 'cluster.bootstrap has no effect'],
    ['{ compose: a.yml, brokers: [a, b, c], attach: true, controllers: 1 }', 'cluster.controllers has to name'],
    ['{ controllers: [a, b, c] }', 'cluster.controllers names services, and there is no cluster.compose'],
    ['{ volumes: [a] }', 'cluster.volumes has no effect without cluster.compose'],
    ['{ brokers: [a, b, c] }', 'cluster.brokers names services, and there is no cluster.compose'],
    ['{ attach: true }', 'cluster.attach has no effect without cluster.compose'],
    ['{ bootstrap: a:1, attach: true }', 'cluster.attach has no effect'],
  ])('refuses %s', (text, message) => {
    expect(refusalOf(withCluster(text)).message).toContain(message)
  })
})
