import { expect, test } from 'vitest'
import { noStatus } from '../../../workloads/messages.ts'
import { fakeContext } from '../testing/fake-trial.ts'

test('pauses and resumes are recorded once each', async () => {
  const { context, events } = await fakeContext()
  const { producers } = context
  producers.resume()
  producers.resume()
  await producers.pause()
  await producers.pause()
  expect(events()).toEqual([
    { kind: 'producers', paused: false },
    { kind: 'producers', paused: true },
  ])
})

test('a process that is started again sends only if producers are not paused', async () => {
  const { context, producer, producerClient } = await fakeContext()
  const { producers } = context
  await producers.fleet.end({ name: 'producer-1' }, 'SIGKILL')
  await producers.fleet.restart({ name: 'producer-1' })
  producers.resumeUnlessPaused()
  expect(producerClient('producer-1.2').commands).toEqual(['start'])
  producers.resume()
  producers.resumeUnlessPaused()
  expect(producerClient('producer-1.2').commands).toEqual(['start', 'resume', 'resume'])
  expect(producer.commands).toEqual(['start'])
})

test('quiet means that nothing is in flight in any of the lanes', async () => {
  const { context, producer } = await fakeContext({ lanes: ['a', 'b'] })
  producer.count('b', { inFlight: 3 })
  await expect(context.producers.quiet(['a', 'b'], 30)).rejects.toThrow('last seen: b: 3 in flight')
  await context.producers.quiet(['a'], 30)
  setTimeout(() => producer.count('b', { inFlight: 0 }), 20)
  await context.producers.quiet(['a', 'b'], 2000)
})

test('quiet waits on while answers arrive, up to four limits, and gives up when none does', async () => {
  const { context } = await fakeContext()
  let looks = 0
  let lastAnswerAt = 0
  const answering = (times: number) => () => {
    looks += 1
    if (looks <= times) lastAnswerAt = performance.now()
    return { ...noStatus, inFlight: 1, acked: Math.min(looks, times) }
  }
  context.producers.fleet.status = answering(10)
  await expect(context.producers.quiet(['a'], 500)).rejects.toThrow('last seen: a: 1 in flight')
  expect(performance.now() - lastAnswerAt).toBeGreaterThanOrEqual(480)
  const began = performance.now()
  context.producers.fleet.status = answering(Infinity)
  await expect(context.producers.quiet(['a'], 50)).rejects.toThrow('not reached within 0.2 s')
  expect(performance.now() - began).toBeGreaterThanOrEqual(200)
})

test('answers have settled when none has come for 400 ms, although sends are in flight', async () => {
  const { context } = await fakeContext()
  let looks = 0
  let lastAnswerAt = 0
  // Each of the first five looks finds another answer.
  context.producers.fleet.status = () => {
    looks += 1
    if (looks <= 5) lastAnswerAt = performance.now()
    return { ...noStatus, inFlight: 2, acked: Math.min(looks, 5) }
  }
  await context.producers.settle(['a'])
  expect(looks).toBeGreaterThan(5)
  expect(performance.now() - lastAnswerAt).toBeGreaterThanOrEqual(400)
})

test('answers have settled at once when nothing is in flight', async () => {
  const { context } = await fakeContext()
  let looks = 0
  context.producers.fleet.status = () => {
    looks += 1
    return noStatus
  }
  await context.producers.settle(['a'])
  expect(looks).toBe(1)
})

test('stopping records how many sends the in-flight limit has dropped', async () => {
  const { context, producer, events } = await fakeContext()
  producer.count('a', { overflow: 12 })
  await context.producers.stop()
  expect(events()).toEqual([{ kind: 'client-stats', lane: 'a', process: 'producer-1', overflow: 12 }])
})

test('stopping records how many messages are still unanswered', async () => {
  const { context, producer, events } = await fakeContext()
  producer.count('a', { inFlight: 3 })
  await context.producers.stop()
  expect(events()).toEqual([{ kind: 'client-stats', lane: 'a', process: 'producer-1', overflow: 0, open: 3 }])
})
