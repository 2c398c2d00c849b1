/** Says how far an audit is: each probe's result as soon as its trials have ended, and about how long the rest takes. */
import type { AuditRow } from '../../../model/audit.ts'
import type { CellVerdict } from '../../../model/verdict.ts'
import type { PlannedAudit } from '../../audit/plan/planner.ts'
import { auditResult } from '../../audit/result/result.ts'
import { rowLine } from '../../report/audit/row-line.ts'
import { plural } from '../../report/words/numbers.ts'
import { cellJudge } from '../judging/check-folder.ts'

const worthSayingMs = 60_000

export class ProbeProgress {
  #part: PlannedAudit
  readonly #started = performance.now()
  readonly #cells = new Map<string, CellVerdict>()
  #trials = 0
  #told = new Set<string>()

  constructor(part: PlannedAudit) {
    this.#part = part
  }

  /** What is being run, with the trials that were added. */
  get part(): PlannedAudit {
    return this.#part
  }

  /** `part`: with trials for fixes behind those it had. Their probes are told once more. */
  grow(part: PlannedAudit): void {
    this.#part = part
    const open = new Set(part.plan.cells.filter(({ id }) => !this.#cells.has(id)).map(({ scenario }) => scenario))
    this.#told = new Set([...this.#told].filter(id => !open.has(id)))
  }

  /**
   * Judges the cells of a trial that has ended. The whole run is judged again at its end. Returns the rows of the probes that
   * are complete with it.
   */
  trialDone(folder: string, trial: string, say: (line: string) => void): AuditRow[] {
    const { plan, audit } = this.#part
    const judge = cellJudge(folder, { timelines: false, keepGoing: true })
    for (const cell of plan.cells) if (cell.trial === trial) this.#cells.set(cell.id, judge(cell).verdict)
    this.#trials += 1
    const rows = this.#newRows()
    for (const row of rows) {
      this.#told.add(row.probe.id)
      say(`${this.#told.size} of ${plural(audit.probes.length, 'probe')}: ${rowLine(row)}${this.#rest()}`)
    }
    return rows
  }

  /** Rows of probes of which every cell is judged by now. */
  #newRows(): AuditRow[] {
    const { plan, audit } = this.#part
    const planned = new Set(plan.cells.map(({ id }) => id))
    const whole = audit.probes.filter(
      ({ id, cell, control, fixes }) =>
        !this.#told.has(id) &&
        [cell, control, ...fixes.map(fix => fix.cell)].every(
          one => one === undefined || !planned.has(one) || this.#cells.has(one),
        ),
    )
    const cells = [...this.#cells.values()]
    const run = { schema: 1, run: '', seed: plan.seed, verdict: 'held', cells, claims: [] } as const
    return auditResult({ ...audit, probes: whole }, [{ ...run, cells, claims: [] }]).rows
  }

  #rest(): string {
    const each = (performance.now() - this.#started) / this.#trials
    const restMs = each * (this.#part.plan.trials.length - this.#trials)
    if (restMs <= 0) return ''
    return restMs < worthSayingMs ? '; less than a minute left' : `; about ${Math.round(restMs / 60_000)} min left`
  }
}
