/** Runs an audit: all probes, then once more those that were inconclusive. */
import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import type { AuditPlan, AuditResult } from '../../../model/audit.ts'
import type { Plan } from '../../../model/plan.ts'
import type { RunVerdict } from '../../../model/verdict.ts'
import { auditResult } from '../../audit/result/result.ts'
import { execute } from '../execute/execute.ts'
import type { JudgedRun } from '../judging/check-folder.ts'
import type { ExecuteArguments } from '../options/execute-options.ts'
import { writeReports } from '../reporting/report-files.ts'
import { removeUnneeded } from '../reporting/report-run.ts'
import { ProbeProgress } from './probe-progress.ts'

export interface AuditedRun {
  /** The run folder, with the history of all probes. */
  folder: string
  result: AuditResult
}

/**
 * `done` is called with what is known, also when the audit is interrupted or fails half-way; then the error is thrown.
 * Throws LossproofError for what this machine cannot do.
 */
export async function runAudit(
  plan: Plan,
  audit: AuditPlan,
  args: ExecuteArguments,
  done: (audited: AuditedRun) => void,
): Promise<void> {
  const runs: { folder: string; judged: JudgedRun }[] = []
  const runOnce = async (part: Plan) => {
    const progress = new ProbeProgress(part, { ...audit, probes: audit.probes.filter(({ id }) => asks(part, id)) })
    await execute(part, args, {
      trialDone: (folder, trial, say) => progress.trialDone(folder, trial, say),
      report: async (folder, judged) => {
        runs.push({ folder, judged })
        return Promise.resolve()
      },
      reportInterrupted: true,
    })
  }
  try {
    await runOnce(plan)
    const open = planOfOpen(plan, resultOf(audit, runs))
    if (open !== undefined) {
      process.stderr.write(
        `${open.scenarios} of ${audit.probes.length} probes were inconclusive and are tried once more\n`,
      )
      await runOnce(open.plan)
    }
  } finally {
    const [first] = runs
    if (first !== undefined) {
      const result = resultOf(audit, runs)
      writeFileSync(join(first.folder, 'audit.json'), `${JSON.stringify(result, undefined, 2)}\n`)
      for (const { folder, judged } of runs) {
        await writeReports(folder, judged.verdict, { timelines: judged.timelines })
        removeUnneeded(folder, judged.verdict)
      }
      done({ folder: first.folder, result })
    }
  }
}

const asks = (plan: Plan, probe: string) => plan.cells.some(({ scenario }) => scenario === probe)

function resultOf(audit: AuditPlan, runs: readonly { judged: JudgedRun }[]): AuditResult {
  const [first, ...others] = runs.map(({ judged }) => judged.verdict)
  if (first === undefined) throw new Error('no run of the audit was judged')
  return auditResult(audit, [first, ...others] satisfies [RunVerdict, ...RunVerdict[]])
}

/** The part of the plan whose probes were inconclusive; undefined when there is none. */
function planOfOpen(plan: Plan, { rows }: AuditResult): { plan: Plan; scenarios: number } | undefined {
  const open = new Set(rows.filter(({ outcome }) => outcome === 'inconclusive').map(({ probe }) => probe.id))
  if (open.size === 0) return undefined
  return {
    scenarios: open.size,
    plan: {
      ...plan,
      name: `${plan.name}-again`,
      cells: plan.cells.filter(({ scenario }) => open.has(scenario)),
      trials: plan.trials.filter(({ scenario }) => open.has(scenario)),
    },
  }
}
