/**
 * The data of the page: one JSON document inside one HTML file. The same version of Lossproof writes both, so the page
 * needs no version check.
 */
import type { AuditResult } from '../../../model/audit.ts'
import type { CauseDefinitions } from '../../../model/causes.ts'
import type { StressResult } from '../../../model/stress/stress.ts'
import type { CellVerdict, RunVerdict } from '../../../model/verdict.ts'
import type { HarnessDefault, SettingValue } from '../../../model/plan.ts'
import type { Status } from '../compare/comparison.ts'
import type { Kind } from '../words/kinds.ts'
import type { SystemWords } from '../words/systems.ts'
import type { LaneTimeline } from '../timeline/lane-timeline.ts'
import type { TrialTimeline } from '../timeline/trial-timeline.ts'

/** The verdict of a cell without its faults, which are part of its trial, and with the timeline of its lane. */
export interface CellPage extends Omit<CellVerdict, 'faults'> {
  lane: string
  /** Command that repeats the run of this cell. */
  replay: string
  /** Ranges of lost and skipped messages that the page leaves out, and the messages in them. */
  more: { ranges: number; messages: number }
  /** Files of the run folder that are about the cell, with their paths relative to the page. */
  files?: CellFile[]
  /** Absent when the run folder has no history of the lane. */
  timeline?: LaneTimeline
}

export interface CellFile {
  /** What the file is: `history`, `broker logs`. */
  name: string
  /** As a link. */
  path: string
}

export interface RunPage {
  page: 'run'
  /** What the audit found. Absent for runs that are no audit. */
  audit?: AuditResult
  /** What a stress tried and found. The cells are then those of its findings. */
  stress?: StressResult
  run: string
  seed: number
  verdict: RunVerdict['verdict']
  versions: Record<string, string>
  cells: CellPage[]
  trials: TrialTimeline[]
  claims: RunVerdict['claims']
  /** Words for each system of the run, by system id. */
  systems: Record<string, SystemWords>
  /** Definitions of the causes that the cells name. */
  causes?: CauseDefinitions
  /** Settings that Lossproof sets by itself. Empty for runs of versions that did not record them. */
  setByHarness: HarnessDefault[]
  /** Warnings of the planner: what is allowed and probably not meant. */
  warnings: string[]
  /** Milliseconds of each phase, by trial. */
  phases: Record<string, Record<string, number>>
}

/** The result of a cell in one run of the dashboard. */
export interface CellPoint {
  id: string
  verdict: CellVerdict['verdict']
  counts: CellVerdict['counts']
  recovery: CellVerdict['recovery']
}

export interface DashboardRun {
  run: string
  verdict: RunVerdict['verdict']
  versions: Record<string, string>
  /** Address of the run's own page, relative to the dashboard. Absent when the run has no page. */
  href?: string
  cells: CellPoint[]
}

/** Facts of a cell that are the same in every run, taken from the last run that has the cell. */
export interface CellFacts {
  id: string
  scenario: string
  system: CellVerdict['system']
  settings: Record<string, SettingValue>
  faults: { fault: string; target: string }[]
}

/** What differs between the newest run and the last one before it that has cells in common with it. */
export interface DashboardChanges {
  before: string
  after: string
  /** `versions differ: <name> 4.2.0 → 4.3.1`. */
  versions: string[]
  /** Worst first; cells that did not change are left out. */
  cells: { id: string; status: Status; text: string; details: string[] }[]
  /** Cells that both runs have, and that did not change. */
  unchanged: number
}

/** One subject with an unsafe and a safe cell of each system. */
export interface DashboardSubject {
  subject: string
  examples: { system: string; faults: string; cells: { id: string; name: string; kind: Kind; text: string }[] }[]
}

export interface DashboardPage {
  page: 'dashboard'
  /** Absent where no earlier run has a cell of the newest. */
  changes?: DashboardChanges
  /** Empty where no run shows a claim of a subject. */
  subjects: DashboardSubject[]
  /** Oldest first. */
  runs: DashboardRun[]
  /** Words for each system of the runs, by system id. */
  systems: Record<string, SystemWords>
  cells: CellFacts[]
}

export type PageData = RunPage | DashboardPage

/** Placeholders of the built page, which `pageOf` replaces. */
export const dataMark = '__LOSSPROOF_DATA__'
export const titleMark = '__LOSSPROOF_TITLE__'

/** The page with its data. `<` is escaped, so that no name or broker text in the data can end the script element. */
export function pageOf(template: string, title: string, data: PageData): string {
  const json = JSON.stringify(data)
    .replaceAll('<', '\\u003c')
    .replaceAll('\u2028', '\\u2028')
    .replaceAll('\u2029', '\\u2029')
  // Functions, because String.replace gives `$&` in a replacement string a special meaning.
  return template.replace(titleMark, () => escapeHtml(title)).replace(dataMark, () => json)
}

function escapeHtml(text: string): string {
  return text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;')
}
