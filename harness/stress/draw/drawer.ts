/**
 * Decides what the next trial is. First every fault at every role is covered, the dangerous schedules early; then halves of
 * all faults (swarm) take turns with neighbours of trials that showed something new. A share aims at replicas that hold
 * acknowledged messages alone. Everything follows from the seed, the number of the draw and the corpus.
 */
import { pairName } from '../../../model/stress/stress.ts'
import type { Corpus, Draw, DrawKind, DrawnCall, DrawnLane } from '../../../model/stress/stress.ts'
import { chooseLanes } from '../lanes/choose-lanes.ts'
import { exposing, promising } from '../learn/corpus.ts'
import { Random } from '../random.ts'
import type { Space } from '../space.ts'
import { dangersOf } from './dangers.ts'
import { mutate, randomSchedule, secondsOf } from './generate.ts'
import type { Schedule } from './generate.ts'

export interface DrawerOptions {
  seed: number
  /** `random`: nothing but chance, for comparison. */
  strategy: 'guided' | 'random'
  /** Schedules from which a guided draw chooses (60). */
  candidates?: number
}

const usualCandidates = 60
/** Calls besides those that no trial has covered, so that the last ones find company. */
const fewestOthers = 20
/** So many draws in a row leave out the same half of the faults. */
const swarmRound = 6
/** A danger that was caused before is worth less, each time by this factor. */
const again = 0.45
const mostTries = 50
/** A further fault makes a trial this much less likely to be conclusive. */
const conclusive = 0.7

interface Candidate {
  kind: DrawKind
  from?: number
  schedule: Schedule
}

export class Drawer {
  readonly #space: Space
  readonly #options: DrawerOptions

  constructor(space: Space, options: DrawerOptions) {
    this.#space = space
    this.#options = options
  }

  /** Draw `number`, from 1. `inFlight`: draws whose trials have not ended; their dangers count as caused. */
  draw(number: number, corpus: Corpus, inFlight: readonly Draw[] = []): Draw {
    for (let attempt = 0; attempt < mostTries; attempt++) {
      const random = new Random(this.#options.seed, number, attempt)
      const found = this.#candidate(number, this.#withInFlight(corpus, inFlight), random)
      if (found === undefined) continue
      const { schedule, kind, from } = found
      const calls = schedule.steps.flatMap(({ inject }) => inject)
      const lanes = chooseLanes(this.#space, calls, random, this.#leftOut(number, kind))
      return { number, kind, ...(from === undefined ? {} : { from }), ...schedule, lanes }
    }
    throw new Error('no sound schedule can be drawn from these faults')
  }

  #candidate(number: number, corpus: Corpus, random: Random): Candidate | undefined {
    if (this.#options.strategy === 'random') return this.#random(random)
    const uncovered = this.#space.calls.filter(call => corpus.pairs[pairName(call)] === undefined)
    const isCovering = uncovered.length > 0
    const way = random.weighted([
      ['aimed', exposing(corpus).length > 0 ? 1 : 0],
      ['neighbour', number > 4 && corpus.entries.length > 0 ? (isCovering ? 0.5 : 2) : 0],
      ['pair', isCovering ? 4 : 0],
      ['swarm', isCovering ? 0 : 2],
    ] as const)
    if (way === 'aimed' || way === 'neighbour') {
      const base = random.weighted(way === 'aimed' ? exposing(corpus) : promising(corpus))
      const changed =
        base && this.#best(corpus, uncovered, () => mutate(base, this.#space.calls, this.#space.ground, random))
      if (base && changed) return { kind: way, from: base.number, schedule: changed }
    }
    const calls = isCovering
      ? [...uncovered, ...random.sample(this.#space.calls, uncovered.length + fewestOthers)]
      : this.#half(number)
    const schedule = this.#best(corpus, uncovered, () => randomSchedule(calls, this.#space.ground, random))
    return schedule && { kind: isCovering ? 'pair' : 'swarm', schedule }
  }

  #random(random: Random): Candidate | undefined {
    const schedule = randomSchedule(this.#space.calls, this.#space.ground, random)
    return schedule && { kind: 'random', schedule }
  }

  /** The candidate that promises most for the time that it takes. */
  #best(corpus: Corpus, uncovered: readonly DrawnCall[], make: () => Schedule | undefined): Schedule | undefined {
    let best: { schedule: Schedule; worth: number } | undefined
    const open = new Set(uncovered.map(pairName))
    const { candidates = usualCandidates } = this.#options
    for (let made = 0; made < candidates; made++) {
      const schedule = make()
      if (schedule === undefined) continue
      const worth = this.#worth(schedule, corpus, open)
      if (best === undefined || worth > best.worth) best = { schedule, worth }
    }
    return best?.schedule
  }

  #worth(schedule: Schedule, corpus: Corpus, open: ReadonlySet<string>): number {
    const dangers = dangersOf(schedule, this.#space.ground)
    const danger = dangers.reduce((sum, { name, weight }) => sum + weight * again ** (corpus.dangers[name] ?? 0), 0)
    const calls = new Set(schedule.steps.flatMap(({ inject }) => inject.map(pairName)))
    const covered = [...calls].filter(name => open.has(name)).length
    return ((danger + 0.25 * covered) * conclusive ** (calls.size - 1)) / secondsOf(schedule)
  }

  #withInFlight(corpus: Corpus, inFlight: readonly Draw[]): Corpus {
    const dangers = { ...corpus.dangers }
    for (const draw of inFlight)
      for (const { name } of dangersOf(draw, this.#space.ground)) dangers[name] = (dangers[name] ?? 0) + 1
    return { ...corpus, dangers }
  }

  /** Half of the faults, another one in each round. */
  #half(number: number): DrawnCall[] {
    const random = this.#roundOf(number)
    const faults = [...new Set(this.#space.calls.map(({ fault }) => fault))]
    const kept = new Set(random.sample(faults, Math.ceil(faults.length / 2)))
    return this.#space.calls.filter(({ fault }) => kept.has(fault))
  }

  #leftOut(number: number, kind: DrawKind): (lane: DrawnLane) => boolean {
    if (kind !== 'swarm') return () => false
    const { neighbours } = this.#space
    const random = new Random(this.#options.seed, 'lanes', Math.floor(number / swarmRound))
    const kept = new Set(random.sample(neighbours, Math.ceil(neighbours.length / 2)))
    return lane => !kept.has(lane)
  }

  #roundOf(number: number): Random {
    return new Random(this.#options.seed, 'swarm', Math.floor(number / swarmRound))
  }
}
