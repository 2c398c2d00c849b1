import { expect, test } from 'vitest'
import type { SlaveReading } from '../../../systems/shared/live-system.ts'
import { endsOf, fakeContext } from '../testing/fake-trial.ts'
import type { FakeState } from '../testing/fake-trial.ts'
import { sealEnds } from './sealed-ends.ts'

const slaves = (parts: Partial<SlaveReading> = {}): SlaveReading => ({
  masterDown: async () => true,
  unsettled: async () => [],
  topicUnknown: async () => undefined,
  ...parts,
})
const ends = (lane: string, ...at: number[]) => ({
  ...endsOf(lane, 0, 0, 0),
  ends: Object.fromEntries(at.map((end, index) => [index + 2, end])),
})

async function sealed(slaveReading: SlaveReading, lanes = ['a']) {
  const failed = new Set<string>()
  const fake = await fakeContext({ recovery: 'slaves', lanes }, { slaveReading })
  fake.state.ends = lanes.map(lane => ends(lane, 6, 6))
  return { ...fake, failed, seal: async () => sealEnds(fake.context, 60, failed) }
}

test('ends that slaves report twice alike, their master down, take the place of fences', async () => {
  const { seal, events } = await sealed(slaves())
  expect([...(await seal())]).toEqual([['a', [{ p: 0, fenceOffset: 5 }]]])
  expect(events()).toEqual([
    { kind: 'sealed', lane: 'a', p: 0, o: 6, seen: 'by broker-2, broker-3, the master is down' },
  ])
})

test('a topic that no broker knows has its end at 0', async () => {
  const { seal, events } = await sealed(slaves({ topicUnknown: async () => 'broker-2: TOPIC_NOT_EXIST' }))
  expect([...(await seal())]).toEqual([['a', [{ p: 0, fenceOffset: -1, topicUnknown: true }]]])
  expect(events()).toMatchObject([{ kind: 'sealed', o: 0, topicUnknown: true }])
})

test('partitions whose master runs are left to fences', async () => {
  const { seal } = await sealed(slaves({ masterDown: async ({ id }) => id === 'b' }), ['a', 'b'])
  expect([...(await seal()).keys()]).toEqual(['b'])
})

test.each<[string, string, Partial<SlaveReading>, (state: FakeState) => void]>([
  [
    'a slave has not read all of its log',
    'broker-2 has not put 9 bytes',
    { unsettled: async () => ['broker-2 has not put 9 bytes'] },
    () => {},
  ],
  ['slaves differ', 'a-0: {"2":6,"3":5}', {}, state => (state.ends = [ends('a', 6, 5)])],
  ['no slave answers', 'a-0: {}', {}, state => (state.ends = [ends('a')])],
])('ends are not final while %s', async (_why, seen, reading, change) => {
  const { seal, state, failed, events } = await sealed(slaves(reading))
  change(state)
  expect((await seal()).size).toBe(0)
  expect([...failed]).toEqual(['a'])
  expect(events()).toMatchObject([{ kind: 'wait-expired', lane: 'a', seen: expect.stringContaining(seen) }])
})

test('ends are not final while they grow, and lanes whose ends are final are sealed all the same', async () => {
  let end = 0
  const { seal, state, failed } = await sealed(
    slaves({
      unsettled: async () => {
        end += 1
        state.ends = [ends('a', end, end), ends('b', 4, 4)]
        return []
      },
    }),
    ['a', 'b'],
  )
  expect([...(await seal())]).toEqual([['b', [{ p: 0, fenceOffset: 3 }]]])
  expect([...failed]).toEqual(['a'])
})

test('a system that cannot read from slaves is refused by name', async () => {
  const fake = await fakeContext({ recovery: 'slaves' })
  await expect(sealEnds(fake.context, 60, new Set())).rejects.toThrow('system "any" lacks the ability "slaveReading"')
})
