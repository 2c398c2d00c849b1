import { createServer } from 'node:net'
import { afterEach, expect, test } from 'vitest'
import { RequestCode } from '../../../workloads/rocketmq-remoting/index.ts'
import { ofFirstGroups } from './cluster.ts'
import { reachCluster } from './reach.ts'
import { TheirBroker, TheirNameServer } from './testing.ts'

const open: AsyncDisposable[] = []
afterEach(async () => {
  for (const server of open.splice(0)) await server[Symbol.asyncDispose]()
})

async function closedPort(): Promise<string> {
  const server = createServer()
  await new Promise<void>(resolve => server.listen(0, '127.0.0.1', resolve))
  const at = server.address()
  await new Promise(resolve => server.close(resolve))
  return typeof at === 'object' && at !== null ? `127.0.0.1:${at.port}` : ''
}

async function startBroker(change: (broker: TheirBroker) => void = () => {}): Promise<string> {
  const broker = new TheirBroker()
  change(broker)
  const server = await broker.start()
  open.push(server)
  return server.address
}

async function startNameServer(brokers: TheirNameServer['brokers']): Promise<string> {
  const server = await new TheirNameServer(brokers).start()
  open.push(server)
  return server.address
}

test('brokers are listed by their groups, masters first', async () => {
  const [a, b, slave] = [await startBroker(), await startBroker(), await startBroker()]
  const nameServer = await startNameServer({ two: { 1: slave, 0: b }, one: { 0: a } })
  expect(await reachCluster([nameServer], 1000)).toEqual({
    nameServers: [nameServer],
    isVersion4: false,
    brokers: [
      { brokerName: 'one', brokerId: 0, address: a },
      { brokerName: 'two', brokerId: 0, address: b },
      { brokerName: 'two', brokerId: 1, address: slave },
    ],
  })
})

test('a broker of version 4 is not asked for what it does not know', async () => {
  const address = await startBroker(broker => {
    broker.version = 'V4_9_7'
  })
  expect((await reachCluster([await startNameServer({ a: { 0: address } })], 1000)).isVersion4).toBe(true)
})

test('name servers that do not answer are named with what each of them answered', async () => {
  const [one, two] = [await closedPort(), 'no-such-host.invalid:9876']
  const reaching = reachCluster([one, two], 1000)
  await expect(reaching).rejects.toMatchObject({ exitCode: 3 })
  await expect(reaching).rejects.toThrow(`no name server of your own cluster answered; tried ${one}: `)
  await expect(reaching).rejects.toThrow(`; ${two}: `)
})

test('one silent name server of two is named', async () => {
  const [good, silent] = [await startNameServer({ a: { 0: await startBroker() } }), await closedPort()]
  await expect(reachCluster([good, silent], 1000)).rejects.toThrow(
    `not every name server of your own cluster answered; tried ${silent}: `,
  )
})

test('the address of a broker is no name server', async () => {
  await expect(reachCluster([await startBroker()], 1000)).rejects.toThrow('REQUEST_CODE_NOT_SUPPORTED')
})

test('a broker that this machine cannot reach is named with its address', async () => {
  const closed = await closedPort()
  const nameServer = await startNameServer({ a: { 0: await startBroker(), 1: closed } })
  const reaching = reachCluster([nameServer], 1000)
  await expect(reaching).rejects.toMatchObject({ exitCode: 3 })
  await expect(reaching).rejects.toThrow(
    `${nameServer} answers, and lists the broker a 1 at ${closed}, which this machine cannot reach: `,
  )
})

test('a group without a master is named', async () => {
  const slave = await startBroker()
  await expect(reachCluster([await startNameServer({ a: { 1: slave } })], 1000)).rejects.toThrow(
    `the broker group a has no master: `,
  )
})

test('name servers that know different brokers are refused', async () => {
  const [a, b] = [await startBroker(), await startBroker()]
  const [one, two] = [await startNameServer({ a: { 0: a } }), await startNameServer({ a: { 0: a }, b: { 0: b } })]
  await expect(reachCluster([one, two], 1000)).rejects.toThrow(
    `the name servers do not know the same brokers. ${one}: a 0 at ${a}. ${two}: a 0 at ${a}, b 0 at ${b}`,
  )
})

test.each<[Record<string, string>, string]>([
  [{ enableDLegerCommitLog: 'true' }, 'has enableDLegerCommitLog=true'],
  [{ timerInterceptDelayLevel: 'true' }, 'has timerInterceptDelayLevel=true'],
  [{ namesrvAddr: 'x:1;y:1' }, 'registers with 2 name servers (x:1, y:1), and cluster.bootstrap names 1'],
])('a broker with %j is refused', async (settings, why) => {
  const address = await startBroker(broker => {
    broker.settings = settings
  })
  const reaching = reachCluster([await startNameServer({ a: { 0: address } })], 1000)
  await expect(reaching).rejects.toMatchObject({ exitCode: 3 })
  await expect(reaching).rejects.toThrow(`a at ${address} ${why}`)
})

test('a broker that wants a login is refused with its answer', async () => {
  const address = await startBroker(broker => broker.refused.add(RequestCode.GET_BROKER_CONFIG))
  await expect(reachCluster([await startNameServer({ a: { 0: address } })], 1000)).rejects.toThrow(
    `a at ${address} refuses what a test has to ask: `,
  )
})

test('topics lie on the first groups, and more masters than there are are refused', () => {
  const brokers = ['a', 'a', 'b'].map((brokerName, at) => ({ brokerName, brokerId: at % 2, address: `${at}` }))
  expect(ofFirstGroups(brokers, 1).map(({ brokerName }) => brokerName)).toEqual(['a', 'a'])
  expect(() => ofFirstGroups(brokers, 3)).toThrow('3 masters need 3 broker groups, and the cluster has 2: a, b')
})
