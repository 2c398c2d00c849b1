/** Results of runs as the library returns them: verdict.json, with the folder of its history and with typed causes. */
import { LossproofError } from '../../model/errors.ts'
import type { Settings } from '../../model/plan.ts'
import type { CellVerdict, LostRange, RunVerdict, ExplainedRange } from '../../model/verdict.ts'
import type { CauseCode } from '../../systems/causes.ts'
import { matches, parseSelector } from '../plan/matrix/matrix.ts'

/** Why messages were lost or skipped. `code` is stable; `text` says it with the numbers of this case. */
export interface Cause {
  code: CauseCode | (string & {})
  text: string
}

/** Messages that were lost together, for one cause. `from` and `to` are message numbers. */
export interface Lost extends LostRange {
  cause: Cause
}

/** Messages that consumers passed over, for one cause. */
export interface Skipped extends ExplainedRange {
  cause: Cause
}

/** The result of one cell: one set of settings under one schedule of faults. */
export interface Cell extends CellVerdict {
  lost: Lost[]
  skipped: Skipped[]
  /** The run's folder. It holds the cell's history, from which the matchers judge. */
  folder: string
}

/** The result of a run. `verdict` is the worst of its cells. */
export interface Run extends RunVerdict {
  cells: Cell[]
  /** The run's folder, an absolute path: history, verdict.json, report.html, junit.xml. */
  folder: string
  /**
   * The only cell with these settings: `run.cell('acks=1')` or `run.cell({ 'producer.acks': 1 })`. Throws
   * LossproofError('usage') when none or several have them.
   */
  cell(settings: string | Settings): Cell
}

export function runOf(verdict: RunVerdict, folder: string): Run {
  const cells = verdict.cells.map(cell => ({ ...cell, folder }))
  return { ...verdict, cells, folder, cell: settings => findCell(cells, settings) }
}

function findCell(cells: readonly Cell[], settings: string | Settings): Cell {
  const selector = typeof settings === 'string' ? parseSelector(settings) : settings
  const named = typeof settings === 'string' ? settings : JSON.stringify(settings)
  if (selector === undefined)
    throw new LossproofError('usage', `cell "${named}": expected settings such as acks=1`, { hint: known(cells) })
  const [found, another] = cells.filter(cell => matches(cell.settings, selector))
  if (found === undefined) throw new LossproofError('usage', `no cell of this run has ${named}`, { hint: known(cells) })
  if (another !== undefined)
    throw new LossproofError('usage', `several cells of this run have ${named}`, { hint: known(cells) })
  return found
}

const known = (cells: readonly Cell[]): string => `the cells are ${cells.map(({ id }) => id).join(', ')}`
