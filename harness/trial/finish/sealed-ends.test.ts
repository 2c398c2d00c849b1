import { expect, test } from 'vitest'
import type { SlaveReading } from '../../../systems/shared/live-system.ts'
import { endsOf, fakeContext } from '../testing/fake-trial.ts'
import { sealEnds } from './sealed-ends.ts'

const slaves = (parts: Partial<SlaveReading> = {}): SlaveReading => ({
  unsettled: async () => [],
  topicUnknown: async () => undefined,
  ...parts,
})
const ends = (...at: number[]) => ({
  ...endsOf('a', 0, 0, 0),
  ends: Object.fromEntries(at.map((end, i) => [i + 2, end])),
})

async function sealed(slaveReading: SlaveReading) {
  const fake = await fakeContext({ recovery: 'slaves' }, { slaveReading })
  fake.state.ends = [ends(6, 6)]
  return { ...fake, seal: async () => sealEnds(fake.context, 60) }
}

test('ends that slaves report twice alike, every master down, take the place of fences', async () => {
  const { seal, events } = await sealed(slaves())
  expect([...(await seal())]).toEqual([['a', [{ p: 0, fenceOffset: 5 }]]])
  expect(events()).toEqual([
    { kind: 'sealed', lane: 'a', p: 0, o: 6, seen: 'by broker-2, broker-3, every master down' },
  ])
})

test('a topic that no broker knows has its end at 0', async () => {
  const { seal, events } = await sealed(slaves({ topicUnknown: async () => 'broker-2: TOPIC_NOT_EXIST' }))
  expect([...(await seal())]).toEqual([['a', [{ p: 0, fenceOffset: -1, topicUnknown: true }]]])
  expect(events()).toMatchObject([{ kind: 'sealed', o: 0, topicUnknown: true }])
})

test('ends are not final while a master runs, while slaves differ, or while they grow', async () => {
  const running = await sealed(slaves({ unsettled: async () => ['master broker-1 still runs'] }))
  await expect(running.seal()).rejects.toThrow('master broker-1 still runs')

  const different = await sealed(slaves())
  different.state.ends = [ends(6, 5)]
  await expect(different.seal()).rejects.toThrow('last seen: [{"lane":"a"')

  let end = 0
  const growing = await sealed(
    slaves({
      unsettled: async () => {
        growing.state.ends = [ends(++end, end)]
        return []
      },
    }),
  )
  await expect(growing.seal()).rejects.toThrow('final ends')
})

test('a system that cannot read from slaves alone is refused by name', async () => {
  const fake = await fakeContext({ recovery: 'slaves' })
  await expect(sealEnds(fake.context, 60)).rejects.toThrow('system "any" lacks the ability "slaveReading"')
})
