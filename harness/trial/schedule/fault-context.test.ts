import { expect, test } from 'vitest'
import { fakeContext } from '../testing/fake-trial.ts'
import { faultContext } from './fault-context.ts'

const broker = { id: 1, name: 'broker-1' }
const acts = (context: { cluster: unknown }) => (context.cluster as { acts: string[] }).acts

test('a killed broker is read before it starts again, and its files are touched only after that', async () => {
  const order: string[] = []
  const fake = await fakeContext()
  fake.context.extracts = {
    killed: (id: number) => void order.push(`killed ${id}`),
    starting: async (id: number) => void order.push(`starting ${id}, acts so far ${acts(fake.context).length}`),
    readingDone: async (id: number) => void order.push(`reading done ${id}`),
  } as never
  const faults = faultContext(fake.context)
  expect(await faults.end(broker, 'SIGKILL')).toMatchObject({ exitCode: 137 })
  await faults.onDisk(broker, 'rm x')
  await faults.start(broker)
  await faults.end(broker, 'SIGTERM')
  expect(order).toEqual(['killed 1', 'reading done 1', 'starting 1, acts so far 2'])
  expect(acts(fake.context)).toEqual(['SIGKILL 1', 'disk 1: rm x', 'boot 1', 'SIGTERM 1'])
})

test('clients are found in whichever fleet has them', async () => {
  const { context } = await fakeContext({ consumer: true })
  const faults = faultContext(context)
  await faults.endClient({ name: 'consumer-1' }, 'SIGKILL')
  expect(await faults.clientState({ name: 'consumer-1' })).toMatchObject({ running: false, ended: 'signal SIGKILL' })
  expect(await faults.clientState({ name: 'producer-1' })).toMatchObject({ running: true })
  await expect(faults.clientState({ name: 'nobody' })).rejects.toThrow('unknown client process nobody')
})

test('a producer that is started again or woken sends with the others', async () => {
  const { context, producer, producerClient } = await fakeContext()
  const faults = faultContext(context)
  context.producers.resume()
  await faults.freezeClient({ name: 'producer-1' })
  await faults.wakeClient({ name: 'producer-1' })
  expect(producer.commands).toEqual(['start', 'resume', 'resume'])
  await faults.endClient({ name: 'producer-1' }, 'SIGKILL')
  await faults.startClient({ name: 'producer-1' })
  expect(producerClient('producer-1.2').commands).toEqual(['start', 'resume'])
})

test('sends and acknowledgements are counted over all lanes', async () => {
  const { context, producer } = await fakeContext({ lanes: ['a', 'b'] })
  producer.count('a', { sent: 5, acked: 4 })
  producer.count('b', { sent: 7, acked: 1 })
  expect(faultContext(context).sent()).toEqual({ sent: 12, acked: 5 })
})

test('only the end of a node log is handed out', async () => {
  const { context } = await fakeContext()
  expect((await faultContext(context).lastLog(broker)).length).toBe(20_000)
})

test('abilities of the system are used where it has them, and are a bug of the planner where it does not', async () => {
  const without = faultContext((await fakeContext()).context)
  await expect(without.activeController()).rejects.toThrow('lacks the ability "activeController"')
  await expect(without.transferLeadership([], 2)).rejects.toThrow('lacks the ability "transferLeadership"')
  const { context } = await fakeContext({}, { activeController: async () => ({ id: 3, epoch: 9 }) })
  expect(await faultContext(context).activeController()).toEqual({ id: 3, epoch: 9 })
})

test('a look has settled when two in a row are alike, or after so many looks', async () => {
  const { context } = await fakeContext()
  const faults = faultContext(context)
  const looks = [1, 2, 3, 3, 4]
  expect(
    await faults.settled(
      async () => looks.shift() ?? 0,
      (now, before) => now === before,
    ),
  ).toBe(3)
  let looked = 0
  const never = () => false
  expect(await faults.settled(async () => ++looked, never, 2)).toBe(3)
})
