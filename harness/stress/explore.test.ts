import { describe, expect, test } from 'vitest'
import type { StressTrial } from '../../model/stress/stress.ts'
import { Drawer } from './draw/drawer.ts'
import { causeOf, explore, findingsApart } from './explore.ts'
import type { Exploration, ExploreOptions } from './explore.ts'
import { emptyCorpus } from './learn/corpus.ts'
import { FakeLaboratory, has, injected } from './testing/fake-laboratory.ts'
import type { FakeOptions } from './testing/fake-laboratory.ts'
import { spaceFrom, unsafeAcks } from './testing/subjects.ts'

const space = spaceFrom(unsafeAcks)
const fresh = (): Exploration => ({ trials: [], corpus: emptyCorpus(space.subject.system), refused: {} })

function optionsWith(lab: FakeLaboratory, over: Partial<ExploreOptions> = {}): ExploreOptions {
  return {
    space,
    drawer: new Drawer(space, { seed: 1, strategy: 'guided', candidates: 20 }),
    lab,
    seed: 1,
    untilSeconds: 600,
    workers: 2,
    neighboursCount: false,
    known: new Set(),
    onTrial: () => {},
    ...over,
  }
}

const lab = (fate: FakeOptions['fate'], options: Partial<FakeOptions> = {}) => new FakeLaboratory({ fate, ...options })

/** Loses with acks=1 when the leader is killed after replication was held up. */
const behind: FakeOptions['fate'] = ({ settings }, schedule) => {
  const faults = injected(schedule)
  const held = faults.findIndex(text =>
    /^(cut-replication|slow-replication|pause other|stop other|crash other)/.test(text),
  )
  const lost = faults.findIndex(text => /^(crash|power-loss|wipe-disk|pause|isolate) (leader|minority|next)/.test(text))
  return held >= 0 && lost > held && has(settings, 'producer.acks', 1) ? { cause: 'truncated-after-election' } : 'held'
}

describe('exploring', () => {
  test('ends with the first trial that breaks a promise of the user’s own settings', async () => {
    const state = fresh()
    const found = await explore(state, optionsWith(lab(behind), { untilSeconds: 3600 }))
    expect(found?.outcome).toBe('broken')
    expect(causeOf(found as StressTrial)).toBe('truncated-after-election')
    expect(found?.broken[0]?.lane).toBe('own')
  })

  test('ends when the time is over', async () => {
    const state = fresh()
    expect(await explore(state, optionsWith(lab(() => 'held')))).toBeUndefined()
    expect(state.trials.length).toBeGreaterThanOrEqual(29)
    expect(state.trials.every(({ outcome }) => outcome === 'kept')).toBe(true)
    expect(new Set(state.trials.map(({ draw }) => draw.number)).size).toBe(state.trials.length)
  })

  test('tells neighbours that lose as near misses, unless they count', async () => {
    const neighboursLose: FakeOptions['fate'] = ({ settings }) =>
      has(settings, 'producer.acks', 0) ? { cause: 'never-reached-leader' } : 'held'
    const state = fresh()
    expect(await explore(state, optionsWith(lab(neighboursLose)))).toBeUndefined()
    expect(state.trials.some(({ outcome }) => outcome === 'near-miss')).toBe(true)
    expect((await explore(fresh(), optionsWith(lab(neighboursLose), { neighboursCount: true })))?.outcome).toBe(
      'broken',
    )
  })

  test('draws an inconclusive schedule once more, and counts it as nothing covered', async () => {
    const state = fresh()
    const laboratory = lab(() => ({ reason: 'waited 60 s for: ISR={leader} (lanes a, b); last seen: a-0: leader 3' }))
    await explore(state, optionsWith(laboratory, { workers: 1, untilSeconds: 600 }))
    const again = state.trials.filter(({ draw }) => draw.kind === 'again')
    expect(again.length).toBeGreaterThan(state.trials.length / 3)
    expect(new Set(again.map(({ draw }) => draw.from)).size).toBe(again.length)
    for (const { draw } of again) {
      const first = state.trials.find(trial => trial.draw.number === draw.from)
      expect(draw.steps).toEqual(first?.draw.steps)
      expect(first?.draw.kind).not.toBe('again')
      expect(draw.number - (draw.from ?? 0)).toBeGreaterThan(3)
    }
    expect(state.trials[0]?.reasons).toEqual(['waited n s for: ISR={leader}'.replace('{leader}', '…')])
    expect(state.corpus.pairs).toEqual({})
  })

  test('goes on after the trials of an earlier session, with the same next draws', async () => {
    const whole = fresh()
    await explore(
      whole,
      optionsWith(
        lab(() => 'held'),
        { workers: 1, untilSeconds: 400 },
      ),
    )
    const part = fresh()
    await explore(
      part,
      optionsWith(
        lab(() => 'held'),
        { workers: 1, untilSeconds: 200 },
      ),
    )
    await explore(
      part,
      optionsWith(
        lab(() => 'held'),
        { workers: 1, untilSeconds: 200 },
      ),
    )
    expect(part.trials.map(({ draw }) => draw)).toEqual(whole.trials.map(({ draw }) => draw))
  })

  test('keeps clusters that do not recover, clients that fail and crashes of the judge apart', async () => {
    const stuck = lab(() => ({ reason: 'x' }), {
      events: [
        {
          kind: 'wait-expired',
          t: 1,
          what: 'every replica back in sync',
          limitMs: 90_000,
          seen: 'broker-2 is out of sync',
        },
      ],
    })
    const died = lab(() => 'held', {
      events: [{ kind: 'client-died', t: 1, lane: 'a', process: 'producer-1', how: 'exit code 1' }],
    })
    const crashed = lab(() => 'held', { bugs: [new TypeError('x is undefined')] })
    const outcomes = ['not-recovered', 'client-failed', 'judge-failed']
    for (const [at, laboratory] of [stuck, died, crashed].entries()) {
      const state = fresh()
      expect(await explore(state, optionsWith(laboratory, { untilSeconds: 15 }))).toBeUndefined()
      expect(state.trials[0]?.outcome).toBe(outcomes[at])
      expect(findingsApart(state.trials)[0]?.kind).toBe(outcomes[at])
    }
  })
})
