/** Runs trials of a stress on real clusters, and judges each from its history. */
import { existsSync } from 'node:fs'
import { relative } from 'node:path'
import { laneFolder, replicasFile, trialPaths } from '../../../history/folder.ts'
import { readEvents, readReplicas } from '../../../history/reader.ts'
import type { Plan, Trial } from '../../../model/plan.ts'
import type { Laboratory, Observed } from '../../stress/laboratory.ts'
import { heldAlone } from '../../stress/learn/features.ts'
import type { AckedOffsets, Held } from '../../stress/learn/features.ts'
import type { TrialSeries } from '../../trial/series.ts'
import { judgeRunFolder } from '../judging/check-folder.ts'
import { answeredOffsets } from '../judging/lane-folder.ts'
import { writeVerdict } from '../judging/verdict-file.ts'
import { removeUnneeded } from '../reporting/report-run.ts'
import { newRunFolder } from './stress-folder.ts'

export class LiveLaboratory implements Laboratory {
  readonly #folder: string
  readonly #series: Pick<TrialSeries, 'run'>
  readonly #before: number
  readonly #started = performance.now()

  /** `before`: seconds that earlier sessions of the stress have used. */
  constructor(folder: string, series: Pick<TrialSeries, 'run'>, before: number) {
    this.#folder = folder
    this.#series = series
    this.#before = before
  }

  now(): number {
    return this.#before + (performance.now() - this.#started) / 1000
  }

  async run(plan: Plan): Promise<Observed> {
    const began = this.now()
    const folder = newRunFolder(this.#folder, plan.name)
    const { errors } = await this.#series.run(plan, folder)
    const { verdict, bugs } = await judgeRunFolder(folder, { threads: 1, keepGoing: true })
    const [trial] = plan.trials
    const events = trial === undefined ? [] : eventsOf(folder, trial)
    const held = trial === undefined ? [] : heldIn(folder, trial)
    // From here on the trial counts as finished.
    writeVerdict(folder, verdict)
    removeUnneeded(folder, verdict)
    return {
      cells: verdict.cells,
      events,
      held,
      bugs: [...errors, ...bugs],
      seconds: this.now() - began,
      run: relative(this.#folder, folder),
    }
  }
}

function eventsOf(folder: string, { id }: Trial) {
  const { events } = trialPaths(folder, id)
  return existsSync(events) ? readEvents(events) : []
}

/** Which replicas held acknowledged messages alone, in the first lane: all lanes lie on the same replicas. */
function heldIn(folder: string, { id, lanes }: Trial): Held[] {
  const [lane] = lanes
  if (lane === undefined) return []
  const extracts = replicasFile(folder, id, lane.id)
  const path = laneFolder(folder, id, lane.id)
  if (!existsSync(extracts) || !existsSync(path)) return []
  const acked: AckedOffsets = answeredOffsets(path)
  return heldAlone(readReplicas(extracts), acked)
}
