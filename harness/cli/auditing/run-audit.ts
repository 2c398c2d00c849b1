/** Runs an audit in two parts: all probes, then fixes by settings of the brokers and what was inconclusive. */
import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import type { AuditPlan, AuditResult } from '../../../model/audit.ts'
import { auditResult } from '../../audit/result/result.ts'
import type { AuditPlanner, PlannedAudit } from '../../audit/plan/planner.ts'
import { plural } from '../../report/words/numbers.ts'
import { execute } from '../execute/execute.ts'
import type { JudgedRun } from '../judging/check-folder.ts'
import type { ExecuteArguments } from '../options/execute-options.ts'
import { writeReports } from '../reporting/report-files.ts'
import { removeUnneeded } from '../reporting/report-run.ts'
import { ProbeProgress } from './probe-progress.ts'

export interface AuditedRun {
  /** The run folder of the first part. */
  folder: string
  result: AuditResult
}

interface Part {
  folder: string
  judged: JudgedRun
}

/**
 * `done` is called with what is known, also when the audit is interrupted or fails half-way; then the error is thrown.
 * Throws LossproofError for what this machine cannot do.
 */
export async function runAudit(
  planner: AuditPlanner,
  first: PlannedAudit,
  args: ExecuteArguments,
  done: (audited: AuditedRun) => Promise<void> | void,
): Promise<void> {
  const parts: Part[] = []
  let audit = first.audit
  try {
    await runPart(first, args, parts)
    const second = planner.second(first, resultOf(audit, parts).rows)
    if (second !== undefined) {
      ;({ audit } = second)
      const again = new Set(second.plan.cells.map(({ scenario }) => scenario)).size
      process.stderr.write(`${plural(again, 'probe')} once more, for open questions and fixes\n`)
      await runPart(second, args, parts)
    }
  } finally {
    const [part] = parts
    if (part !== undefined) {
      const result = resultOf(audit, parts)
      writeFileSync(join(part.folder, 'audit.json'), `${JSON.stringify(result, undefined, 2)}\n`)
      for (const { folder, judged } of parts) {
        await writeReports(folder, judged.verdict, { timelines: judged.timelines })
        removeUnneeded(folder, judged.verdict)
      }
      await done({ folder: part.folder, result })
    }
  }
}

async function runPart({ plan, audit }: PlannedAudit, args: ExecuteArguments, parts: Part[]): Promise<void> {
  const progress = new ProbeProgress(plan, audit)
  await execute(plan, args, {
    trialDone: (folder, trial, say) => progress.trialDone(folder, trial, say),
    report: async (folder, judged) => {
      parts.push({ folder, judged })
      return Promise.resolve()
    },
    reportInterrupted: true,
  })
}

function resultOf(audit: AuditPlan, parts: readonly Part[]): AuditResult {
  const [first, ...others] = parts.map(({ judged }) => judged.verdict)
  if (first === undefined) throw new Error('no part of the audit was judged')
  return auditResult(audit, [first, ...others])
}
