/** Says how far an audit is: each probe's result as soon as its trials have ended, and about how long the rest takes. */
import type { AuditPlan, AuditRow } from '../../../model/audit.ts'
import type { Plan } from '../../../model/plan.ts'
import type { CellVerdict } from '../../../model/verdict.ts'
import { auditResult } from '../../audit/result/result.ts'
import { rowLine } from '../../report/audit/row-line.ts'
import { plural } from '../../report/words/numbers.ts'
import { cellJudge } from '../judging/check-folder.ts'

const worthSayingMs = 60_000

export class ProbeProgress {
  readonly #plan: Plan
  readonly #audit: AuditPlan
  readonly #started = performance.now()
  readonly #cells = new Map<string, CellVerdict>()
  #trials = 0
  #told = new Set<string>()

  constructor(plan: Plan, audit: AuditPlan) {
    this.#plan = plan
    this.#audit = audit
  }

  /** Judges the cells of a trial that has ended. The whole run is judged again at its end. */
  trialDone(folder: string, trial: string, say: (line: string) => void): void {
    const judge = cellJudge(folder, { timelines: false, keepGoing: true })
    for (const cell of this.#plan.cells) if (cell.trial === trial) this.#cells.set(cell.id, judge(cell).verdict)
    this.#trials += 1
    for (const row of this.#newRows()) {
      this.#told.add(row.probe.id)
      say(`${this.#told.size} of ${plural(this.#audit.probes.length, 'probe')}: ${rowLine(row)}${this.#rest()}`)
    }
  }

  /** Rows of probes of which every cell is judged by now. */
  #newRows(): AuditRow[] {
    const planned = new Set(this.#plan.cells.map(({ id }) => id))
    const whole = this.#audit.probes.filter(
      ({ id, cell, control, fixes }) =>
        !this.#told.has(id) &&
        [cell, control, ...fixes.map(fix => fix.cell)].every(
          one => one === undefined || !planned.has(one) || this.#cells.has(one),
        ),
    )
    const cells = [...this.#cells.values()]
    const run = { schema: 1, run: '', seed: this.#plan.seed, verdict: 'held', cells, claims: [] } as const
    return auditResult({ ...this.#audit, probes: whole }, [{ ...run, cells, claims: [] }]).rows
  }

  #rest(): string {
    const each = (performance.now() - this.#started) / this.#trials
    const restMs = each * (this.#plan.trials.length - this.#trials)
    if (restMs <= 0) return ''
    return restMs < worthSayingMs ? '; less than a minute left' : `; about ${Math.round(restMs / 60_000)} min left`
  }
}
