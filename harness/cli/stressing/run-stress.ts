/** Carries out a stress: explores, makes what it finds simpler, and leaves a complete report whatever happens. */
import { mkdirSync } from 'node:fs'
import { join } from 'node:path'
import { runPaths } from '../../../history/folder.ts'
import { LossproofError } from '../../../model/errors.ts'
import type { Corpus, Finding, StressPlan, StressResult, StressTrial } from '../../../model/stress/stress.ts'
import { Drawer } from '../../stress/draw/drawer.ts'
import { causeOf, explore, findingsApart } from '../../stress/explore.ts'
import type { Exploration } from '../../stress/explore.ts'
import { findingOf } from '../../stress/finish/finding.ts'
import type { Laboratory } from '../../stress/laboratory.ts'
import { emptyCorpus } from '../../stress/learn/corpus.ts'
import type { Space } from '../../stress/space.ts'
import { StressBoard } from './board.ts'
import { forgetHistory, writeCorpus, writeStress, writeWhole } from './stress-folder.ts'

export interface StressSession {
  folder: string
  space: Space
  lab: Laboratory
  /** The plan of a new stress; ignored where `earlier` is given. */
  plan: StressPlan
  /** What an earlier session of the same stress has left. */
  earlier: StressResult | undefined
  /** What other stresses have taught. */
  corpus: Corpus | undefined
  /** A folder that keeps the corpus for the next stress. */
  state: string | undefined
  workers: number
  /** Different causes after which the stress ends. */
  findings: number
  /** Writes the reports. */
  report: (result: StressResult) => Promise<void>
}

/** Histories of inconclusive trials that are kept, for each reason. */
const keptPerReason = 1

/** Resolves with the result. Throws when interrupted or when the machine fails; the report is written all the same. */
export async function runStress(session: StressSession): Promise<StressResult> {
  return new Stress(session).run()
}

class Stress {
  readonly #session: StressSession
  readonly #board: StressBoard
  readonly #state: Exploration
  #result: StressResult
  /** Seconds in which findings were made simpler. They come on top of the time for looking. */
  #finishing: number

