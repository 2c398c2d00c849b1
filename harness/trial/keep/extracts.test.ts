import { mkdtempSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { beforeEach, describe, expect, test } from 'vitest'
import type Dockerode from 'dockerode'
import { EventLog } from '../../../history/appender.ts'
import { replicasFile, trialPaths } from '../../../history/folder.ts'
import { readEvents, readReplicas } from '../../../history/reader.ts'
import { Extracts } from './extracts.ts'
import type { FrozenDisk, ReplicaState } from '../../../systems/shared/live-system.ts'

const brokers = [1, 2, 3].map(id => ({ id, name: `broker-${id}` }))
const helper = {} as Dockerode.Container
let folder: string
let broken: Set<number>
let extracts: Extracts
let slow: Map<number, number>
const limits = { readingMs: 60, waitingMs: 100 }

const state = (): ReplicaState[] => [
  { lane: 'a', p: 0, state: 'running', start: 0, end: 1, epochs: [], runs: [[0, 1, 0, 0, 0]] },
]

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'lossproof-extracts-'))
  broken = new Set()
  slow = new Map()
  const logs = {
    read: async (broker: number) => {
      await new Promise(resolve => setTimeout(resolve, slow.get(broker) ?? 0))
      if (broken.has(broker)) throw new Error('the disk is gone')
      return state()
    },
    readFrozen: async (_: number, { fetched }: FrozenDisk) => {
      fetched()
      return state()
    },
  }
  const log = new EventLog(trialPaths(folder, 't').events)
  extracts = new Extracts({ logs, brokers, folder, trial: 't', log }, limits)
})

const taken = () => readReplicas(replicasFile(folder, 't', 'a')).map(({ at, broker }) => `${at} ${broker}`)
const allRead = async () => Promise.all(brokers.map(async ({ id }) => extracts.readingDone(id)))

describe('when replicas are read', () => {
  test('a killed broker once, while it is down, and the others when the fault is injected', async () => {
    extracts.killed(1)
    extracts.injected([1])
    await allRead()
    expect(taken().toSorted()).toEqual(['fault 2', 'fault 3', 'killed 1'])
    await extracts.healing([2])
    await extracts.starting(1)
    expect(taken()).toHaveLength(3)
    await extracts.end()
    expect(taken().slice(3).toSorted()).toEqual(['end 1', 'end 2', 'end 3'])
  })

  test('page caches before the power is lost, and once what the disk has kept', async () => {
    await extracts.frozen(
      helper,
      new Map([
        [1, '/broker-1'],
        [2, '/broker-2'],
      ]),
    )
    extracts.injected([1])
    await extracts.healing([3])
    await extracts.starting(1)
    await extracts.starting(2)
    expect(taken().toSorted()).toEqual(['dark 1', 'dark 2', 'fault 1', 'fault 2', 'fault 3'])
  })

  test('a stopped broker before it starts; after its start it has to be read again', async () => {
    await extracts.starting(2)
    extracts.killed(2)
    await extracts.starting(2)
    await extracts.starting(2)
    expect(taken()).toEqual(['start 2', 'killed 2', 'start 2'])
  })

  test('before a heal, only if a former leader runs and does not lead any more', async () => {
    extracts.injected([1, 2])
    await extracts.healing([1, 2])
    expect(taken()).toEqual([])
    await extracts.healing([1, 3])
    expect(taken().toSorted()).toEqual(['heal 1', 'heal 2', 'heal 3'])
  })

  test('nodes without data are never read', async () => {
    extracts.killed(101)
    extracts.injected([1])
    await extracts.starting(101)
    await allRead()
    expect(taken()).toEqual([])
  })
})

test('a broker that cannot be read is noted, and the others are read', async () => {
  broken.add(2)
  await extracts.end()
  expect(taken().toSorted()).toEqual(['end 1', 'end 3'])
  expect(readEvents(trialPaths(folder, 't').events)).toMatchObject([
    { kind: 'note', text: 'no extract of broker-2 (end): the disk is gone' },
  ])
})

describe('readings are bounded', () => {
  const notes = () => readEvents(trialPaths(folder, 't').events).map(event => event.kind === 'note' && event.text)

  test('one that takes too long is given up, and no other begins while it is under way', async () => {
    slow.set(2, 200)
    await extracts.starting(2)
    await extracts.end()
    expect(taken().toSorted()).toEqual(['end 1', 'end 3'])
    expect(notes()).toEqual([
      'no extract of broker-2 (start): the reading took longer than 0.06 s',
      'no extract of broker-2 (end): an earlier reading that was given up is still under way',
    ])
    slow.clear()
    await expect.poll(async () => extracts.end().then(taken), { interval: 50 }).toContain('end 2')
  })

  test('a schedule that has waited long enough waits for no more of them, and the end is still read', async () => {
    for (const { id } of brokers) slow.set(id, 40)
    extracts.injected([1])
    for (let heal = 0; heal < 6; heal++) await extracts.healing([2])
    const heals = taken().filter(at => at === 'heal 1').length
    expect(heals).toBeGreaterThanOrEqual(2)
    expect(heals).toBeLessThanOrEqual(3)
    expect(notes()).toHaveLength(1)
    expect(notes()[0]).toContain('no more extracts are taken before starts and heals')
    await extracts.end()
    expect(taken().slice(-3).toSorted()).toEqual(['end 1', 'end 2', 'end 3'])
  })
})
