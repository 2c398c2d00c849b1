import { describe, expect, test } from 'vitest'
import { planOf } from '../compose.ts'
import { emptyCorpus, learned } from '../learn/corpus.ts'
import { asyncMaster, commitsFirst, elected, oneReplica, spaceFrom, unsafeAcks } from '../testing/subjects.ts'
import { dangersOf } from './dangers.ts'
import { Drawer } from './drawer.ts'
import { isSound } from './world.ts'

const subjects = { unsafeAcks, commitsFirst, oneReplica, asyncMaster, elected }

test('1,000 draws of one seed are the same the second time, and another seed gives others', () => {
  const space = spaceFrom(unsafeAcks)
  const draws = (seed: number) => {
    const drawer = new Drawer(space, { seed, strategy: 'guided', candidates: 1 })
    return Array.from({ length: 1000 }, (_, at) => drawer.draw(at + 1, emptyCorpus(space.subject.system)))
  }
  const first = JSON.stringify(draws(7))
  expect(JSON.stringify(draws(7))).toBe(first)
  expect(JSON.stringify(draws(8))).not.toBe(first)
})

describe.each(Object.entries(subjects))('draws for %s', (_, text) => {
  const space = spaceFrom(text)
  const drawer = new Drawer(space, { seed: 3, strategy: 'guided', candidates: 3 })

  test('are sound schedules that the planner accepts, each with the settings of the user and enough lanes', () => {
    let corpus = emptyCorpus(space.subject.system)
    for (let number = 1; number <= 150; number++) {
      const draw = drawer.draw(number, corpus)
      expect(isSound(draw, space.ground), JSON.stringify(draw)).toBe(true)
      expect(() => planOf('t', draw, space.subject, 1), JSON.stringify(draw)).not.toThrow()
      expect(draw.lanes[0]).toEqual({ kind: 'own', settings: {} })
      expect(draw.lanes.length).toBeGreaterThanOrEqual(8)
      expect(draw.lanes.length).toBeLessThanOrEqual(16)
      const fresh = number % 3 === 0 ? [`feature ${number}`] : []
      const seen = {
        outcome: 'kept',
        broken: [],
        reasons: [],
        features: fresh,
        fresh,
        seconds: 1,
        at: 1,
        run: '',
      } as const
      const dangers = dangersOf(draw, space.ground).map(({ name }) => name)
      corpus = learned(corpus, {
        ...seen,
        draw,
        broken: [],
        reasons: [],
        features: [...fresh],
        fresh: [...fresh],
        dangers,
      })
    }
    // Sixty trials are an hour on two cores.
    expect(Object.keys(corpus.pairs).length).toBeGreaterThan(space.calls.length / 2)
  })
})

test('dangers that were not caused yet come before those that were', () => {
  const space = spaceFrom(unsafeAcks)
  const drawer = new Drawer(space, { seed: 5, strategy: 'guided' })
  let corpus = emptyCorpus(space.subject.system)
  const seen = new Set<string>()
  for (let number = 1; number <= 12; number++) {
    const draw = drawer.draw(number, corpus)
    const dangers = dangersOf(draw, space.ground)
    for (const { name, weight } of dangers) if (weight >= 2) seen.add(name)
    const trial = {
      outcome: 'kept',
      broken: [],
      reasons: [],
      features: [],
      fresh: [],
      seconds: 1,
      at: 1,
      run: '',
    } as const
    corpus = learned(corpus, {
      ...trial,
      draw,
      broken: [],
      reasons: [],
      features: [],
      fresh: [],
      dangers: dangers.map(({ name }) => name),
    })
  }
  expect(seen.size).toBeGreaterThanOrEqual(6)
})

test('where partitions have different leaders, no role is drawn that names the one leader', () => {
  const space = spaceFrom(
    'client: kafkajs\ntopic:\n  partitions: 3\n  leaders: spread\nworkload:\n  spread: true\n  batch: 3\n',
  )
  expect(new Set(space.calls.map(({ target }) => target))).toEqual(
    new Set(['controller', 'controller-majority', 'all', 'producer']),
  )
  const drawer = new Drawer(space, { seed: 1, strategy: 'guided', candidates: 3 })
  expect(() => planOf('t', drawer.draw(1, emptyCorpus('kafka')), space.subject, 1)).not.toThrow()
})