  constructor(session: StressSession) {
    const { earlier, plan, folder, corpus, lab } = session
    this.#session = session
    this.#finishing = (earlier?.findings ?? []).reduce((sum, { shrunk }) => sum + (shrunk?.seconds ?? 0), 0)
    this.#state = {
      trials: [...(earlier?.trials ?? [])],
      corpus: corpus ?? emptyCorpus(plan.system),
      refused: { ...earlier?.refused },
    }
    this.#result = {
      schema: 1,
      run: folder.split('/').at(-1) ?? folder,
      plan: earlier === undefined ? plan : { ...earlier.plan, forSeconds: plan.forSeconds },
      trials: this.#state.trials,
      findings: earlier?.findings ?? [],
      seconds: earlier?.seconds ?? 0,
      refused: this.#state.refused,
      state: 'running',
      verdict: 'inconclusive',
    }
    this.#board = new StressBoard(
      () => this.#result,
      () => lab.now(),
    )
  }

  async run(): Promise<StressResult> {
    const { folder, report } = this.#session
    mkdirSync(runPaths(folder).runs, { recursive: true })
    try {
      await this.#explore()
      this.#update('done')
    } catch (error) {
      this.#update('interrupted')
      throw error
    } finally {
      this.#board.end()
      await report(this.#result)
    }
    return this.#result
  }

  async #explore(): Promise<void> {
    const { space, lab, workers, plan, findings } = this.#session
    const { seed, strategy, around } = this.#result.plan
    const drawer = new Drawer(space, { seed, strategy })
    for (;;) {
      const open = this.#openTrial(this.#causes.size < findings)
      if (open !== undefined) {
        await this.#finish(open)
        continue
      }
      if (this.#causes.size >= findings) return
      const found = await explore(this.#state, {
        space,
        drawer,
        lab,
        seed,
        untilSeconds: plan.forSeconds + this.#finishing,
        workers,
        neighboursCount: around === 'count',
        known: this.#causes,
        onDraw: draw => this.#board.began(draw),
        onTrial: ended => this.#ended(ended),
      })
      if (found === undefined) return
    }
  }

  get #causes(): Set<string> {
    return new Set(this.#result.findings.flatMap(({ kind, cause }) => (kind === 'broken' ? [cause] : [])))
  }

  /** A trial that broke a promise and is no finished finding yet: of an earlier session, or of a cause that is new. */
  #openTrial(takesNew: boolean): StressTrial | undefined {
    const { findings } = this.#result
    return this.#state.trials.find(trial => {
      if (trial.outcome !== 'broken') return false
      const own = findings.find(({ kind, trial: number }) => kind === 'broken' && number === trial.draw.number)
      return own === undefined ? takesNew && !this.#causes.has(causeOf(trial)) : isOpen(own)
    })
  }

  #ended(trial: StressTrial): void {
    const { folder, state } = this.#session
    this.#board.ended(trial)
    if (!this.#keepsHistory(trial)) forgetHistory(join(folder, trial.run))
    this.#update('running')
    writeCorpus(folder, this.#state.corpus)
    if (state !== undefined) writeCorpus(state, this.#state.corpus)
  }

  #keepsHistory({ outcome, reasons }: StressTrial): boolean {
    if (outcome === 'kept' || outcome === 'near-miss') return false
    if (outcome !== 'inconclusive') return true
    const same = this.#state.trials.filter(other => other.outcome === 'inconclusive' && other.reasons[0] === reasons[0])
    return same.length <= keptPerReason
  }

  async #finish(trial: StressTrial): Promise<void> {
    const { space, lab, folder } = this.#session
    const { seed } = this.#result.plan
    const began = lab.now()
    await findingOf(trial, {
      space,
      lab,
      seed,
      say: line => this.#board.now(line),
      onProgress: (finding, scenario) => {
        const others = this.#result.findings.filter(
          known => known.kind !== 'broken' || known.trial !== trial.draw.number,
        )
        this.#result = { ...this.#result, findings: [...others, finding] }
        if (finding.scenario !== undefined) writeWhole(join(folder, finding.scenario), scenario)
        this.#update('running')
      },
    })
    this.#finishing += lab.now() - began
    this.#board.now('')
  }

  #update(state: StressResult['state']): void {
    const { lab, folder } = this.#session
    const broken = this.#result.findings.filter(({ kind }) => kind === 'broken')
    const findings = [...broken, ...findingsApart(this.#state.trials)]
    this.#result = {
      ...this.#result,
      trials: this.#state.trials,
      refused: this.#state.refused,
      findings,
      seconds: Math.round(lab.now()),
      state,
      verdict: verdictOf(this.#state.trials, findings),
    }
    writeStress(folder, this.#result)
  }
}

const isOpen = ({ shrunk, rare }: Finding) => !rare && shrunk === undefined

function verdictOf(trials: readonly StressTrial[], findings: readonly Finding[]): StressResult['verdict'] {
  if (trials.some(({ outcome }) => outcome === 'broken')) return 'violated'
  const conclusive = trials.some(({ outcome }) => outcome === 'kept' || outcome === 'near-miss')
  return conclusive && findings.length === 0 ? 'held' : 'inconclusive'
}

/** Refuses to go on with a stress of other settings. */
export function refuseOtherSettings(earlier: StressPlan, plan: StressPlan, folder: string): void {
  const text = ({ system, version, settings, consumes }: StressPlan) =>
    JSON.stringify([system, version, consumes, Object.entries(settings).toSorted(([a], [b]) => a.localeCompare(b))])
  if (text(earlier) === text(plan)) return
  throw new LossproofError('usage', `--resume ${folder}: that stress tests other settings than these files`, {
    hint: 'give the files of that stress, or start a new one with --state to keep what was learned',
  })
}
