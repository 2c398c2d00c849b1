import type Dockerode from 'dockerode'
import { PassThrough } from 'node:stream'
import { expect, test } from 'vitest'
import type { EngineEvents } from '../engine/events.ts'
import { Nodes } from './nodes.ts'

const conflict = (message: string) => Object.assign(new Error(`(HTTP code 409) ${message}`), { statusCode: 409 })

/** One node with this state; every request to the engine is recorded. */
function nodeThat(state: { running?: boolean; paused?: boolean; exitCode?: number }, killable = true) {
  const asked: string[] = []
  const now = { Running: state.running ?? true, Paused: state.paused ?? false, ExitCode: state.exitCode ?? 0 }
  const container = (name: string) => ({
    id: name,
    kill: async ({ signal }: { signal: string }) => {
      asked.push(`${name} ${signal}`)
      if (name === 'node' && !now.Running) throw conflict('is not running')
      if (!killable) throw conflict('tried to kill container, but did not receive an exit event')
      if (name === 'node') Object.assign(now, { Running: false, ExitCode: 137 })
    },
    start: async () => {
      asked.push(`${name} start`)
      if (name === 'node') now.Running = true
    },
    pause: async () => void asked.push(`${name} pause`),
    inspect: async () => ({ State: { ...now, StartedAt: '' } }),
    logs: async () => {
      const log = new PassThrough()
      log.write('started\n')
      return log
    },
    modem: { demuxStream: (from: PassThrough, to: PassThrough) => void from.pipe(to, { end: false }) },
  })
  const events = {
    mark: () => 0,
    next: async () => ({ container: 'node', action: 'die', exitCode: 137 }),
  } as unknown as EngineEvents
  const nodes = new Nodes(
    [
      {
        id: 1,
        name: 'broker-1',
        container: container('node') as unknown as Dockerode.Container,
        holder: { container: container('holder') as unknown as Dockerode.Container, address: '10.0.0.2' },
        startedLine: /started/,
      },
    ],
    events,
  )
  return { nodes, asked }
}

test('a node that runs is ended, with its exit code and the event of the engine', async () => {
  const { nodes } = nodeThat({})
  expect(await nodes.end(1, 'SIGKILL')).toEqual({ exitCode: 137, engineEvent: 'die, exit code 137' })
})

test('a node that another fault has ended is left out, with the exit code of that end', async () => {
  const { nodes } = nodeThat({ running: false, exitCode: 137 })
  expect(await nodes.end(1, 'SIGTERM')).toEqual({ exitCode: 137, engineEvent: undefined, wasDown: true })
})

test('a frozen node cannot be ended by SIGTERM, which the error says', async () => {
  const { nodes, asked } = nodeThat({ paused: true })
  await expect(nodes.end(1, 'SIGTERM')).rejects.toThrow('broker-1 is frozen by another fault')
  expect(asked).toEqual([])
})

test('a node that the engine cannot kill is an error with what the engine said', async () => {
  const { nodes } = nodeThat({}, false)
  await expect(nodes.end(1, 'SIGKILL')).rejects.toMatchObject({
    code: 'cluster',
    message: expect.stringContaining(
      'broker-1 could not be ended with SIGKILL: (HTTP code 409) tried to kill',
    ) as string,
  })
})

test.each([{ running: false }, { paused: true }])('a node that is %o is not frozen again', async state => {
  const { nodes, asked } = nodeThat(state)
  await nodes.pause(1)
  expect(asked).toEqual([])
})

test('a killed process starts again in the namespace that it had', async () => {
  const { nodes, asked } = nodeThat({ running: false })
  await nodes.boot(1)
  nodes.release()
  expect(asked).toEqual(['node start'])
})

test('after a power loss the namespace is new, and its rules are set before the node starts', async () => {
  const { nodes, asked } = nodeThat({ running: false })
  nodes.onNewNamespace(async id => void asked.push(`rules of ${id}`))
  nodes.lostPower([1])
  expect(nodes.isWithoutPower(1)).toBe(true)
  await nodes.boot(1)
  nodes.release()
  expect(asked).toEqual(['holder SIGKILL', 'holder start', 'rules of 1', 'node start'])
  expect(nodes.isWithoutPower(1)).toBe(false)
})
