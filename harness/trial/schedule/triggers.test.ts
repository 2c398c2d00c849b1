import { describe, expect, test } from 'vitest'
import type { Trigger } from '../../../model/plan.ts'
import { WaitExpired } from '../../../model/wait.ts'
import { fakeContext, trigger, view } from '../testing/fake-trial.ts'
import { countersOf, waitForTrigger } from './triggers.ts'
import type { Baseline } from './triggers.ts'

type Fake = Awaited<ReturnType<typeof fakeContext>>

const baseline = (parts: Partial<Baseline> = {}): Baseline => ({
  windows: new Map(),
  lastStep: new Map(),
  lastStepAt: 0,
  partitions: [],
  ...parts,
})

/** Waits up to 30 ms for the trigger. Returns `fired`, or the state that was last seen. */
async function look({ context }: Fake, parts: Partial<Trigger>, base = baseline()): Promise<string> {
  try {
    await waitForTrigger(context, trigger({ limitMs: 30, ...parts }), base)
    return 'fired'
  } catch (error) {
    if (!(error instanceof WaitExpired)) throw error
    return error.seen
  }
}

describe('counts', () => {
  test('a count is met in every lane that the trigger speaks of, and only there', async () => {
    const fake = await fakeContext({ lanes: ['a', 'b'] })
    fake.producer.count('a', { acked: 50, sent: 60 })
    fake.producer.count('b', { acked: 20, sent: 60 })
    expect(await look(fake, { acked: 50, lanes: ['a'] })).toBe('fired')
    expect(await look(fake, { acked: 50, lanes: ['a', 'b'] })).toBe('b: 20 of 50 acked')
    expect(await look(fake, { acked: 50, sent: 61, lanes: ['a'] })).toBe('a: 60 of 61 sent')
  })

  test('counts begin with the trial, with a window, or with the last step', async () => {
    const fake = await fakeContext()
    fake.producer.count('a', { acked: 40 })
    const windows = new Map([['cut', countersOf(fake.context)]])
    fake.producer.count('a', { acked: 60 })
    const base = baseline({ windows, lastStep: countersOf(fake.context) })
    fake.producer.count('a', { acked: 70 })
    expect(await look(fake, { acked: 70 }, base)).toBe('fired')
    expect(await look(fake, { acked: 30, in: 'cut' }, base)).toBe('fired')
    expect(await look(fake, { acked: 31, in: 'cut' }, base)).toBe('a: 30 of 31 acked')
    expect(await look(fake, { acked: 10, sinceLastStep: true }, base)).toBe('fired')
    expect(await look(fake, { acked: 11, sinceLastStep: true }, base)).toBe('a: 10 of 11 acked')
  })

  test('counts of consumers are zero where a lane has none', async () => {
    const fake = await fakeContext()
    expect(await look(fake, { processed: 1 })).toBe('a: 0 of 1 processed')
    const consuming = await fakeContext({ consumer: true })
    consuming.consumer?.count('a', { processed: 3, uncommitted: 2, backlog: 1 })
    expect(await look(consuming, { processed: 3, uncommitted: 2, backlog: 1 })).toBe('fired')
    expect(await look(consuming, { uncommitted: 3, backlog: 2 })).toBe(
      'a: 2 of 3 uncommitted; a: 1 of 2 waiting for a worker',
    )
  })

  test('unanswered sends are those in flight now', async () => {
    const fake = await fakeContext()
    fake.producer.count('a', { inFlight: 4 })
    expect(await look(fake, { unanswered: 4 })).toBe('fired')
    fake.producer.count('a', { inFlight: 3 })
    expect(await look(fake, { unanswered: 4 })).toBe('a: 3 of 4 unanswered')
  })
})

