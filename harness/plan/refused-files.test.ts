/** Scenario files that the planner must refuse. The first line of each file says with which words. */
import { readdirSync, readFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import { expect, test } from 'vitest'
import { changed, demo, planOf, refusalOf } from './testing/demo.ts'

const folder = fileURLToPath(new URL('testing/refused/', import.meta.url))

test.each(
  readdirSync(folder, { recursive: true, encoding: 'utf8' })
    .filter(name => name.endsWith('.yaml'))
    .toSorted(),
)('%s is refused as its first line says', file => {
  const yaml = readFileSync(`${folder}${file}`, 'utf8')
  const expected = /^# refused: (?<words>.+)$/m.exec(yaml)?.groups?.['words']
  expect(expected).toBeDefined()
  expect(refusalOf(yaml).message).toContain(expected)
})

test('a setting that the matrix varies cannot be set for every cell', () => {
  const refused = refusalOf(demo, { set: { 'producer.acks': 0 } })
  expect(refused.message).toBe('--set producer.acks=0: the matrix of the scenario varies this setting')
  expect(refused.hint).toBe('choose cells with --only acks=0')
})

test('a newer version than this list, and any version of an own image, are accepted', () => {
  const versioned = (version: string) => changed(demo, 'brokers: 3', `brokers: 3, version: ${version}`)
  expect(planOf(versioned('4.9.0')).trials[0]?.cluster.version).toBe('4.9.0')
  expect(planOf(versioned('4.9.0')).warnings).toEqual([
    expect.stringMatching(/^Kafka 4\.9\.0 is newer than .* Known versions: 4\.0\.0, .*4\.3\.1/),
  ])
  expect(planOf(versioned('4.3.0')).warnings).toEqual([])
  expect(planOf(versioned('4.9.0'), { ownImages: ['kafka'] }).warnings).toEqual([])
  expect(planOf(versioned('4.0.7-acme'), { ownImages: ['kafka'] }).trials[0]?.cluster.version).toBe('4.0.7-acme')
})

test('disks are synced before the load only where brokers have disks of their own', () => {
  const settled = changed(demo, 'workload:', 'settled: true\nworkload:')
  expect(refusalOf(settled).message).toMatch(
    /demo\.yaml:\d+:\d+: settled has no effect: no fault of the schedule gives brokers disks of their own/,
  )
  expect(planOf(changed(settled, 'fault: crash', 'fault: power-loss')).trials[0]?.settled).toBe(true)
  expect(planOf(changed(demo, 'fault: crash', 'fault: power-loss')).trials[0]).not.toHaveProperty('settled')
})

test('an image of a system that the plan does not use is warned about', () => {
  expect(planOf(demo, { ownImages: ['rocketmq', 'kafka', 'helper'] }).warnings).toEqual([
    '--image rocketmq has no effect: no trial of this plan is about RocketMQ',
  ])
})

test('the image of a scenario can have any version; one run takes one image of a system', () => {
  const given = (cluster: string) => changed(demo, 'brokers: 3', `brokers: 3, ${cluster}`)
  const own = given('image: acme/kafka:1, version: 4.0.7-acme')
  expect(planOf(own).trials[0]?.cluster).toMatchObject({ image: 'acme/kafka:1', version: '4.0.7-acme' })
  const second = (text: string) => `${own}\n---\n${changed(text, 'name: demo', 'name: second')}`
  expect(planOf(second(own)).trials).toHaveLength(2)
  expect(refusalOf(second(given('image: acme/kafka:2, version: 4.0.7-acme'))).message).toContain(
    'cluster.image: one run can use one image of Kafka, and this plan asks for acme/kafka:1 and acme/kafka:2',
  )
  expect(refusalOf(second(given('version: 4.0.7-acme'))).message).toContain('cannot be built')
  expect(
    refusalOf(`${given('image: acme/kafka:1')}\n---\n${changed(demo, 'name: demo', 'name: second')}`).message,
  ).toContain(
    'cluster.image: one run can use one image of Kafka, and this plan asks for acme/kafka:1 and the one of Lossproof',
  )
})

test("an image has no effect on a cluster of one's own", () => {
  const own = 'name: own\nsystem: kafka\ncluster: { bootstrap: kafka.test:9092, image: acme/kafka:1 }\nlanes: {}\n'
  expect(refusalOf(own).message).toContain('cluster.image has no effect')
})

test('lines of a system that have their own images can be mixed', () => {
  const file = (name: string, version: string) =>
    `name: ${name}\nsystem: rocketmq\ncluster: { version: ${version} }\nlanes: {}\n`
  expect(planOf(`${file('new', '5.5.0')}---\n${file('old', '4.9.7')}`).trials).toHaveLength(2)
})

test('two combined nodes, of which one is lost, are a warning', () => {
  const two = changed(changed(demo, 'brokers: 3', 'brokers: 2'), 'replication.factor: 3', 'replication.factor: 2')
  expect(planOf(two).warnings).toEqual([
    expect.stringContaining('crash-1: the cluster has 2 controllers, and without one of them no leader can be elected'),
  ])
  expect(planOf(changed(two, 'brokers: 2', 'brokers: 2, controllers: 1')).warnings).toEqual([])
})

test('a trigger that counts more messages than the workload sends is a warning', () => {
  expect(planOf(changed(demo, 'size: 100B', 'size: 100B, messages: 60')).warnings).toEqual([
    'demo: step 1 waits for 200 messages, but lane acks-1 sends only 60 (workload.messages), so the step never begins',
  ])
})

test('a workload that says what consumers do starts consumers', () => {
  const silent = changed(
    demo,
    'size: 100B',
    'size: 100B, consumers: 3, commit: before, poisonEvery: 10, onPoison: swallow',
  )
  expect(planOf(silent).trials[0]?.lanes[0]?.consumer).toMatchObject({
    client: 'kafkajs',
    instances: 3,
    handling: { commit: 'before', poisonEvery: 10, onPoison: 'swallow' },
  })
  expect(planOf(demo).trials[0]?.lanes[0]?.consumer).toBeUndefined()
})

test('a number is passed on as it is spelled where its digits are not the number', () => {
  const conf =
    'name: spelled\nsystem: rocketmq\ncluster: { broker: { deleteWhen: 04, fileReservedTime: 48 } }\nlanes: {}\n'
  expect(planOf(conf).cells[0]?.settings).toMatchObject({ 'broker.deleteWhen': '04', 'broker.fileReservedTime': 48 })
})

test('the plan lists what Lossproof sets by itself, with the default of the system and the reason', () => {
  const plan = planOf('name: defaults\nsystem: rocketmq\ncluster: { mode: controller }\nlanes: {}\n')
  expect(plan.setByHarness).toContainEqual({
    system: 'rocketmq',
    node: 'broker',
    name: 'haMaxTimeSlaveNotCatchup',
    value: 4000,
    systemDefault: '15000',
    reason: expect.stringContaining('learn of changes within a second'),
    kind: 'tuned',
    trials: ['defaults'],
  })
  const system = planOf(
    'name: defaults\nsystem: rocketmq\ncluster: { mode: controller, defaults: system }\nlanes: {}\n',
  )
  expect(system.setByHarness).toEqual([])
})

test('settings that the scenario gives are not listed as set by Lossproof', () => {
  const given = changed(demo, 'replica.lag.time.max.ms: 60000', 'broker.session.timeout.ms: null')
  const names = planOf(given).setByHarness?.map(({ name }) => name) ?? []
  expect(names).toContain('broker.heartbeat.interval.ms')
  expect(names).not.toContain('broker.session.timeout.ms')
})

test('a cell can expect that every message is rejected', () => {
  const tooLarge = `name: too-large
system: kafka
cluster: { brokers: 1 }
lanes:
  defaults: { topic: { replication.factor: 1 }, workload: { size: 30KiB } }
  matrix: { topic.max.message.bytes: [20000, default] }
workload: { messages: 80 }
expect:
  - when: { topic.max.message.bytes: 20000 }
    rejected: all
    givenUp: all
  - when: { topic.max.message.bytes: default }
    lost: 0
`
  expect(planOf(tooLarge).cells.map(cell => cell.expect.map(({ what, text }) => `${what}: ${text}`))).toEqual([
    ['rejected: all', 'givenUp: all'],
    ['lost: 0'],
  ])
})

test('whole numbers that JavaScript would round keep their digits', () => {
  const largest = changed(demo, 'replication.factor: 3', 'replication.factor: 3, flush.messages: 9223372036854775807')
  expect(planOf(largest).trials[0]?.lanes[0]?.topic.settings['flush.messages']).toBe('9223372036854775807')
})

test('a document without content at the end of a file is no scenario', () => {
  expect(planOf(`${demo}---\n`).cells).toHaveLength(2)
})

test('more replicas than the cluster has are a warning where they stop a lane', () => {
  const offsets = changed(demo, 'replica.lag.time.max.ms: 60000', 'offsets.topic.replication.factor: 5')
  expect(planOf(offsets).warnings).toEqual([])
  expect(planOf(changed(offsets, 'client: kafkajs', 'client: kafkajs\n    consumer: {}')).warnings).toEqual([
    expect.stringContaining('offsets.topic.replication.factor: 5 replicas need 5 brokers, and the cluster has 3'),
  ])
  expect(planOf(changed(demo, 'min.insync.replicas: 1', 'min.insync.replicas: 4')).warnings).toEqual([
    expect.stringContaining('lane acks-all: min.insync.replicas is 4, and the replication factor of the topic is 3'),
  ])
})
