/** Says how far a run is: the result of each trial as soon as it has ended, n of m, and about how long the rest takes. */
import type { Plan, Trial } from '../../../model/plan.ts'
import type { CellVerdict } from '../../../model/verdict.ts'
import { remainingMs, remainingWords } from '../../report/terminal/remaining.ts'
import { trialLine } from '../../report/terminal/trial-line.ts'
import { plural } from '../../report/words/numbers.ts'
import { settleTries } from '../../verdict/settle-tries.ts'
import type { ProgressLines } from '../terminal/progress.ts'

export class TrialProgress {
  readonly #plan: Pick<Plan, 'trials'>
  readonly #parallel: number
  readonly #progress: ProgressLines
  readonly #started = performance.now()
  readonly #done = new Set<string>()
  /** Verdicts of the tries so far, by trial. */
  readonly #tries = new Map<string, CellVerdict[]>()

  /** `trials`: those that are to be run. */
  constructor(trials: readonly Trial[], parallel: number, progress: ProgressLines) {
    this.#plan = { trials: [...trials] }
    this.#parallel = parallel
    this.#progress = progress
    progress.head?.(() => this.#count())
  }

  /** There are more trials to run. */
  more(trials: readonly Trial[]): void {
    this.#plan.trials.push(...trials)
  }

  tryDone(trial: Trial, verdicts: readonly CellVerdict[]): void {
    this.#tries.set(trial.id, [...(this.#tries.get(trial.id) ?? []), ...verdicts])
  }

  again(trial: Trial, number: number, most: number, inconclusive: readonly CellVerdict[]): void {
    const [why = 'no reason was given'] = inconclusive[0]?.reasons ?? []
    this.#progress.say(`${trial.id} is inconclusive (${why}) and runs again: try ${number} of at most ${most}`)
  }

  trialDone(id: string): void {
    this.#done.add(id)
    const tries = [...Map.groupBy(this.#tries.get(id) ?? [], cell => cell.id).values()]
    const cells = tries.flatMap(([first, ...others]) => (first === undefined ? [] : [settleTries([first, ...others])]))
    if (cells.length > 0) this.#progress.say(`${this.#count()}: ${id}: ${trialLine(cells)}`)
  }

  /** `3 of 12 trials, about 40 s left`. */
  #count(): string {
    const { trials } = this.#plan
    const elapsedMs = performance.now() - this.#started
    const left = remainingMs(this.#plan, this.#done, { elapsedMs, parallel: this.#parallel })
    const count = `${this.#done.size} of ${plural(trials.length, 'trial')}`
    return this.#done.size === trials.length ? count : `${count}, ${remainingWords(left)}`
  }
}
