/**
 * Makes a finding as simple as possible. A move stays when the same cause appears in two of three runs; two runs that agree
 * decide it. Moves are tried in their order, again from the first of a kind after each one that stays. At the end the result
 * has to show the cause once more in two of three runs; otherwise the last move that stayed is undone.
 */
import type { ShrinkMove } from '../../../model/stress/stress.ts'
import { moveKinds } from './moves.ts'
import type { Candidate, Move, MoveFacts } from './moves.ts'

export interface ShrinkOptions {
  facts: MoveFacts
  /** Whether the planner and the rules of schedules accept it. */
  accepts: (candidate: Candidate) => boolean
  /** Runs the candidate once; whether the same cause appeared. Several can run at once. */
  test: (candidate: Candidate) => Promise<boolean>
  /** Trials that may run. */
  trials: number
  /** Whether the time is over. */
  isLate: () => boolean
  onMove?: (move: ShrinkMove) => void
}

export interface Shrunk {
  to: Candidate
  moves: ShrinkMove[]
  trials: number
  /** Why it stopped before every move was tried. */
  stopped?: string
}

export async function shrink(start: Candidate, options: ShrinkOptions): Promise<Shrunk> {
  const shrinker = new Shrinker(start, options)
  await shrinker.run()
  return {
    to: shrinker.to,
    moves: shrinker.moves,
    trials: shrinker.trials,
    ...(shrinker.stopped === undefined ? {} : { stopped: shrinker.stopped }),
  }
}

/** How often a cause appears: two runs at once, and a third where they differ. */
export async function hitsOf(test: () => Promise<boolean>): Promise<{ hits: number; runs: number }> {
  const both = await Promise.all([test(), test()])
  const hits = both.filter(Boolean).length
  if (hits !== 1) return { hits, runs: 2 }
  return { hits: (await test()) ? 2 : 1, runs: 3 }
}

/** Two runs, and a third where they differ. */
const runsForConfirming = 3

export const isReliable = ({ hits }: { hits: number }): boolean => hits >= 2

class Shrinker {
  to: Candidate
  readonly moves: ShrinkMove[] = []
  trials = 0
  stopped: string | undefined
  readonly #options: ShrinkOptions
  /** What there was before each move that stayed. */
  readonly #before: { move: ShrinkMove; from: Candidate }[] = []
  readonly #tried = new Set<string>()

  constructor(start: Candidate, options: ShrinkOptions) {
    this.to = start
    this.#options = options
    this.#tried.add(keyOf(start))
  }

  async run(): Promise<void> {
    await this.#tryAll()
    await this.#confirm()
  }

  async #tryAll(): Promise<void> {
    for (const kind of moveKinds) {
      for (;;) {
        const next = this.#nextOf(kind(this.to, this.#options.facts))
        if (next === undefined) break
        this.stopped = this.#whyStop()
        if (this.stopped !== undefined) return
        await this.#try(next)
      }
    }
  }

  #nextOf(moves: readonly Move[]): Move | undefined {
    return moves.find(({ to }) => {
      const key = keyOf(to)
      if (this.#tried.has(key)) return false
      if (this.#options.accepts(to)) return true
      this.#tried.add(key)
      return false
    })
  }

  #whyStop(): string | undefined {
    if (this.#options.isLate()) return 'the time for making it simpler was over'
    const reserved = this.#before.length > 0 ? runsForConfirming : 0
    return this.trials + 2 + reserved > this.#options.trials ? `${this.trials} trials had been used` : undefined
  }

  /** Undoes moves until the result shows the cause again. What began needs no proof: it was reliable. */
  async #confirm(): Promise<void> {
    for (let last = this.#before.at(-1); last !== undefined; last = this.#before.at(-1)) {
      const { hits, runs } = await hitsOf(async () => this.#options.test(this.to))
      this.trials += runs
      if (isReliable({ hits })) return
      this.#before.pop()
      last.move.stays = false
      last.move.hits += hits
      last.move.runs += runs
      this.to = last.from
    }
  }

  async #try({ what, to }: Move): Promise<void> {
    this.#tried.add(keyOf(to))
    const { hits, runs } = await hitsOf(async () => this.#options.test(to))
    this.trials += runs
    const move: ShrinkMove = { what, stays: isReliable({ hits }), hits, runs }
    this.moves.push(move)
    if (move.stays) {
      this.#before.push({ move, from: this.to })
      this.to = to
    }
    this.#options.onMove?.(move)
  }
}

const keyOf = ({ draw: { steps, gone, lanes }, subject: { own } }: Candidate): string =>
  JSON.stringify([steps, gone, lanes, Object.entries(own).toSorted(([a], [b]) => a.localeCompare(b))])
