import { mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { ProducerRecord } from '../history/records.ts'
import type { Sending, Workload } from '../model/plan.ts'
import type { Answer, ProducerClient } from './clients/client.ts'
import { decode } from './payload.ts'
import { ProducerLane } from './producer-lane.ts'

let folder = ''
let file = ''
let now = 0

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'lane-'))
  file = join(folder, 'lane.jsonl')
  now = 0
})
afterEach(() => rmSync(folder, { recursive: true }))

interface Send {
  partition: number
  numbers: number[]
  tags?: readonly string[]
  /** Records that were in the file when the client was called. */
  written: ProducerRecord[]
  answer: (answer: Answer) => Promise<void>
}

function fakeClient(): { client: ProducerClient; sends: Send[] } {
  const sends: Send[] = []
  const client: ProducerClient = {
    connect: async () => {},
    close: async () => {},
    send: async (partition, values, { tags } = {}) => {
      const { promise, resolve } = Promise.withResolvers<Answer>()
      const numbers = values.map(value => {
        const decoded = decode(value, 'a')
        return decoded.kind === 'message' ? decoded.s : -1
      })
      const answer = async (told: Answer) => {
        resolve(told)
        await new Promise(setImmediate)
      }
      sends.push({ partition, numbers, written: records(), answer, ...(tags ? { tags } : {}) })
      return promise
    },
  }
  return { client, sends }
}

function lane(
  client: ProducerClient,
  workload: Partial<Workload> = {},
  partitions = 1,
  spool: Sending['spool'] = 'none',
  clock = () => now,
): ProducerLane {
  return new ProducerLane(
    {
      lane: 'a',
      file,
      client: 'fake',
      bootstrap: [],
      clientId: 'a',
      topic: 'a',
      settings: {},
      clientSettings: {},
      partitions,
      sending: { attempts: 1, backoffMs: 0, spool, ackedWhen: ['SEND_OK'] },
      firstNumber: 0,
      stores: join(folder, 'stores'),
      workload: { ratePerSec: 100, sizeBytes: 64, batch: 1, spread: false, maxInFlight: 10, ...workload },
    },
    client,
    'producer-1',
    clock,
  )
}

function records(): ProducerRecord[] {
  const [, ...rest] = readFileSync(file, 'utf8').trim().split('\n')
  return rest.map(line => ProducerRecord.parse(JSON.parse(line)))
}

