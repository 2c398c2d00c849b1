/**
 * What the page is made of: one JSON document inside one HTML file. The page and this document are written by the same
 * version of this project, so the page reads it as it is.
 */
import type { CellVerdict, RunVerdict } from '../../../model/verdict.ts'
import type { SettingValue } from '../../../model/plan.ts'
import type { LaneStory } from '../story/lane-story.ts'
import type { TrialStory } from '../story/trial-story.ts'

/** A cell's verdict, without what all cells of its trial share, and the story of its lane where the history is at hand. */
export interface CellPage extends Omit<CellVerdict, 'faults'> {
  lane: string
  /** What repeats the run that it was in, for the command line. */
  replay: string
  /** Of its lost and skipped ranges, those that the page leaves out. */
  more: { ranges: number; messages: number }
  story?: LaneStory
}

export interface RunPage {
  page: 'run'
  run: string
  seed: number
  verdict: RunVerdict['verdict']
  versions: Record<string, string>
  cells: CellPage[]
  trials: TrialStory[]
  claims: RunVerdict['claims']
  /** Milliseconds by phase, by trial. */
  phases: Record<string, Record<string, number>>
}

/** What a dashboard keeps of a cell of one run. */
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
  /** Where its own page lies, relative to the dashboard; absent when there is none. */
  href?: string
  cells: CellPoint[]
}

/** What cells of the same id have in common, as the last run that has them tells it. */
export interface CellFacts {
  id: string
  scenario: string
  system: CellVerdict['system']
  settings: Record<string, SettingValue>
  faults: { fault: string; target: string }[]
}

export interface DashboardPage {
  page: 'dashboard'
  /** Oldest first. */
  runs: DashboardRun[]
  cells: CellFacts[]
}

export type PageData = RunPage | DashboardPage

/** Stands in the built page where the data go. */
export const dataMark = '__LOSSPROOF_DATA__'
export const titleMark = '__LOSSPROOF_TITLE__'

/** Nothing in the data can end the script element that carries it, whatever names and broker texts hold. */
export function pageOf(template: string, title: string, data: PageData): string {
  const json = JSON.stringify(data)
    .replaceAll('<', '\\u003c')
    .replaceAll('\u2028', '\\u2028')
    .replaceAll('\u2029', '\\u2029')
  // Functions: in a string, `$&` of a name would mean something.
  return template.replace(titleMark, () => escapeHtml(title)).replace(dataMark, () => json)
}

function escapeHtml(text: string): string {
  return text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;')
}
