import { describe, expect, test } from 'vitest'
import { triggerWords } from '../../../model/trigger-words.ts'
import { changed, demo, planOf, refusalOf } from '../testing/demo.ts'

describe('the schedule', () => {
  test('resolves lanes, windows and faults', () => {
    const [trial] = planOf(demo).trials
    expect(
      trial?.schedule.map(step => [
        step.window,
        step.quiesce,
        step.after.lanes,
        step.inject.map(call => call.id),
        step.heal,
      ]),
    ).toEqual([
      ['cut', true, ['acks-1', 'acks-all'], ['cut-replication-1'], undefined],
      [undefined, true, ['acks-1'], ['crash-1'], undefined],
      [undefined, false, ['acks-1', 'acks-all'], [], 'all'],
    ])
  })

  test('does not wait for a new leader in lanes with one replica', () => {
    const { trials } = planOf(
      changed(demo, 'producer.acks: [1, all]', 'producer.acks: [1, all]\n    topic.replication.factor: [1, 3]'),
    )
    expect(trials[0]?.schedule[2]?.after.lanes).toEqual([
      'acks-1.replication.factor-3',
      'acks-all.replication.factor-3',
    ])
  })
})

describe('a step that waits for time to pass', () => {
  const waiting = (trigger: string) => changed(demo, '{ leader-changed: true }', trigger)

  test('waits for at most half a minute longer, unless it has a limit of its own', () => {
    const last = (trigger: string) => planOf(waiting(trigger)).trials[0]?.schedule[2]?.after
    expect(last('{ elapsed: 40s }')).toMatchObject({ elapsedMs: 40_000, limitMs: 70_000 })
    expect(last('{ elapsed: 40s, limit: 41s }')).toMatchObject({ elapsedMs: 40_000, limitMs: 41_000 })
  })

  test('is refused when its limit ends before', () => {
    expect(refusalOf(waiting('{ elapsed: 40s, limit: 40s }')).message).toMatch(
      /demo\.yaml:\d+:\d+: limit: 40000 ms end before the 40000 ms that "elapsed" waits for/,
    )
  })
})

describe('a repeat', () => {
  const repeated = changed(
    demo.replace(
      /schedule:[\s\S]*expect:/,
      `schedule:
  - repeat: 2
    steps:
      - after: { acked: 20, since: last-step }
        inject: { fault: crash, target: next, window: round }
      - after: { acked: 10, in: round }
        heal: [crash]
expect:`,
    ),
    'acked-in(cut)',
    'acked-in(round-2)',
  )

  test('is written out, and each round has its own windows and faults', () => {
    const [trial] = planOf(repeated).trials
    expect(
      trial?.schedule.map(step => [triggerWords(step.after), step.inject.map(call => call.id), step.window, step.heal]),
    ).toEqual([
      ['20 acked since the last step', ['crash-1'], 'round-1', undefined],
      ['10 acked in round-1', [], undefined, ['crash-1']],
      ['20 acked since the last step', ['crash-2'], 'round-2', undefined],
      ['10 acked in round-2', [], undefined, ['crash-2']],
    ])
  })

  test('has its errors reported with their line', () => {
    expect(refusalOf(changed(repeated, 'in: round ', 'in: rond ')).message).toMatch(
      /demo\.yaml:16:\d+: unknown window "rond"/,
    )
    expect(refusalOf(changed(repeated, 'target: next', 'target: nxt')).hint).toContain('did you mean "next"')
    expect(refusalOf(changed(repeated, 'repeat: 2', 'repeat: 0')).message).toContain('demo.yaml:12:')
  })
})
