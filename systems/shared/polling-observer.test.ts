import { mkdtempSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { EventLog } from '../../history/appender.ts'
import { readEvents } from '../../history/reader.ts'
import type { Lane } from '../../model/plan.ts'
import { ChangeLog } from './change-log.ts'
import type { PartitionView } from './live-system.ts'
import { PollingObserver } from './polling-observer.ts'
import type { TopicPartition } from './polling-observer.ts'

const lane = (id: string, partitions = 1) => ({ id, topic: { name: id, partitions } }) as Lane

/** Observes one source whose answers the test decides. */
class TestObserver extends PollingObserver {
  readonly views = new Map<string, PartitionView>()
  answers = true
  failureLimit = 1
  disconnected = false
  questions = 0
  readonly asks: string[] = []

  start(): void {
    this.poll([
      {
        ask: async () => {
          this.questions += 1
          if (!this.answers) throw new Error('no answer')
        },
        forget: () => this.views.clear(),
        failureLimit: this.failureLimit,
      },
    ])
  }

  logEnd() {
    return undefined
  }

  answering() {
    return []
  }

  protected view({ name }: Lane['topic'], p: number) {
    return this.views.get(`${name}-${p}`)
  }

  protected async endsAt(node: number, asked: readonly TopicPartition[]) {
    this.asks.push(`${node}: ${asked.map(({ topic, p }) => `${topic.name}-${p}`).join()}`)
    if (node === 3) throw new Error('no answer')
    return asked.map(({ p }) => (p === 7 ? undefined : node * 10 + p))
  }

  protected describeView({ leader }: PartitionView) {
    return `leader ${leader}`
  }

  protected asked(askedAt: number) {
    this.record(askedAt, new Map([['broker-1', this.views.size > 0]]))
  }

  protected override async disconnect() {
    this.disconnected = true
  }
}

const view = (leader: number, epoch: number): PartitionView => ({ leader, epoch, replicas: [1, 2, 3], isr: [1, 2] })

function observe(...lanes: Lane[]) {
  const path = join(mkdtempSync(join(tmpdir(), 'lossproof-observer-')), 'events.jsonl')
  const observer = new TestObserver(lanes, new EventLog(path))
  const asked = async (times: number) =>
    expect.poll(() => observer.questions, { interval: 10 }).toBeGreaterThanOrEqual(times)
  return { observer, events: () => readEvents(path), asked }
}

test('it lists the partitions that some node has reported, of all lanes or of those named', () => {
  const { observer } = observe(lane('a', 2), lane('b'))
  observer.views.set('a-1', view(2, 5)).set('b-0', view(1, 0))
  expect(observer.partitions().map(({ lane: of, p }) => `${of}-${p}`)).toEqual(['a-1', 'b-0'])
  expect(observer.partitions(['b']).map(({ lane: of }) => of)).toEqual(['b'])
  expect(observer.leaders()[0]).toEqual({
    lane: 'a',
    partition: 1,
    leader: 2,
    epoch: 5,
    replicas: [1, 2, 3],
    isr: [1, 2],
  })
})

test('ends are read from each replica, and one that does not answer has none', async () => {
  const { observer } = observe(lane('a'))
  observer.views.set('a-0', view(2, 5))
  expect(await observer.replicaEnds()).toEqual([{ lane: 'a', partition: 0, leader: 2, ends: { 1: 10, 2: 20 } }])
})

test('each node is asked once for all its replicas; those that it does not report have no end', async () => {
  const { observer } = observe(lane('a', 8), lane('b'))
  observer.views
    .set('a-1', view(2, 5))
    .set('a-7', view(2, 5))
    .set('b-0', { ...view(1, 0), replicas: [1] })
  expect((await observer.replicaEnds()).map(({ ends }) => ends)).toEqual([{ 1: 11, 2: 21 }, {}, { 1: 10 }])
  expect(observer.asks.toSorted()).toEqual(['1: a-1,a-7,b-0', '2: a-1,a-7', '3: a-1,a-7'])
})

test('a description names six partitions and counts the others', () => {
  const { observer } = observe(lane('a', 8))
  expect(observer.describe()).toBe('no broker answered')
  for (let p = 0; p < 8; p++) observer.views.set(`a-${p}`, view(1, 0))
  expect(observer.describe()).toMatch(/^a-0: leader 1; .*a-5: leader 1; and 2 more$/)
})

test('changes are recorded once, with the question before which the old state was seen', async () => {
  const { observer, events, asked } = observe(lane('a'))
  observer.views.set('a-0', view(1, 0))
  observer.start()
  await asked(2)
  observer.views.set('a-0', view(2, 1))
  await asked(4)
  await observer[Symbol.asyncDispose]()
  const seen = events()
  const leaders = seen.filter(event => event.kind === 'leader')
  expect(leaders.map(({ leader, epoch }) => [leader, epoch])).toEqual([
    [1, 0],
    [2, 1],
  ])
  expect(leaders[0]?.after).toBeUndefined()
  expect(leaders[1]?.after).toBeLessThan(leaders[1]?.t ?? 0)
  expect(seen.filter(event => event.kind === 'isr')).toHaveLength(1)
  expect(seen.at(-1)).toMatchObject({ kind: 'observer', intervalMs: 100 })
  expect(observer.disconnected).toBe(true)
})

test.each([1, 2])('the last answer is dropped after %i failures in a row', async limit => {
  const { observer, events, asked } = observe(lane('a'))
  observer.failureLimit = limit
  observer.views.set('a-0', view(1, 0))
  observer.start()
  await asked(1)
  observer.answers = false
  const from = observer.questions
  await asked(from + limit)
  await expect.poll(() => observer.views.size).toBe(0)
  await observer[Symbol.asyncDispose]()
  expect(observer.questions - from).toBeGreaterThanOrEqual(limit)
  expect(events().filter(event => event.kind === 'broker')).toMatchObject([{ up: true }, { up: false }])
})

test('a node that is back tells whether it was restarted meanwhile', () => {
  const path = join(mkdtempSync(join(tmpdir(), 'lossproof-changes-')), 'events.jsonl')
  const changes = new ChangeLog(new EventLog(path))
  const record = (up: boolean, restarts?: number) =>
    changes.record(0, [], new Map([['broker-1', up]]), new Map(restarts === undefined ? [] : [['broker-1', restarts]]))
  record(true, 0)
  record(false, 0)
  record(true, 0)
  record(false, 0)
  record(true, 1)
  record(false)
  record(true)
  const seen = readEvents(path).map(event => event.kind === 'broker' && [event.up, event.restarted])
  expect(seen).toEqual([
    [true, undefined],
    [false, undefined],
    [true, false],
    [false, undefined],
    [true, true],
    [false, undefined],
    [true, undefined],
  ])
})
