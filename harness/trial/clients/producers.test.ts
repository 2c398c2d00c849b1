import { expect, test } from 'vitest'
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

test('answers have settled when none has come for a while, although sends are in flight', async () => {
  const { context, producer } = await fakeContext()
  producer.count('a', { inFlight: 5, acked: 1 })
  const answers = setInterval(() => {
    const { acked, inFlight } = context.producers.status('a')
    if (inFlight > 2) producer.count('a', { acked: acked + 1, inFlight: inFlight - 1 })
  }, 100)
  const started = performance.now()
  await context.producers.settle(['a'])
  clearInterval(answers)
  expect(context.producers.status('a').inFlight).toBe(2)
  // Three answers at intervals of 100 ms, then 400 ms without one.
  expect(performance.now() - started).toBeGreaterThanOrEqual(600)
})

test('stopping records how many sends the in-flight limit has dropped', async () => {
  const { context, producer, events } = await fakeContext()
  producer.count('a', { overflow: 12 })
  await context.producers.stop()
  expect(events()).toEqual([{ kind: 'client-stats', lane: 'a', process: 'producer-1', overflow: 12 }])
})
