import { PassThrough } from 'node:stream'
import { expect, test } from 'vitest'
import { endOf, NodeBootError, StartedLine, watchBoot } from './boot.ts'

/** A container that prints these lines; its log ends when the process does. */
function printing(lines: string[], exitCode?: number) {
  const log = new PassThrough()
  for (const line of lines) log.write(`${line}\n`)
  if (exitCode !== undefined) log.end()
  return {
    id: 'x',
    logs: async () => Promise.resolve(log),
    inspect: async () => Promise.resolve({ State: { Running: exitCode === undefined, ExitCode: exitCode ?? 0 } }),
    modem: { demuxStream: (from: PassThrough, to: PassThrough) => void from.pipe(to, { end: false }) },
  } as unknown as Parameters<typeof watchBoot>[0] & Parameters<StartedLine['waitUntilReady']>[0]
}

test('a node has started when it prints its started line', async () => {
  const { outcome, log } = await watchBoot(printing(['loading', 'server started', 'later']), /started/, 0, 5000)
  expect(outcome).toEqual({ kind: 'started' })
  expect(log).toBe('loading\nserver started\n')
})

test('a node that ends first is reported at once, with its exit code and its log', async () => {
  const began = performance.now()
  const waiting = new StartedLine('broker-1', /started/, 60_000).waitUntilReady(
    printing(['loading', 'disk is full'], 3),
  )
  const error = await waiting.catch((thrown: unknown) => thrown)
  expect(error).toBeInstanceOf(NodeBootError)
  expect(error).toMatchObject({
    message: 'broker-1 ended with exit code 3 while it was starting; its log ends: loading | disk is full',
    log: 'loading\ndisk is full\n',
    ended: true,
    code: 'cluster',
  })
  expect(performance.now() - began).toBeLessThan(30_000)
})

test('a node that prints nothing until the limit did not start in time', async () => {
  const waiting = new StartedLine('broker-1', /started/, 20).waitUntilReady(printing([]))
  await expect(waiting).rejects.toThrow('broker-1 did not start within 0.02 s; it printed nothing')
})

test('of a log that goes on after an exception, the exception is named', () => {
  const log = [
    'starting',
    '01:25:49 java.lang.NumberFormatException: Cannot parse null string',
    '\tat org.apache.rocketmq.common.utils.CheckpointFile.read(CheckpointFile.java:107)',
    ...['a', 'b', 'c', 'd'].map(thread => `shutdown ${thread}`),
  ]
  const end = 'shutdown a | shutdown b | shutdown c | shutdown d'
  expect(endOf(log.join('\n'))).toBe(
    `its log has java.lang.NumberFormatException: Cannot parse null string, and ends: ${end}`,
  )
  expect(endOf(log.slice(0, 3).join('\n'))).toMatch(/^its log ends: starting \| 01:25:49 java\.lang\.Number/)
  expect(endOf(' \n')).toBe('it printed nothing')
})
