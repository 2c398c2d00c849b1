import { afterEach, expect, test } from 'vitest'
import { RequestCode } from '../../../workloads/rocketmq-remoting/index.ts'
import type { FakeServer } from '../../../workloads/rocketmq-remoting/testing/fake-server.ts'
import { removeTopics } from './remove.ts'
import { TheirBroker, TheirNameServer } from './testing.ts'

const prefix = 'lossproof-0123abcd-'
const open: FakeServer[] = []
afterEach(async () => {
  for (const server of open.splice(0)) await server[Symbol.asyncDispose]()
})

/** A name server and two brokers, of which the name server lists only the first. */
async function start() {
  const [broker, unlisted] = [new TheirBroker(), new TheirBroker()]
  const servers = [await broker.start(), await unlisted.start()]
  const nameServer = new TheirNameServer({ a: { 0: servers[0]?.address ?? '' } })
  servers.push(await nameServer.start())
  open.push(...servers)
  const [brokerAt = '', unlistedAt = '', nameServerAt = ''] = servers.map(({ address }) => address)
  return { broker, unlisted, nameServer, brokerAt, unlistedAt, nameServerAt }
}

test('topics, their retry and dead-letter topics and groups are removed, and everything else stays', async () => {
  const { broker, nameServer, brokerAt, nameServerAt } = await start()
  const ours = [`${prefix}t`, `%RETRY%${prefix}g`, `%DLQ%${prefix}g`]
  const theirs = ['orders', '%RETRY%orders', 'lossproof-probe', 'lossproof-0123abce-t', `x${prefix}t`]
  for (const name of [...ours, ...theirs]) {
    broker.topics.add(name)
    nameServer.topics.add(name)
  }
  for (const name of [`${prefix}g`, 'theirs']) broker.groups.add(name)
  expect(await removeTopics([nameServerAt, brokerAt], prefix)).toEqual(ours.toSorted())
  expect([...broker.topics]).toEqual(theirs)
  expect([...nameServer.topics]).toEqual(theirs)
  expect([...broker.groups]).toEqual(['theirs'])
})

test('a master that the name servers do not list any more is cleaned too', async () => {
  const { unlisted, nameServerAt, brokerAt, unlistedAt } = await start()
  unlisted.topics.add(`${prefix}t`)
  expect(await removeTopics([nameServerAt, brokerAt, unlistedAt], prefix)).toEqual([`${prefix}t`])
  expect([...unlisted.topics]).toEqual([])
})

test('a name server that does not list its topics is told to forget those of the brokers', async () => {
  const { broker, nameServer, brokerAt, nameServerAt } = await start()
  nameServer.listsTopics = false
  for (const topics of [broker.topics, nameServer.topics]) topics.add(`${prefix}t`)
  await removeTopics([nameServerAt, brokerAt], prefix)
  expect([...nameServer.topics]).toEqual([])
})

test('the removal fails while a master of the trial does not answer', async () => {
  const { brokerAt, nameServerAt } = await start()
  await expect(removeTopics([nameServerAt, brokerAt, '127.0.0.1:1'], prefix, 100)).rejects.toThrow(
    `topics ${prefix}* could not be removed within 0.1 s: 127.0.0.1:1: `,
  )
})

test('the removal fails when a broker refuses it, and says so', async () => {
  const { broker, brokerAt, nameServerAt } = await start()
  broker.topics.add(`${prefix}t`)
  broker.refused.add(RequestCode.DELETE_TOPIC_IN_BROKER)
  await expect(removeTopics([nameServerAt, brokerAt], prefix, 100)).rejects.toThrow('NO_PERMISSION')
})

test('nothing is removed without a prefix', async () => {
  await expect(removeTopics(['127.0.0.1:1'], '', 100)).rejects.toThrow('without a prefix')
})
