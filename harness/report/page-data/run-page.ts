/** Builds the data of a run's page from its verdict and timelines. */
import type { AuditResult } from '../../../model/audit.ts'
import type { HarnessDefault } from '../../../model/plan.ts'
import type { CauseDefinitions } from '../../../model/causes.ts'
import type { CellVerdict, RunVerdict } from '../../../model/verdict.ts'
import { lossCauses, skipCauses, unsentCauses } from '../../../systems/causes.ts'
import type { CellFile, CellPage, RunPage } from './page-data.ts'
import { systemWords } from '../words/systems.ts'
import { explainedRanges } from '../words/ranges.ts'
import { replayCommand } from '../words/replay-command.ts'
import type { LaneTimeline } from '../timeline/lane-timeline.ts'
import { messagesIn, shownRanges } from './shown-ranges.ts'
import { trialTimeline } from '../timeline/trial-timeline.ts'
import type { TrialTimeline } from '../timeline/trial-timeline.ts'

/** All that reports need of a run. Timelines are missing where the run folder has no history. */
export interface ReportedRun {
  verdict: RunVerdict
  /** What the audit found, of which this is the run. */
  audit?: AuditResult
  /** For a merged run: name of the run that each cell was part of, by cell id. */
  runOf?: ReadonlyMap<string, string>
  versions: Record<string, string>
  phases: RunPage['phases']
  /** Settings that Lossproof sets by itself. Absent when the run folder does not record them. */
  setByHarness?: readonly HarnessDefault[]
  /** Warnings of the planner. */
  warnings?: readonly string[]
  /** Lane id by cell id. */
  laneOf: ReadonlyMap<string, string>
  trials: ReadonlyMap<string, TrialTimeline>
  /** Files about each cell, by cell id. Absent for merged runs, whose files are in several folders. */
  files?: ReadonlyMap<string, CellFile[]>
  /** By cell id. */
  lanes: ReadonlyMap<string, LaneTimeline>
}

export function runPage(reported: ReportedRun): RunPage {
  const { verdict, versions, phases, trials } = reported
  const maxRanges = Math.max(minRangesOfCell, Math.floor(maxRangesOfPage / Math.max(1, verdict.cells.length)))
  const byTrial = Map.groupBy(verdict.cells, cell => cell.trial)
  return {
    page: 'run',
    ...(reported.audit === undefined ? {} : { audit: reported.audit }),
    run: verdict.run,
    seed: verdict.seed,
    verdict: verdict.verdict,
    claims: verdict.claims,
    versions,
    systems: wordsOfSystems(verdict.cells),
    causes: causesOf(verdict.cells),
    setByHarness: [...(reported.setByHarness ?? [])],
    warnings: [...(reported.warnings ?? [])],
    phases,
    cells: verdict.cells.map(cell => cellPage(cell, reported, maxRanges)),
    trials: [...byTrial].map(
      ([id, cells]) => trials.get(id) ?? trialTimeline(id, undefined, [], cells[0]?.faults ?? []),
    ),
  }
}

/** Limits for ranges of lost messages. Each range adds about a hundred bytes of text to the page. */
const maxRangesOfPage = 4000
const minRangesOfCell = 10

function cellPage(
  { faults: _ofTrial, ...cell }: CellVerdict,
  { verdict, runOf, laneOf, lanes, files }: ReportedRun,
  maxRanges: number,
): CellPage {
  const timeline = lanes.get(cell.id)
  const lost = shownRanges(cell.lost, maxRanges)
  const skipped = shownRanges(cell.skipped, maxRanges)
  const unsent = cell.unsent && shownRanges(cell.unsent, maxRanges)
  const all = explainedRanges(cell)
  const kept = explainedRanges({ lost, skipped, unsent })
  return {
    ...cell,
    lost,
    skipped,
    ...(unsent === undefined ? {} : { unsent }),
    lane: laneOf.get(cell.id) ?? '',
    replay: replayCommand(runOf?.get(cell.id) ?? verdict.run, cell.id),
    more: { ranges: all.length - kept.length, messages: messagesIn(all) - messagesIn(kept) },
    ...(files?.has(cell.id) ? { files: files.get(cell.id) ?? [] } : {}),
    ...(timeline === undefined ? {} : { timeline }),
  }
}

function causesOf(cells: readonly CellVerdict[]): CauseDefinitions {
  const used = new Set(cells.flatMap(explainedRanges).map(({ cause }) => cause.code))
  const known = [...lossCauses, ...skipCauses, ...unsentCauses].flatMap(([, causes]) => Object.entries(causes))
  return Object.fromEntries(known.filter(([code]) => used.has(code)))
}

/** Merges shards of one run. No two shards have a cell or a trial in common. */
export function mergedRun(verdict: RunVerdict, shards: readonly ReportedRun[]): ReportedRun {
  return {
    verdict,
    runOf: new Map(shards.flatMap(shard => shard.verdict.cells.map(({ id }) => [id, shard.verdict.run] as const))),
    versions: Object.assign({}, ...shards.map(shard => shard.versions)),
    phases: Object.assign({}, ...shards.map(shard => shard.phases)),
    setByHarness: shards.flatMap(shard => shard.setByHarness ?? []),
    warnings: [...new Set(shards.flatMap(shard => shard.warnings ?? []))],
    laneOf: new Map(shards.flatMap(shard => [...shard.laneOf])),
    trials: new Map(shards.flatMap(shard => [...shard.trials])),
    lanes: new Map(shards.flatMap(shard => [...shard.lanes])),
  }
}

export function wordsOfSystems(cells: readonly { system: string }[]): RunPage['systems'] {
  return Object.fromEntries(cells.map(({ system }) => [system, systemWords(system)]))
}
