import { describe, expect, test } from 'vitest'
import type { Fault } from '../../../faults/fault.ts'
import type { Step } from '../../../model/plan.ts'
import { PhaseClock } from '../phases.ts'
import { call, endsOf, fakeContext, noFaultContext, step, trigger, view } from '../testing/fake-trial.ts'
import type { FakeOptions } from '../testing/fake-trial.ts'
import { ScheduleRunner } from './runner.ts'

/** A runner over faults that only record what is done to them, in `acts`. */
async function runner(schedule: Step[], options: FakeOptions = {}, healFails: string[] = []) {
  const fake = await fakeContext({ schedule, ...options })
  const acts: string[] = []
  const find = (id: string): Fault | undefined =>
    id === 'unknown'
      ? undefined
      : {
          id,
          kind: 'process',
          title: '',
          models: '',
          cannotModel: '',
          effects: ['slows'],
          needs: [],
          targets: [],
          params: {},
          inject: async (_context, target) => {
            acts.push(`inject ${id} at ${target.nodes.map(({ name }) => name).join()}`)
            return {
              evidence: async () => {
                acts.push(`prove ${id}`)
                return { complete: id !== 'unproved', seen: { id } }
              },
              heal: async () => {
                acts.push(`heal ${id}`)
                if (healFails.includes(id)) throw new Error(`${id} cannot be healed`)
              },
            }
          },
        }
  const made = new ScheduleRunner(fake.context, noFaultContext, find, { quietMs: 50, equalEndsMs: 50 })
  const phases = new PhaseClock(fake.context.log, () => {})
  const run = async () => {
    made.rememberLeaders()
    fake.context.producers.resume()
    await made.run(phases)
  }
  /** Events but for phases and pauses. */
  const record = () =>
    fake
      .events()
      .filter(({ kind }) => kind !== 'phase' && kind !== 'producers')
      .map(event => [event.kind, 'id' in event ? event.id : 'window' in event ? event.window : ''].join(' ').trim())
  return { ...fake, acts, run, record }
}

