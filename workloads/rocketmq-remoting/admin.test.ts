import { afterEach, describe, expect, test } from 'vitest'
import * as admin from './admin.ts'
import { RemotingClient } from './client.ts'
import { consumerOffset, maxOffset } from './offsets.ts'
import { FakeServer } from './testing/fake-server.ts'
import type { Reply } from './testing/fake-server.ts'

const open: (RemotingClient | FakeServer)[] = []
afterEach(async () => {
  for (const one of open.splice(0)) await (one instanceof FakeServer ? one[Symbol.asyncDispose]() : one.close())
})

async function answering(reply: Reply) {
  const server = await FakeServer.start(() => reply)
  const client = new RemotingClient({ clientId: 'c', mapAddress: () => server.address })
  open.push(client, server)
  return { client, server }
}
const json = (value: unknown): Buffer => Buffer.from(JSON.stringify(value))
const queue = { topic: 't', brokerName: 'broker-a', queueId: 0 }

describe('requests to brokers and controllers', () => {
  test('return the state of replication of a master and of a slave', async () => {
    const master = await answering({
      code: 0,
      body: json({
        master: true,
        masterCommitLogMaxOffset: 900,
        inSyncSlaveNums: 1,
        haClientRuntimeInfo: { maxOffset: 0 },
        haConnectionInfo: [{ addr: '172.18.0.2:5000', slaveAckOffset: 850, diff: 50, inSync: true }],
      }),
    })
    expect(await admin.haStatus(master.client, 'b:1')).toEqual({
      isMaster: true,
      slave: undefined,
      masterCommitLogMaxOffset: 900,
      inSyncSlaveNums: 1,
      slaves: [{ address: '172.18.0.2:5000', ackOffset: 850, diff: 50, isInSync: true }],
    })
    const slave = await answering({
      code: 0,
      body: json({
        master: false,
        masterCommitLogMaxOffset: 0,
        inSyncSlaveNums: 0,
        haConnectionInfo: [],
        haClientRuntimeInfo: { masterAddr: 'toxiproxy:9101', maxOffset: 850 },
      }),
    })
    expect(await admin.haStatus(slave.client, 'b:1')).toMatchObject({
      isMaster: false,
      slave: { masterAddress: 'toxiproxy:9101', commitLogMaxOffset: 850 },
      slaves: [],
    })
  })

  test("return a controller's replicas, with a master and while none is elected", async () => {
    const elected = await answering({
      code: 0,
      fields: { masterBrokerId: 1, masterAddress: 'broker-1:10911', masterEpoch: 3 },
      body: json({ syncStateSet: [1, 2], syncStateSetEpoch: 4 }),
    })
    expect(await admin.replicaInfo(elected.client, 'c:1', 'broker-a')).toEqual({
      master: { brokerId: 1, address: 'broker-1:10911' },
      masterEpoch: 3,
      syncStateSet: [1, 2],
      syncStateSetEpoch: 4,
    })
    const none = await answering({ code: 0, body: json({ syncStateSet: [1], syncStateSetEpoch: 5 }) })
    expect(await admin.replicaInfo(none.client, 'c:1', 'broker-a')).toMatchObject({ master: undefined, masterEpoch: 0 })
  })

  test('return brokers by group, although the name server writes ids without quotes', async () => {
    const { client } = await answering({
      code: 0,
      body: Buffer.from(
        '{"brokerAddrTable":{"broker-a":{"brokerAddrs":{0:"broker-1:10911",1:"broker-2:10911"},"brokerName":"broker-a"}}}',
      ),
    })
    expect(await admin.clusterBrokers(client, 'n:1')).toEqual(
      new Map([
        [
          'broker-a',
          new Map([
            [0, 'broker-1:10911'],
            [1, 'broker-2:10911'],
          ]),
        ],
      ]),
    )
  })

  test("return a broker's configuration", async () => {
    const { client } = await answering({
      code: 0,
      body: Buffer.from('brokerRole=SLAVE\nmessageDelayLevel=1s 5s\nempty=\nurl=a=b\n'),
    })
    expect(Object.fromEntries(await admin.brokerConfig(client, 'b:1'))).toEqual({
      brokerRole: 'SLAVE',
      messageDelayLevel: '1s 5s',
      empty: '',
      url: 'a=b',
    })
  })

  test("return undefined for what does not exist, and throw for every other refusal, with the broker's remark", async () => {
    expect(await admin.topicConfig((await answering({ code: 17 })).client, 'b:1', 't')).toBeUndefined()
    expect(await consumerOffset((await answering({ code: 22 })).client, 'b:1', 'g', queue)).toBeUndefined()
    const { client } = await answering({ code: 1, remark: 'on fire' })
    for (const asked of [
      admin.topicConfig(client, 'b:1', 't'),
      consumerOffset(client, 'b:1', 'g', queue),
      maxOffset(client, 'b:1', queue),
      admin.createTopic(client, 'b:1', { topic: 't', queues: 1 }),
    ]) {
      await expect(asked).rejects.toMatchObject({
        code: 'refused',
        responseCode: 1,
        message: expect.stringMatching(/SYSTEM_ERROR \(1\): on fire/),
      })
    }
  })

  test('throw for an offset that is not a whole number', async () => {
    for (const offset of ['9007199254740993', '1.5', '', 'x'])
      await expect(
        maxOffset((await answering({ code: 0, fields: { offset } })).client, 'b:1', queue),
      ).rejects.toMatchObject({ code: 'malformed' })
  })

  test('write settings one per line', async () => {
    const { client, server } = await answering({ code: 0 })
    await admin.updateBrokerConfig(client, 'b:1', { syncFlushTimeout: 1, slaveReadEnable: true })
    expect(server.heard[0]?.body.toString()).toBe('syncFlushTimeout=1\nslaveReadEnable=true\n')
  })
})
