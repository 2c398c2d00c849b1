/** Trials of a run folder, as the judge reads them. */
import { existsSync, readdirSync } from 'node:fs'
import { join } from 'node:path'
import { runPaths, trialPaths } from '../../../history/folder.ts'
import { readEvents } from '../../../history/reader.ts'
import { LossproofError } from '../../../model/errors.ts'
import type { Plan, Trial } from '../../../model/plan.ts'
import { TrialEvents } from '../../verdict/trial-events.ts'
import { isThere } from './lane-folder.ts'

const mostPartitions = 100_000

/** A trial of the plan. Its events are read when they are first asked for. */
export class ReadTrial {
  readonly plan: Trial
  readonly #folder: string
  readonly #lanes: ReadonlyMap<string, Trial['lanes'][number]>
  #events: TrialEvents | undefined

  constructor(folder: string, plan: Trial) {
    this.plan = plan
    this.#folder = folder
    this.#lanes = new Map(plan.lanes.map(lane => [lane.id, lane]))
  }

  get events(): TrialEvents {
    const path = trialPaths(this.#folder, this.plan.id).events
    this.#events ??= new TrialEvents(isThere(path) ? readEvents(path) : [])
    return this.#events
  }

  /** The trial as one of its lanes sees it, so that looking for that lane takes no time. */
  withLane(id: string): Trial {
    const lane = this.#lanes.get(id)
    return { ...this.plan, lanes: lane ? [lane] : [] }
  }
}

/** Refuses a plan in which one of two cells, lanes or trials would hide the other. */
export function refuseTwins(folder: string, { cells, trials }: Plan): void {
  const names = {
    'two cells are called': cells.map(({ id }) => id),
    'two cells have the lane': cells.map(({ trial, lane }) => `${trial}/${lane}`),
    'two trials are called': trials.map(({ id }) => id),
    'two lanes are called': trials.flatMap(({ id, lanes }) => lanes.map(lane => `${id}/${lane.id}`)),
  }
  for (const [what, given] of Object.entries(names)) {
    const seen = new Set<string>()
    const twin = given.find(name => {
      if (seen.has(name)) return true
      seen.add(name)
      return false
    })
    if (twin !== undefined) throw new LossproofError('history', `${runPaths(folder).runFile}: ${what} "${twin}"`)
  }
}

/** Refuses lanes, in the plan or as folders, that no cell of the plan has. */
export function refuseUnknownLanes(folder: string, trial: Trial, known: ReadonlySet<string>): void {
  for (const lane of trial.lanes) {
    if (!known.has(lane.id))
      throw new LossproofError('history', `${runPaths(folder).runFile}: no cell of the plan has lane "${lane.id}"`)
    if (lane.topic.partitions > mostPartitions)
      throw new LossproofError(
        'history',
        `${runPaths(folder).runFile}: lane "${lane.id}" has ${lane.topic.partitions} partitions; ` +
          `at most ${mostPartitions} are supported`,
      )
  }
  const { lanes } = trialPaths(folder, trial.id)
  if (!existsSync(lanes)) return
  const unknown = readdirSync(lanes).find(name => !known.has(name))
  if (unknown !== undefined)
    throw new LossproofError('history', `${join(lanes, unknown)}: no cell of the plan has this lane`)
}
