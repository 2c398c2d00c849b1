/** A run's verdict, plan and stories → the data of its page. */
import type { CellVerdict, RunVerdict } from '../../../model/verdict.ts'
import type { CellPage, DashboardPage, DashboardRun, RunPage } from './page-data.ts'
import { replayCommand } from '../replay-command.ts'
import type { LaneStory } from '../story/lane-story.ts'
import { messagesIn, tellingRanges } from './telling-ranges.ts'
import { trialStory } from '../story/trial-story.ts'
import type { TrialStory } from '../story/trial-story.ts'

/** A run as the reports know it; what its folder does not hold is absent. */
export interface ReportedRun {
  verdict: RunVerdict
  /** Of several runs made one: the run of each cell, by its id. */
  runOf?: ReadonlyMap<string, string>
  versions: Record<string, string>
  phases: RunPage['phases']
  /** Lane by cell id. */
  laneOf: ReadonlyMap<string, string>
  trials: ReadonlyMap<string, TrialStory>
  /** By cell id. */
  lanes: ReadonlyMap<string, LaneStory>
}

export function runPage(reported: ReportedRun): RunPage {
  const { verdict, versions, phases, trials } = reported
  const most = Math.max(leastRanges, Math.floor(mostRanges / Math.max(1, verdict.cells.length)))
  const byTrial = Map.groupBy(verdict.cells, cell => cell.trial)
  return {
    page: 'run',
    run: verdict.run,
    seed: verdict.seed,
    verdict: verdict.verdict,
    claims: verdict.claims,
    versions,
    phases,
    cells: verdict.cells.map(cell => cellPage(cell, reported, most)),
    trials: [...byTrial].map(([id, cells]) => trials.get(id) ?? trialStory(id, undefined, [], cells[0]?.faults ?? [])),
  }
}

/** Ranges of lost messages that a page tells of, each some hundred bytes of words: of all cells, and of each at least. */
const mostRanges = 4000
const leastRanges = 10

function cellPage(
  { faults: _ofTrial, ...cell }: CellVerdict,
  { verdict, runOf, laneOf, lanes }: ReportedRun,
  most: number,
): CellPage {
  const story = lanes.get(cell.id)
  const lost = tellingRanges(cell.lost, most)
  const skipped = tellingRanges(cell.skipped, most)
  const all = [...cell.lost, ...cell.skipped]
  const kept = [...lost, ...skipped]
  return {
    ...cell,
    lost,
    skipped,
    lane: laneOf.get(cell.id) ?? '',
    replay: replayCommand(runOf?.get(cell.id) ?? verdict.run),
    more: { ranges: all.length - kept.length, messages: messagesIn(all) - messagesIn(kept) },
    ...(story === undefined ? {} : { story }),
  }
}

/** Shards, each with cells and trials of its own, as one run. */
export function mergedRun(verdict: RunVerdict, shards: readonly ReportedRun[]): ReportedRun {
  return {
    verdict,
    runOf: new Map(shards.flatMap(shard => shard.verdict.cells.map(({ id }) => [id, shard.verdict.run] as const))),
    versions: Object.assign({}, ...shards.map(shard => shard.versions)),
    phases: Object.assign({}, ...shards.map(shard => shard.phases)),
    laneOf: new Map(shards.flatMap(shard => [...shard.laneOf])),
    trials: new Map(shards.flatMap(shard => [...shard.trials])),
    lanes: new Map(shards.flatMap(shard => [...shard.lanes])),
  }
}

export interface DashboardInput {
  verdict: RunVerdict
  versions: Record<string, string>
  href: string | undefined
}

/** Runs in the order of their names, which begin with their time. */
export function dashboardPage(inputs: readonly DashboardInput[]): DashboardPage {
  const ordered = inputs.toSorted((a, b) => (a.verdict.run < b.verdict.run ? -1 : 1))
  const facts = new Map<string, DashboardPage['cells'][number]>()
  for (const { verdict } of ordered)
    for (const cell of verdict.cells) facts.set(cell.id, factsOf(cell, facts.get(cell.id)))
  return {
    page: 'dashboard',
    runs: ordered.map(({ verdict, versions, href }): DashboardRun => ({
      run: verdict.run,
      verdict: verdict.verdict,
      versions,
      ...(href === undefined ? {} : { href }),
      cells: verdict.cells.map(({ id, verdict: word, counts, recovery }) => ({ id, verdict: word, counts, recovery })),
    })),
    cells: [...facts.values()],
  }
}

/** A trial that failed before its faults tells none; an earlier run did. */
function factsOf(
  { id, scenario, system, settings, faults }: CellVerdict,
  before: DashboardPage['cells'][number] | undefined,
): DashboardPage['cells'][number] {
  const named = faults.map(({ fault, target }) => ({ fault, target }))
  return { id, scenario, system, settings, faults: named.length > 0 ? named : (before?.faults ?? []) }
}
