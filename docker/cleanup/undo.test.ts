import type Dockerode from 'dockerode'
import { expect, test } from 'vitest'
import { runLabel } from '../engine/labels.ts'
import { undoActs } from './undo.ts'

type State = { Running: boolean; Paused: boolean; StartedAt: string }

/** An engine with one container, in the next of these states at each look, and reminders of what was done to it. */
function engine(states: State[], reminders: readonly unknown[]) {
  const done: string[] = []
  const volumes = reminders.map((what, at) => ({
    Name: `reminder-${at}`,
    Labels: { [runLabel]: 'r', 'lossproof.undo': typeof what === 'string' ? what : JSON.stringify(what) },
  }))
  const docker = {
    listVolumes: async () => ({ Volumes: volumes }),
    getVolume: (name: string) => ({ remove: async () => done.push(`forget ${name}`) }),
    getContainer: () => ({
      inspect: async () => ({ Name: '/shop-kafka1-1', State: states.length > 1 ? states.shift() : states[0] }),
      start: async () => done.push('start'),
      unpause: async () => done.push('unpause'),
    }),
  }
  return { docker: docker as unknown as Dockerode, done }
}

const runs = { Running: true, Paused: false, StartedAt: 'first' }
const ended = { ...runs, Running: false }
const frozen = { ...runs, Paused: true }
const cut = (at = Date.now()) => ({
  container: 'c',
  act: { kind: 'cut', startedAt: 'first', image: 'helper', rules: [['INPUT', '-j', 'DROP']] },
  at,
})
const reminder = (kind: 'ended' | 'frozen', at = Date.now()) => ({
  container: 'c',
  act: { kind, startedAt: 'first' },
  at,
})

test('a container that still ends is awaited and started again', async () => {
  const { docker, done } = engine([runs, runs, ended], [reminder('ended')])
  expect(await undoActs(docker, () => true)).toEqual({ healed: ['shop-kafka1-1'], failures: [] })
  expect(done).toEqual(['start', 'forget reminder-0'])
})

test('a container that is being frozen is awaited and resumed', async () => {
  const { docker, done } = engine([runs, frozen], [reminder('frozen')])
  expect((await undoActs(docker, () => true)).healed).toEqual(['shop-kafka1-1'])
  expect(done).toEqual(['unpause', 'forget reminder-0'])
})

test('a signal that had no effect in time is forgotten', async () => {
  const { docker, done } = engine([runs], [reminder('ended', Date.now() - 91_000)])
  expect(await undoActs(docker, () => true)).toEqual({ healed: [], failures: [] })
  expect(done).toEqual(['forget reminder-0'])
})

test('a container that its owner has started and stopped again is left alone', async () => {
  const { docker, done } = engine([{ ...ended, StartedAt: 'later' }], [reminder('ended')])
  expect((await undoActs(docker, () => true)).healed).toEqual([])
  expect(done).toEqual(['forget reminder-0'])
})

test('a reminder that cannot be read is reported and stays, and the others are followed', async () => {
  const { docker, done } = engine([ended], ['{', reminder('ended')])
  const { healed, failures } = await undoActs(docker, () => true)
  expect(healed).toEqual(['shop-kafka1-1'])
  expect(failures.map(String)).toEqual([expect.stringContaining('the reminder reminder-0 cannot be read')])
  expect(done).toEqual(['start', 'forget reminder-1'])
})

test.each([
  ['is down', { ...runs, Running: false }],
  ['was started again', { ...runs, StartedAt: 'later' }],
])('rules of a container that %s are gone with its network namespace', async (_, state) => {
  const { docker, done } = engine([state], [cut()])
  expect(await undoActs(docker, () => true)).toEqual({ healed: [], failures: [] })
  expect(done).toEqual(['forget reminder-0'])
})

test('rules that cannot be removed are reported, and their reminder stays', async () => {
  const { docker, done } = engine([runs], [cut(Date.now() - 10_000)])
  const { healed, failures } = await undoActs(docker, () => true)
  expect({ healed, failures: failures.map(String) }).toEqual({
    healed: [],
    failures: [expect.stringContaining('container c could not be healed')],
  })
  expect(done).toEqual([])
})
