import { afterEach, expect, test } from 'vitest'
import { RemotingClient, RequestCode } from '../../../workloads/rocketmq-remoting/index.ts'
import type { FakeServer } from '../../../workloads/rocketmq-remoting/testing/fake-server.ts'
import { endHeldPulls } from './held-pulls.ts'
import { field, TheirBroker } from './testing.ts'

const prefix = 'lossproof-0123abcd-'
const open: (FakeServer | RemotingClient)[] = []
afterEach(async () => {
  for (const one of open.splice(0)) await (one instanceof RemotingClient ? one.close() : one[Symbol.asyncDispose]())
})

/** The topics to which a message was sent, and how long it took. */
async function woken(autoCreateSubscriptionGroup: string, topics: string[], groups: string[], stores = true) {
  const broker = new TheirBroker()
  broker.settings = { autoCreateSubscriptionGroup }
  for (const topic of topics) broker.topics.add(topic)
  for (const group of groups) broker.groups.add(group)
  const server = await broker.start()
  const answer = server.script
  server.script = (request, peer) => {
    if (request.code === RequestCode.GET_ROUTEINFO_BY_TOPIC) {
      const route = {
        queueDatas: [{ brokerName: 'a', perm: 6, readQueueNums: 1, writeQueueNums: 1 }],
        brokerDatas: [{ brokerName: 'a', cluster: 'c', brokerAddrs: { 0: server.address } }],
      }
      return { code: 0, body: Buffer.from(JSON.stringify(route)) }
    }
    if (request.code === RequestCode.SEND_MESSAGE_V2)
      return stores ? { code: 0, fields: { msgId: 'AB', queueId: 0, queueOffset: 1 } } : { code: 16 }
    return answer(request, peer)
  }
  const client = new RemotingClient({ clientId: 'c' })
  open.push(client, server)
  const started = performance.now()
  await endHeldPulls(
    {
      client,
      nameServers: [server.address],
      masters: new Map([['a', server.address]]),
      isOurs: name => name.includes(prefix),
    },
    { lookMs: 50, longestHoldMs: 300 },
  )
  const sent = server.heard.filter(({ code }) => code === RequestCode.SEND_MESSAGE_V2).map(one => field(one, 'b'))
  return { sent: sent.toSorted(), ms: performance.now() - started }
}

const topics = [`${prefix}t`, `%RETRY%${prefix}g`, `%DLQ%${prefix}g`, 'orders']
const ours = [`${prefix}g`]

test('each queue that a consumer of ours may have asked gets a message, and others get none', async () => {
  const { sent, ms } = await woken('true', topics, [...ours, 'theirs'])
  expect(sent).toEqual([`%RETRY%${prefix}g`, `${prefix}t`])
  expect(ms).toBeGreaterThanOrEqual(49)
})

test('where a pull cannot be woken, the longest time is waited', async () => {
  expect((await woken('true', topics, ours, false)).ms).toBeGreaterThanOrEqual(349)
  expect((await woken('true', [], ours)).ms).toBeGreaterThanOrEqual(349)
})

test('brokers that create no group, or have none of ours, are left alone', async () => {
  expect((await woken('false', topics, ours)).sent).toEqual([])
  expect((await woken('true', topics, ['theirs'])).sent).toEqual([])
})
