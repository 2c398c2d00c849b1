/** Draws and runs trials until something is found or the time is over. */
import type { Corpus, Draw, Finding, StressTrial } from '../../model/stress/stress.ts'
import { refusalText } from '../plan/refusal.ts'
import { planOf } from './compose.ts'
import { dangersOf } from './draw/dangers.ts'
import type { Drawer } from './draw/drawer.ts'
import type { Laboratory, Observed } from './laboratory.ts'
import { featuresOf } from './learn/features.ts'
import { freshOf, learned } from './learn/corpus.ts'
import { resultOf } from './learn/outcome.ts'
import type { Space } from './space.ts'

export interface Exploration {
  trials: StressTrial[]
  corpus: Corpus
  /** Draws that the planner refused, by reason. */
  refused: Record<string, number>
}

export interface ExploreOptions {
  space: Space
  drawer: Drawer
  lab: Laboratory
  seed: number
  /** No further trial begins when so many seconds have passed. */
  untilSeconds: number
  /** Trials at once. */
  workers: number
  neighboursCount: boolean
  /** Causes that were found before; the first other one ends the exploration. */
  known: ReadonlySet<string>
  /** Called after each trial, when the exploration holds its result. */
  onTrial: (trial: StressTrial, state: Exploration) => void
  /** Called when a trial begins. */
  onDraw?: (draw: Draw) => void
}

const mostRefusals = 1000
/** Draws between an inconclusive trial and its repetition. */
const drawnBetween = 3

/** Changes `state` as trials end. Resolves with the trial that broke a promise; undefined when the time is over. */
export async function explore(state: Exploration, options: ExploreOptions): Promise<StressTrial | undefined> {
  const explorer = new Explorer(state, options)
  const outcomes = await Promise.allSettled(Array.from({ length: options.workers }, async () => explorer.work()))
  for (const outcome of outcomes) if (outcome.status === 'rejected') throw outcome.reason
  return explorer.found
}

class Explorer {
  found: StressTrial | undefined
  readonly #state: Exploration
  readonly #options: ExploreOptions
  readonly #inFlight = new Map<number, Draw>()
  #number: number
  #isFailed = false

  constructor(state: Exploration, options: ExploreOptions) {
    this.#state = state
    this.#options = options
    this.#number = Math.max(0, ...state.trials.map(({ draw }) => draw.number))
  }

  async work(): Promise<void> {
    const { lab, untilSeconds, onDraw } = this.#options
    try {
      while (this.found === undefined && !this.#isFailed && lab.now() < untilSeconds) {
        const { draw, plan } = this.#next()
        this.#inFlight.set(draw.number, draw)
        onDraw?.(draw)
        const seen = await lab.run(plan)
        this.#inFlight.delete(draw.number)
        this.#record(draw, seen)
      }
    } catch (error) {
      // The other worker begins no further trial.
      this.#isFailed = true
      throw error
    }
  }

  /** The next draw that the planner accepts. Refused ones are counted by reason and drawn again. */
  #next() {
    const { drawer, space, seed } = this.#options
    for (let refusals = 0; refusals < mostRefusals; refusals++) {
      this.#number += 1
      const draw = this.#again() ?? drawer.draw(this.#number, this.#state.corpus, [...this.#inFlight.values()])
      try {
        return { draw, plan: planOf(trialName(draw), draw, space.subject, seed) }
      } catch (error) {
        const reason = refusalText(error)
        this.#state.refused[reason] = (this.#state.refused[reason] ?? 0) + 1
      }
    }
    throw new Error(`the planner refused ${mostRefusals} draws in a row`)
  }

  /** An inconclusive draw is drawn once more, after some others: what disturbed it may have passed by then. */
  #again(): Draw | undefined {
    const { trials } = this.#state
    const repeated = new Set(
      [...trials.map(({ draw }) => draw), ...this.#inFlight.values()].flatMap(draw =>
        draw.kind === 'again' ? [draw.from] : [],
      ),
    )
    const open = trials.find(
      ({ draw, outcome }) =>
        outcome === 'inconclusive' &&
        draw.kind !== 'again' &&
        !repeated.has(draw.number) &&
        this.#number - draw.number > drawnBetween,
    )
    return open && { ...open.draw, number: this.#number, kind: 'again', from: open.draw.number }
  }

  #record(draw: Draw, seen: Observed): void {
    const { space, lab, neighboursCount, known, onTrial } = this.#options
    const trial = trialOf(draw, seen, { space, at: lab.now(), neighboursCount }, this.#state.corpus)
    this.#state.trials.push(trial)
    this.#state.corpus = learned(this.#state.corpus, trial)
    if (trial.outcome === 'broken' && this.found === undefined && !known.has(causeOf(trial))) this.found = trial
    onTrial(trial, this.#state)
  }
}

export const trialName = ({ number }: Pick<Draw, 'number'>): string => `t${String(number).padStart(4, '0')}`

/** The established cause of most messages, in the user's own lanes where they lost any. */
export const causeOf = ({ broken }: Pick<StressTrial, 'broken'>): string =>
  (broken.find(({ lane }) => lane === 'own') ?? broken[0])?.cause ?? ''

function trialOf(
  draw: Draw,
  seen: Observed,
  { space, at, neighboursCount }: { space: Space; at: number; neighboursCount: boolean },
  corpus: Corpus,
): StressTrial {
  const { cells, events, bugs, held } = seen
  const of = (kind: string) => cells.filter((_, index) => draw.lanes[index]?.kind === kind)
  const features = featuresOf({ events, own: of('own'), neighbours: of('neighbour'), held })
  return {
    draw,
    ...resultOf({ draw, cells, events, bugs, neighboursCount }),
    features,
    fresh: freshOf(corpus, features),
    dangers: dangersOf(draw, space.ground).map(({ name }) => name),
    seconds: round(seen.seconds),
    at: round(at),
    run: seen.run,
  }
}

const round = (seconds: number) => Math.round(seconds * 10) / 10

/** Findings about something else than messages, one for each trial. */
export function findingsApart(trials: readonly StressTrial[]): Finding[] {
  return trials.flatMap(({ outcome, draw, reasons, at, run }): Finding[] => {
    if (outcome !== 'judge-failed' && outcome !== 'not-recovered' && outcome !== 'client-failed') return []
    const text = reasons[0] ?? outcome
    return [
      { kind: outcome, trial: draw.number, cause: outcome, text, at, rare: false, runs: [run], tried: [], claim: text },
    ]
  })
}