describe('replicas', () => {
  test('`leader` needs the leader alone in the ISR, a number that many members; neither fires while brokers disagree', async () => {
    const fake = await fakeContext()
    fake.state.views.set('a', view(1, 0, [1]))
    expect(await look(fake, { isr: 'leader' })).toBe('fired')
    expect(await look(fake, { isr: 1 })).toBe('fired')
    fake.state.views.set('a', view(1, 0, [2]))
    expect(await look(fake, { isr: 'leader' })).toBe('a-0: leader 1 epoch 0 isr 2')
    fake.state.views.set('a', { ...view(1), isr: undefined })
    expect(await look(fake, { isr: 'leader' })).toContain('not agreed on')
    expect(await look(fake, { isr: 3 })).toContain('not agreed on')
  })

  test('the leader changed when another node leads in a later epoch', async () => {
    const fake = await fakeContext()
    const base = baseline({ partitions: [{ lane: 'a', p: 0, view: view(1, 4) }] })
    const leads = async (leader: number, epoch: number) => {
      fake.state.views.set('a', view(leader, epoch))
      return look(fake, { leaderChanged: true }, base)
    }
    expect(await leads(2, 5)).toBe('fired')
    expect(await leads(1, 5)).toContain('leader 1 epoch 5')
    expect(await leads(2, 4)).toContain('leader 2 epoch 4')
    expect(await leads(-1, 5)).toContain('leader -1')
  })

  test('without a leader to compare with, no change of leader is seen', async () => {
    const fake = await fakeContext()
    fake.state.views.set('a', view(2, 5))
    expect(await look(fake, { leaderChanged: true })).toContain('leader 2')
  })

  test('a partition is offline when it has no leader, or when no broker answers', async () => {
    const fake = await fakeContext()
    expect(await look(fake, { offline: true })).toContain('leader 1')
    fake.state.views.set('a', view(-1))
    expect(await look(fake, { offline: true })).toBe('fired')
    fake.state.views.clear()
    expect(await look(fake, { offline: true })).toBe('fired')
    expect(await look(fake, { isr: 1 })).toBe('no broker answered')
  })
})

describe('other states', () => {
  test('recovered asks for answers to questions that came after the last step', async () => {
    const asked: number[] = []
    const fake = await fakeContext(
      {},
      {
        recovery: since => {
          asked.push(since)
          return { recovered: since === 7, seen: 'broker-2 is out of sync' }
        },
      },
    )
    expect(await look(fake, { recovered: true }, baseline({ lastStepAt: 7 }))).toBe('fired')
    expect(await look(fake, { recovered: true }, baseline({ lastStepAt: 8 }))).toBe('broker-2 is out of sync')
    expect(new Set(asked)).toEqual(new Set([7, 8]))
  })

  test('time passes since the last step, whatever else is seen', async () => {
    const fake = await fakeContext()
    const lastStepAt = fake.context.log.now()
    expect(await look(fake, { elapsedMs: 10 }, baseline({ lastStepAt }))).toBe('fired')
    expect(await look(fake, { elapsedMs: 60_000 }, baseline({ lastStepAt }))).toBe('0 of 60 s have passed')
  })

  test('a client process of the lane has ended', async () => {
    const fake = await fakeContext({ consumer: true })
    expect(await look(fake, { clientGone: true })).toBe('a: all its client processes run')
    await fake.context.consumers?.fleet.end({ name: 'consumer-1' }, 'SIGKILL')
    expect(await look(fake, { clientGone: true })).toBe('fired')
  })

  test('brokers are asked what they have flushed only when all else is met', async () => {
    let left = ['broker-1 has 1 KiB to flush']
    let asked = 0
    const unflushed = async () => {
      asked += 1
      return left
    }
    const fake = await fakeContext({}, { unflushed })
    expect(await look(fake, { flushed: true, acked: 1 })).toBe('a: 0 of 1 acked')
    expect(asked).toBe(0)
    fake.producer.count('a', { acked: 1 })
    expect(await look(fake, { flushed: true, acked: 1 })).toBe('broker-1 has 1 KiB to flush')
    left = []
    expect(await look(fake, { flushed: true, acked: 1 })).toBe('fired')
  })

  test('a trigger that needs an ability of another system is a bug of the planner', async () => {
    await expect(look(await fakeContext(), { flushed: true })).rejects.toThrow('lacks the ability "unflushed"')
  })

  test('a producer that died by itself ends the wait at once', async () => {
    const fake = await fakeContext()
    fake.producer.ended = 'exit code 1'
    fake.producer.errors = 'warning\nTypeError: x'
    await expect(look(fake, { acked: 1, limitMs: 60_000 })).rejects.toThrow(
      'client process producer-1 ended: exit code 1: TypeError: x',
    )
  })
})
