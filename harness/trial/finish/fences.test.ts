import { expect, test } from 'vitest'
import { LossproofError } from '../../../model/errors.ts'
import type { TrialSystem } from '../../../systems/shared/live-system.ts'
import { endsOf, fakeContext } from '../testing/fake-trial.ts'
import type { FakeOptions } from '../testing/fake-trial.ts'
import { writeFences } from './fences.ts'

const short = { laneMs: 60, allMs: 500, leastMs: 20, replicasMs: 100 }

interface Lanes {
  /** Lanes that take no fence. */
  refused?: string[]
  /** A lane in which a message arrives right after the first fence. */
  lateIn?: string
}

/** Lanes whose three replicas end at the given offsets, the leader's first. A fence reaches every replica. */
async function fenced(
  ends: Record<string, [number, number, number]>,
  options: FakeOptions = {},
  { refused = [], lateIn }: Lanes = {},
) {
  const writes: string[] = []
  const append = (lane: string, records: number) => {
    fake.state.ends = fake.state.ends.map(partition => {
      if (partition.lane !== lane) return partition
      const grown = Object.entries(partition.ends).map(([broker, end]) => [broker, end + records])
      return { ...partition, ends: Object.fromEntries(grown) }
    })
  }
  const system: Partial<TrialSystem> = {
    writeFence: async ({ id }, p) => {
      if (refused.includes(id)) throw new LossproofError('cluster', 'INVALID_RECORD')
      const offset = fake.state.ends.find(({ lane }) => lane === id)?.ends[1] ?? -1
      append(id, id === lateIn && !writes.includes(`${id}-${p}`) ? 2 : 1)
      writes.push(`${id}-${p}`)
      return { value: offset, seen: '' }
    },
  }
  const fake = await fakeContext({ lanes: Object.keys(ends), ...options }, system)
  fake.state.ends = Object.entries(ends).map(([lane, at]) => endsOf(lane, ...at))
  return { ...fake, writes, write: async () => writeFences(fake.context, short) }
}

const expired = (events: Record<string, unknown>[]) => events.filter(({ kind }) => kind === 'wait-expired')

test('each partition of each lane gets a fence, and every replica ends with it', async () => {
  const { write, events } = await fenced({ a: [7, 7, 7], b: [9, 9, 9] })
  expect([...(await write())]).toEqual([
    ['a', [{ p: 0, fenceOffset: 7 }]],
    ['b', [{ p: 0, fenceOffset: 9 }]],
  ])
  expect(events()).toEqual([
    { kind: 'fence', lane: 'a', p: 0, o: 7 },
    { kind: 'fence', lane: 'b', p: 0, o: 9 },
  ])
})

test('a lane that takes no fence is recorded with the reason, and the other lanes have theirs', async () => {
  const { write, events } = await fenced({ a: [7, 7, 7], bad: [0, 0, 0], c: [1, 1, 1] }, {}, { refused: ['bad'] })
  expect([...(await write()).keys()].toSorted()).toEqual(['a', 'c'])
  expect(expired(events())).toEqual([
    { kind: 'wait-expired', lane: 'bad', what: 'fence in bad-0', limitMs: 60, seen: 'INVALID_RECORD' },
  ])
})

test('a lane whose replica stays behind its fence gets no fence; the other lanes keep theirs', async () => {
  const { write, events } = await fenced({ a: [7, 7, 7], late: [4, 2, 4] })
  expect([...(await write()).keys()]).toEqual(['a'])
  expect(expired(events())).toMatchObject([
    { lane: 'late', what: 'every replica ends with its fence', seen: 'late-0: {"1":5,"2":3,"3":5}, expected 5' },
  ])
})

test('with recovery from masters only the ends of masters count', async () => {
  const { write } = await fenced({ a: [4, 2, 4] }, { recovery: 'masters' })
  expect([...(await write()).keys()]).toEqual(['a'])
})

test('a partition in which a message comes after the fence gets another fence', async () => {
  const { write, writes, events } = await fenced({ a: [7, 7, 7], b: [1, 1, 1] }, {}, { lateIn: 'a' })
  // Messages 0 to 6, the fence 7, the late message 8, the second fence 9.
  expect([...(await write())]).toEqual([
    ['a', [{ p: 0, fenceOffset: 9 }]],
    ['b', [{ p: 0, fenceOffset: 1 }]],
  ])
  expect(writes.filter(lane => lane === 'a-0')).toHaveLength(2)
  expect(events().filter(({ kind }) => kind === 'fence')).toHaveLength(3)
})

test('replicas that do not answer at all leave every lane without a fence, with what was seen', async () => {
  const { write, events, context } = await fenced({ a: [7, 7, 7], b: [1, 1, 1] })
  context.observer.replicaEnds = async () => []
  expect((await write()).size).toBe(0)
  expect(expired(events()).map(({ lane, seen }) => [lane, seen])).toEqual([
    ['a', 'a-0: {}, expected 8'],
    ['b', 'b-0: {}, expected 2'],
  ])
})

test('a bug while a fence is written is thrown, not taken for a state of the cluster', async () => {
  const fake = await fakeContext(
    {},
    {
      writeFence: async () => {
        throw new LossproofError('internal', 'a bug')
      },
    },
  )
  await expect(writeFences(fake.context, short)).rejects.toThrow('a bug')
})

test('with recovery from slaves, a lane with a running master gets fences, one without is sealed where it ends', async () => {
  const fake = await fenced({ runs: [7, 5, 7], down: [4, 4, 4] }, { recovery: 'slaves' })
  const slaveReading = {
    masterDown: async ({ id }: { id: string }) => id === 'down',
    unsettled: async () => [],
    topicUnknown: async () => undefined,
  }
  Object.assign(fake.context.system, { slaveReading })
  const fences = await fake.write()
  expect(fences.get('runs')).toEqual([{ p: 0, fenceOffset: 7 }])
  expect(fences.get('down')).toEqual([{ p: 0, fenceOffset: 3 }])
  expect(fake.writes).toEqual(['runs-0'])
})
