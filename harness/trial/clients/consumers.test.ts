import { describe, expect, onTestFinished, test } from 'vitest'
import { LossproofError } from '../../../model/errors.ts'
import { laneFile } from '../../../history/folder.ts'
import { readLaneFile } from '../../../history/reader.ts'
import type { TrialSystem } from '../../../systems/shared/live-system.ts'
import { fakeContext, withoutTime } from '../testing/fake-trial.ts'
import type { FakeOptions } from '../testing/fake-trial.ts'
import { Consumers } from './consumers.ts'

const short = { drainMs: 2000, doneMs: 100, stopMs: 100, offsetsMs: 150, longestStillMs: 400 }

/** A drain with the fence at offset 9 in each lane. `committed`: the groups' offsets. */
async function draining(system: Partial<TrialSystem> = {}, options: FakeOptions = {}, restart = true) {
  const committed = { offset: 0 }
  const fake = await fakeContext(
    { consumer: true, ...options },
    { groupOffsets: async () => new Map([[0, committed.offset]]), ...system },
  )
  const { context, folder } = fake
  const fleet = context.consumers?.fleet
  if (!fleet) throw new Error('no consumers')
  const consumers = new Consumers(fleet, context.log, context.signal, { limit: short })
  const drain = async () => {
    const started = performance.now()
    await consumers.drain({
      ends: new Map(context.trial.lanes.map(({ id }) => [id, [{ p: 0, fenceOffset: 9 }]])),
      lanes: context.trial.lanes,
      system: context.system,
      folder,
      trial: context.trial.id,
      restart,
    })
    return performance.now() - started
  }
  const observed = (lane = 'a') => {
    const records: object[] = []
    readLaneFile(
      laneFile(folder, 't', lane, 'observer-1'),
      () => {},
      record => records.push(withoutTime(record)),
    )
    return records
  }
  return { ...fake, committed, drain, observed }
}

describe('a drain', () => {
  test('ends soon when everything is committed beyond the fence', async () => {
    const { drain, committed, observed, consumer } = await draining()
    committed.offset = 10
    expect(await drain()).toBeLessThan(short.longestStillMs)
    expect(observed()).toEqual([{ op: 'group-offset', p: 0, o: 10 }])
    expect(consumer?.commands.at(-1)).toBe('stop')
  })

  test('waits for missing commits until nothing has changed for longer than a session timeout', async () => {
    const { drain, committed, observed } = await draining()
    committed.offset = 9
    expect(await drain()).toBeGreaterThanOrEqual(short.longestStillMs)
    expect(observed()).toEqual([{ op: 'group-offset', p: 0, o: 9 }])
  })

  test('progress of a consumer that has not committed begins the wait anew', async () => {
    const { drain, consumer } = await draining()
    setTimeout(() => consumer?.count('a', { processed: 5 }), 250)
    expect(await drain()).toBeGreaterThanOrEqual(250 + short.longestStillMs - 100)
  })

  test('goes on while a worker has something left, or a broker will deliver something again', async () => {
    let pending = 1
    const redelivery = { pending: async () => pending, deadLetters: async () => [{ s: 4, p: 1, o: 0 }] }
    const { drain, committed, observed } = await draining({ redelivery })
    committed.offset = 10
    setTimeout(() => (pending = 0), 250)
    expect(await drain()).toBeGreaterThanOrEqual(250)
    expect(observed()).toEqual([
      { op: 'parked', s: 4, p: 1, o: 0, c: 'DLQ' },
      { op: 'group-offset', p: 0, o: 10 },
    ])
  })

  test('starts an ended consumer again, twice at most', async () => {
    const { drain, consumerClient, consumer, events } = await draining()
    if (consumer) consumer.ended = 'exit code 1'
    const timer = setInterval(() => {
      for (const name of ['consumer-1.2', 'consumer-1.3']) {
        try {
          if (consumerClient) consumerClient(name).ended = 'exit code 1'
        } catch {
          // It has not been started yet.
        }
      }
    }, 5)
    onTestFinished(() => clearInterval(timer))
    await drain()
    expect(events().filter(({ kind }) => kind === 'client-died')).toMatchObject([
      { lane: 'a', process: 'consumer-1', how: 'exit code 1' },
      { process: 'consumer-1.2' },
      { process: 'consumer-1.3' },
    ])
    expect(() => consumerClient?.('consumer-1.4')).toThrow('no fake client')
  })

  test('leaves an ended consumer where the scenario says so', async () => {
    const { drain, consumerClient, consumer } = await draining({}, {}, false)
    if (consumer) consumer.ended = 'exit code 1'
    await drain()
    expect(() => consumerClient?.('consumer-1.2')).toThrow('no fake client')
  })

  test('a consumer that does not stop in time is noted and killed', async () => {
    const { drain, committed, consumer, events } = await draining()
    committed.offset = 10
    if (consumer) Object.assign(consumer, { ignores: new Set(['stop']) })
    await drain()
    expect(events()).toMatchObject([{ kind: 'note', text: expect.stringContaining('consumer-1 done') }])
    expect(consumer?.ended).toBe('signal SIGKILL')
  })

  test('offsets that cannot be read are recorded for their lane alone', async () => {
    const { drain, events, observed } = await draining(
      {
        groupOffsets: async ({ id }) => {
          if (id === 'a') throw new LossproofError('cluster', 'NOT_COORDINATOR')
          return new Map([[0, 10]])
        },
      },
      { lanes: ['a', 'b'] },
    )
    await drain()
    const expired = events().filter(({ kind }) => kind === 'wait-expired')
    expect(expired).toMatchObject([
      { lane: 'a', what: 'consumers of a drained', seen: 'NOT_COORDINATOR' },
      { lane: 'a', what: 'group offsets of a', seen: 'NOT_COORDINATOR' },
    ])
    expect(observed('b')).toEqual([{ op: 'group-offset', p: 0, o: 10 }])
  })

  test('a group that has never committed stands at 0', async () => {
    const { drain, observed } = await draining({ groupOffsets: async () => new Map() })
    await drain()
    expect(observed()).toEqual([{ op: 'group-offset', p: 0, o: 0 }])
  })
})