describe('producer lane', () => {
  it('writes the header first and sends nothing before it is resumed', () => {
    const { client, sends } = fakeClient()
    const running = lane(client)
    now = 1000
    running.pump()
    expect(sends).toEqual([])
    expect(JSON.parse(readFileSync(file, 'utf8'))).toEqual({
      lane: 'a',
      role: 'producer',
      process: 'producer-1',
      client: 'fake',
    })
  })

  it('records every message of a send before the client gets it', () => {
    const { client, sends } = fakeClient()
    const running = lane(client, { batch: 3 }, 2)
    running.resume()
    now = 35
    running.pump()
    expect(sends.map(({ partition, numbers }) => ({ partition, numbers }))).toEqual([
      { partition: 0, numbers: [0, 1, 2] },
      { partition: 1, numbers: [3, 4, 5] },
    ])
    expect(sends[0]).not.toHaveProperty('tags')
    for (const { written, numbers, partition } of sends) {
      expect(
        written.filter(record => record.op === 'sent' && numbers.includes(record.s) && record.p === partition),
      ).toHaveLength(3)
    }
  })

  it('gives the client the tag of each message, in turn', () => {
    const { client, sends } = fakeClient()
    const running = lane(client, { batch: 3, tags: ['A', 'B'] })
    running.resume()
    now = 35
    running.pump()
    expect(sends.map(({ tags }) => tags)).toEqual([
      ['A', 'B', 'A'],
      ['B', 'A', 'B'],
    ])
  })

  it('records by how much a message left late', () => {
    const { client } = fakeClient()
    const running = lane(client)
    running.resume()
    running.pump()
    now = 17
    running.pump()
    expect(records()).toEqual([
      { op: 'sent', s: 0, p: 0, t: 0 },
      { op: 'sent', s: 1, p: 0, t: 17, d: 7 },
    ])
  })

  it('records a message as sent after it was spooled, however long that took', () => {
    const { client } = fakeClient()
    const running = lane(client, {}, 1, 'write-ahead', () => (now += 5))
    running.resume()
    for (let pumps = 0; pumps < 5; pumps++) running.pump()
    running.closeFile()
    const times = records().map(({ t }) => t)
    expect(records().map(({ op }) => op)).toEqual(expect.arrayContaining(['spooled', 'sent']))
    expect(times).toEqual(times.toSorted((a, b) => a - b))
  })

  it('writes each answer once per message, before it counts it', async () => {
    const { client, sends } = fakeClient()
    const running = lane(client, { batch: 2 })
    running.resume()
    now = 45
    running.pump()
    expect(running.status()).toMatchObject({ sent: 6, acked: 0, inFlight: 6 })
    await sends[0]?.answer({ answer: 'acked', offset: 40 })
    await sends[1]?.answer({ answer: 'rejected', code: 'NOT_ENOUGH_REPLICAS' })
    await sends[2]?.answer({ answer: 'unknown', code: 'REQUEST_TIMED_OUT' })
    expect(running.status()).toMatchObject({ sent: 6, acked: 2, rejected: 2, unknown: 2, inFlight: 0 })
    expect(records().slice(6)).toEqual([
      { op: 'acked', s: 0, p: 0, o: 40, t: 45 },
      { op: 'acked', s: 1, p: 0, o: 41, t: 45 },
      { op: 'rejected', s: 2, t: 45, c: 'NOT_ENOUGH_REPLICAS' },
      { op: 'rejected', s: 3, t: 45, c: 'NOT_ENOUGH_REPLICAS' },
      { op: 'unknown', s: 4, t: 45, c: 'REQUEST_TIMED_OUT' },
      { op: 'unknown', s: 5, t: 45, c: 'REQUEST_TIMED_OUT' },
    ])
  })

  it('counts messages beyond the in-flight limit and uses no numbers for them', async () => {
    const { client, sends } = fakeClient()
    const running = lane(client, { maxInFlight: 2 })
    running.resume()
    now = 45
    running.pump()
    expect(running.status()).toMatchObject({ sent: 2, inFlight: 2, overflow: 3 })
    await sends[0]?.answer({ answer: 'acked' })
    now = 50
    running.pump()
    expect(sends.at(-1)?.numbers).toEqual([2])
    expect(running.status()).toMatchObject({ sent: 3, inFlight: 2, overflow: 3 })
  })

  it('sends again when an answer comes, without waiting for the next pump', async () => {
    const { client, sends } = fakeClient()
    const running = lane(client, { maxInFlight: 1 })
    running.resume()
    now = 20
    running.pump()
    expect(running.status()).toMatchObject({ sent: 1, inFlight: 1, overflow: 2 })
    now = 30
    await sends[0]?.answer({ answer: 'acked', offset: 0 })
    await new Promise(setImmediate)
    expect(running.status()).toMatchObject({ sent: 2, inFlight: 1, overflow: 2 })
    // Nothing more is due: the next answer brings nothing.
    await sends[1]?.answer({ answer: 'acked', offset: 1 })
    await new Promise(setImmediate)
    expect(running.status()).toMatchObject({ sent: 2, inFlight: 0, overflow: 2 })
  })

  it('continues after a pause without catching up on the load of that time', () => {
    const { client, sends } = fakeClient()
    const running = lane(client)
    running.resume()
    now = 25
    running.pump()
    running.pause()
    now = 10_000
    running.pump()
    expect(sends).toHaveLength(3)
    running.resume()
    running.pump()
    expect(sends).toHaveLength(3)
    now = 10_005
    running.pump()
    expect(sends.flatMap(send => send.numbers)).toEqual([0, 1, 2, 3])
    expect(running.status().overflow).toBe(0)
  })

  it('sends no more than the requested number of messages', () => {
    const { client, sends } = fakeClient()
    const running = lane(client, { messages: 5, batch: 2 })
    running.resume()
    now = 1000
    running.pump()
    expect(sends.flatMap(send => send.numbers)).toEqual([0, 1, 2, 3, 4])
    expect(running.status()).toMatchObject({ sent: 5, overflow: 0 })
  })

  it('does not record answers that come after the end', async () => {
    const { client, sends } = fakeClient()
    const running = lane(client)
    running.resume()
    running.pump()
    running.closeFile()
    await sends[0]?.answer({ answer: 'acked' })
    expect(records().map(record => record.op)).toEqual(['sent'])
  })
})

describe('an application that looks at no answer', () => {
  const unawaited = (client: ProducerClient, sending: Partial<Sending>) =>
    new ProducerLane(
      {
        lane: 'a',
        file,
        client: 'fake',
        bootstrap: [],
        clientId: 'a',
        topic: 'a',
        settings: {},
        clientSettings: {},
        partitions: 1,
        sending: { attempts: 1, backoffMs: 0, spool: 'none', ackedWhen: ['SEND_OK'], ...sending },
        workload: { ratePerSec: 100, sizeBytes: 100, batch: 1, spread: false, maxInFlight: 10, keys: 3 },
        firstNumber: 0,
        stores: folder,
      },
      client,
      'producer-1',
      () => now,
    )

  it('says so in the header of its file, and ends in its own way', () => {
    const { client } = fakeClient()
    expect(unawaited(client, {}).manners).toEqual({ awaits: true, closes: true })
    expect(unawaited(client, { awaits: false, closes: false }).manners).toEqual({ awaits: false, closes: false })
    const headers = readFileSync(file, 'utf8')
      .trim()
      .split('\n')
      .map(line => JSON.parse(line))
    expect(headers.map(({ awaits }) => awaits)).toEqual([undefined, false])
  })

  it('gives messages their keys in turn', () => {
    const keys: string[] = []
    const { client } = fakeClient()
    const sent = unawaited(
      {
        ...client,
        send: async (_, values, beside) => {
          keys.push(...(beside?.keys ?? []).map(String))
          return { answer: 'acked', offset: values.length }
        },
      },
      {},
    )
    sent.resume()
    now = 45
    sent.pump()
    expect(keys).toEqual(['k0', 'k1', 'k2', 'k0', 'k1'])
  })
})
