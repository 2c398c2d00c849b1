import { afterEach, expect, test } from 'vitest'
import { RemotingClient, RequestCode, ResponseCode } from '../../../workloads/rocketmq-remoting/index.ts'
import { FakeServer } from '../../../workloads/rocketmq-remoting/testing/fake-server.ts'
import { encodeStored } from '../../../workloads/rocketmq-remoting/testing/stored.ts'
import { DelayedCopies } from './delayed.ts'
import { field } from './testing.ts'

const prefix = 'lossproof-0123abcd-'
const ours = `%RETRY%${prefix}g`
const open: (FakeServer | RemotingClient)[] = []
afterEach(async () => {
  for (const one of open.splice(0)) await (one instanceof RemotingClient ? one.close() : one[Symbol.asyncDispose]())
})
const { signal } = new AbortController()

/** One broker with one delay level: the topics for which its messages wait, and how many of them are delivered. */
async function start(waiting: string[]) {
  const pulled: number[] = []
  const state = { done: 0, broken: false }
  const server = await FakeServer.start(request => {
    if (request.code === RequestCode.GET_BROKER_RUNTIME_INFO) {
      const table = { scheduleMessageOffset_3: `${state.done},${waiting.length}` }
      return { code: 0, body: Buffer.from(JSON.stringify({ table })) }
    }
    const offset = Number(field(request, 'queueOffset'))
    pulled.push(offset)
    const fields = { nextBeginOffset: offset + 1, minOffset: 0, maxOffset: waiting.length, suggestWhichBrokerId: 0 }
    if (state.broken) return { code: ResponseCode.PULL_NOT_FOUND, fields: { ...fields, nextBeginOffset: offset } }
    const body = encodeStored({
      topic: 'SCHEDULE_TOPIC_XXXX',
      queueId: Number(field(request, 'queueId')),
      queueOffset: offset,
      physicalOffset: offset,
      body: Buffer.from('x'),
      properties: `REAL_TOPIC\u0001${waiting[offset]}\u0002`,
    })
    return { code: 0, fields, body }
  })
  const client = new RemotingClient({ clientId: 'c' })
  open.push(client, server)
  const { address } = server
  const copies = new DelayedCopies(client, `${prefix}reader`)
  const count = async () =>
    copies.count(
      { address, brokerName: 'a' },
      ours,
      new Map([['scheduleMessageOffset_3', `${state.done},${waiting.length}`]]),
    )
  return { address, copies, count, pulled, state }
}

test('messages of other groups that wait on the same broker are not counted', async () => {
  const waiting = ['orders', 'orders']
  const { address, copies, count, pulled, state } = await start(waiting)
  await copies.begin([address], signal)
  waiting.push(ours, '%RETRY%orders', ours)
  expect(await count()).toBe(2)
  // What waited before the trial is not read, and nothing is read twice.
  expect(await count()).toBe(2)
  expect(pulled).toEqual([2, 3, 4])
  state.done = 3
  expect(await count()).toBe(1)
  state.done = 5
  expect(await count()).toBe(0)
})

test('a queue that cannot be read leaves the number unknown', async () => {
  const waiting = ['orders']
  const { count, state } = await start(waiting)
  state.broken = true
  await expect(count()).rejects.toThrow('returns nothing from offset 0 of delay level 3, which ends at 1: NO_NEW_MSG')
})

test('questions at the same time read each message once', async () => {
  const { count, pulled } = await start([ours, 'orders'])
  expect(await Promise.all([count(), count()])).toEqual([1, 1])
  expect(pulled).toEqual([0, 1])
})