describe('a schedule', () => {
  test('injects, opens the window, proves the fault before the next step, heals and waits for the recovery', async () => {
    const { run, acts, record, events } = await runner([
      step({ inject: [call('cut')], window: 'w', quiesce: true }),
      step({ heal: 'all' }),
    ])
    await run()
    expect(acts).toEqual(['inject cut at broker-1', 'prove cut', 'heal cut'])
    expect(record()).toEqual([
      'step',
      'fault cut-1',
      'injected cut-1',
      'window-open w',
      'step',
      'window-close w',
      'evidence cut-1',
      'healed cut-1',
      'recovered',
    ])
    expect(events()).toContainEqual({
      kind: 'fault',
      id: 'cut-1',
      fault: 'cut',
      target: 'leader',
      nodes: ['broker-1'],
      window: 'w',
    })
  })

  test('producers are paused while a quiesced step is taken, and send again afterwards', async () => {
    const { run, events, producer } = await runner([step({ inject: [call('cut')], window: 'w', quiesce: true })])
    await run()
    const order = events().flatMap(event =>
      event.kind === 'producers' ? [event.paused ? 'pause' : 'resume'] : event.kind === 'fault' ? ['fault'] : [],
    )
    expect(order.slice(0, 4)).toEqual(['resume', 'pause', 'fault', 'resume'])
    expect(producer.commands.at(-1)).toBe('resume')
  })

  test('a fault that is never healed by a step is proved and healed at the end', async () => {
    const { run, acts, record } = await runner([step({ inject: [call('crash')] })])
    await run()
    expect(acts).toEqual(['inject crash at broker-1', 'prove crash', 'heal crash'])
    expect(record().at(-1)).toBe('recovered')
  })

  test('with recovery from slaves, faults that are left stay, and the recovery is waited for', async () => {
    const { run, acts, record } = await runner([step({ inject: [call('crash')] })], { recovery: 'slaves' })
    await run()
    expect(acts).toEqual(['inject crash at broker-1', 'prove crash'])
    expect(record().at(-1)).toBe('recovered')
  })

  test('only the named faults are healed, and recovery is waited for once all are', async () => {
    const { run, acts, record } = await runner([
      step({ inject: [call('one'), call('two')] }),
      step({ heal: ['one-1'] }),
      step({ heal: 'all' }),
    ])
    await run()
    expect(acts.filter(act => act.startsWith('heal'))).toEqual(['heal one', 'heal two'])
    expect(record().filter(event => event.startsWith('healed') || event === 'recovered')).toEqual([
      'healed one-1',
      'healed two-1',
      'recovered',
    ])
  })

  test('faults are healed in reverse order; one that cannot be healed does not stop the others, and is thrown', async () => {
    const { run, acts } = await runner([step({ inject: [call('one'), call('two'), call('three')] })], {}, ['two'])
    await expect(run()).rejects.toThrow('two cannot be healed')
    expect(acts.filter(act => act.startsWith('heal'))).toEqual(['heal three', 'heal two', 'heal one'])
  })

  test('evidence that is missing is written down as such', async () => {
    const { run, events } = await runner([step({ inject: [call('unproved')] })])
    await run()
    expect(events()).toContainEqual({
      kind: 'evidence',
      id: 'unproved-1',
      complete: false,
      evidence: { id: 'unproved' },
    })
  })

  test('a trigger that never fires ends the run with the state last seen', async () => {
    const { run, acts } = await runner([step({ after: trigger({ acked: 5, limitMs: 30 }), inject: [call('cut')] })])
    await expect(run()).rejects.toThrow('last seen: a: 0 of 5 acked')
    expect(acts).toEqual([])
  })

  test('counts since the last step begin anew with each step', async () => {
    const { run, producer, record } = await runner([
      step({ after: trigger({ acked: 10 }) }),
      step({ after: trigger({ acked: 10, sinceLastStep: true, limitMs: 40 }) }),
    ])
    producer.count('a', { acked: 19 })
    await expect(run()).rejects.toThrow('a: 0 of 10 acked')
    expect(record()).toEqual(['step'])
  })

  test('the leaders that a change is compared with are those before the last injection', async () => {
    const { run, state, record } = await runner([
      step({ inject: [call('crash')] }),
      step({ after: trigger({ leaderChanged: true }) }),
    ])
    state.nodesOf = () => {
      // Elected between the injection and the next look.
      setTimeout(() => state.views.set('a', view(2, 1)), 10)
      return [1]
    }
    await run()
    expect(record().filter(event => event === 'step')).toHaveLength(2)
  })

  test('a fault that the plan does not know is a bug', async () => {
    const { run } = await runner([step({ inject: [call('unknown')] })])
    await expect(run()).rejects.toThrow('unknown fault "unknown"')
  })
})

describe('a quiesced window', () => {
  const quiesced = [step({ inject: [call('cut')], window: 'w', quiesce: true })]

  test('opens when every replica ends at the same offset', async () => {
    const { run, state, events } = await runner(quiesced)
    state.ends = [endsOf('a', 5, 4, 5)]
    setTimeout(() => {
      state.ends = [endsOf('a', 5, 5, 5)]
    }, 15)
    await run()
    expect(events().some(({ kind }) => kind === 'wait-expired')).toBe(false)
  })

  test('records that replicas stayed apart, or sends in flight, and goes on', async () => {
    const apart = await runner(quiesced)
    apart.state.ends = [endsOf('a', 5, 4, 5)]
    await apart.run()
    expect(apart.events()).toContainEqual({
      kind: 'wait-expired',
      what: 'replica end offsets equal',
      limitMs: 50,
      seen: 'a-0: {"1":5,"2":4,"3":5}',
    })
    const busy = await runner(quiesced)
    busy.producer.count('a', { inFlight: 2 })
    await busy.run()
    expect(busy.events()).toContainEqual({
      kind: 'wait-expired',
      what: 'nothing in flight',
      limitMs: 50,
      seen: 'a: 2 in flight',
    })
  })

  test('is not held up by replicas that an earlier fault keeps apart', async () => {
    const { run, state, events } = await runner([
      step({ inject: [call('cut')], window: 'w', quiesce: true }),
      step({ inject: [call('crash')], window: 'v', quiesce: true }),
    ])
    state.nodesOf = () => {
      state.ends = [endsOf('a', 9, 5, 5)]
      return [1]
    }
    await run()
    expect(events().some(({ kind }) => kind === 'wait-expired')).toBe(false)
  })
})
