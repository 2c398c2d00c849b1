import type Dockerode from 'dockerode'
import { PassThrough } from 'node:stream'
import { expect, test } from 'vitest'
import { Supervisor } from './supervisor.ts'

/** A node that ends at each of its first starts with what `failures` says, and then stays up. */
function failing(failures: string[]) {
  let starts = 0
  const died: { action: string }[] = []
  const container = {
    id: 'x',
    start: async () => {
      starts += 1
      if (failures[starts - 1] !== undefined) died.push({ action: 'die' })
      return Promise.resolve()
    },
    logs: async () => {
      const log = new PassThrough()
      const failure = failures[starts - 1]
      if (failure === undefined) log.write('started\n')
      else log.end(`${failure}\n`)
      return Promise.resolve(log)
    },
    inspect: async () => Promise.resolve({ State: { Running: failures[starts - 1] === undefined, ExitCode: 1 } }),
    modem: { demuxStream: (from: PassThrough, to: PassThrough) => void from.pipe(to, { end: false }) },
  }
  const events = {
    mark: () => died.length,
    next: async (_: string, __: string, mark: number) => Promise.resolve(died[mark] as never),
  }
  const node = {
    id: 1,
    name: 'broker-1',
    container: container as unknown as Dockerode.Container,
    startedLine: /started/,
  }
  return { node, events, starts: () => starts }
}

const fast = { limitMs: 5000, pauseMs: 10, stableMs: 10 }

test('a node that ends while it starts is started again until it stays up', async () => {
  const { node, events, starts } = failing(['no space left', 'no space left'])
  const supervisor = new Supervisor(events, fast)
  await supervisor.start(node)
  await expect.poll(starts).toBe(3)
  await expect.poll(() => supervisor.failures()).toEqual([])
})

test('a node that printed its started line and then ended is started again as well', async () => {
  const { node, events, starts } = failing(['started and then halted'])
  await new Supervisor(events, fast).start(node)
  await expect.poll(starts).toBe(2)
})

test('a node that never stays up is named with the end of its log, and left alone at the limit', async () => {
  const { node, events, starts } = failing(Array.from({ length: 1000 }, () => 'no space left'))
  const supervisor = new Supervisor(events, { ...fast, limitMs: 100 })
  await supervisor.start(node)
  await expect
    .poll(() => supervisor.failures().join())
    .toMatch(/broker-1 ended with exit code 1 after start number \d+; its log ends: no space left/)
  await new Promise(resolve => setTimeout(resolve, 200))
  const atLimit = starts()
  await new Promise(resolve => setTimeout(resolve, 100))
  expect(starts()).toBe(atLimit)
})

test('a node that is still starting at the limit, after it has ended before, is named as well', async () => {
  const { node, events, starts } = failing(['no space left'])
  const supervisor = new Supervisor(events, { ...fast, limitMs: 100, pauseMs: 50 })
  await supervisor.start({ ...node, startedLine: /never printed/ })
  await expect.poll(starts).toBe(2)
  await new Promise(resolve => setTimeout(resolve, 200))
  expect(supervisor.failures().join()).toMatch(/broker-1 ended with exit code 1 after start number 1/)
})

test('a node that is ended on purpose is not started again', async () => {
  const { node, events, starts } = failing(['no space left', 'no space left'])
  const supervisor = new Supervisor(events, { ...fast, pauseMs: 100 })
  await supervisor.start(node)
  supervisor.release(node.id)
  await new Promise(resolve => setTimeout(resolve, 300))
  expect(starts()).toBe(1)
  expect(supervisor.failures()).toEqual([])
})
