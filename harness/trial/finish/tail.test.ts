import { expect, test } from 'vitest'
import { fakeContext } from '../testing/fake-trial.ts'
import { waitForTail } from './tail.ts'

test('the tail ends when every lane has so many further messages acknowledged', async () => {
  const { context, producer, events } = await fakeContext({ lanes: ['a', 'b'], tail: 5 })
  producer.count('a', { acked: 100 })
  producer.count('b', { acked: 3 })
  const tail = waitForTail(context, 2000)
  let ended = false
  void tail.then(() => (ended = true))
  producer.count('a', { acked: 105 })
  producer.count('b', { acked: 7 })
  await new Promise(resolve => setTimeout(resolve, 60))
  expect(ended).toBe(false)
  producer.count('b', { acked: 8 })
  await tail
  expect(events()).toEqual([])
})

test('a lane with a fixed number of messages is done when it has sent them, acknowledged or not', async () => {
  const { context, producer, events } = await fakeContext({ workload: { messages: 20 } })
  producer.count('a', { sent: 20, acked: 0 })
  await waitForTail(context, 2000)
  expect(events()).toEqual([])
})

test('a lane that gets no acknowledgement any more is noted, and the trial goes on', async () => {
  const { context, producer, events } = await fakeContext({ lanes: ['a', 'b'], tail: 5 })
  producer.count('a', { acked: 0 })
  const tail = waitForTail(context, 50)
  producer.count('a', { acked: 9 })
  await tail
  expect(events()).toMatchObject([{ kind: 'note', text: expect.stringContaining('not yet in: b') }])
})

test('a dead producer ends the tail at once', async () => {
  const { context, producer } = await fakeContext()
  producer.fatal('out of memory')
  await expect(waitForTail(context, 60_000)).rejects.toThrow('client process producer-1 ended: out of memory')
})
