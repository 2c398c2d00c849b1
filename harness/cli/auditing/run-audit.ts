/** Runs an audit in parts: all probes with their fixes, then what was inconclusive. */
import { runPaths } from '../../../history/folder.ts'
import type { AuditPlan, AuditResult } from '../../../model/audit.ts'
import { patchOf } from '../../audit/patch/patch.ts'
import type { SourceText } from '../../audit/read/index.ts'
import { auditResult } from '../../audit/result/result.ts'
import type { AuditPlanner, PlannedAudit } from '../../audit/plan/planner.ts'
import { plural } from '../../report/words/numbers.ts'
import type { Executor } from '../execute/execute.ts'
import type { JudgedRun } from '../judging/check-folder.ts'
import { replaceFile } from '../replace-file.ts'
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

/** How the parts of an audit are carried out, and where it says that it begins another one. */
export interface AuditSurroundings {
  execute: Executor
  say: (line: string) => void
}

/**
 * `sources`: the user's files, which the patch changes. `done` is called with what is known, also when the audit is
 * interrupted or fails half-way; then the error is thrown.
 * Throws LossproofError for what this machine cannot do.
 */
export async function runAudit(
  planner: AuditPlanner,
  first: PlannedAudit,
  sources: readonly SourceText[],
  { execute, say }: AuditSurroundings,
  done: (audited: AuditedRun) => Promise<void> | void,
): Promise<void> {
  const parts: Part[] = []
  let audit = first.audit
  try {
    let part: PlannedAudit | undefined = first
    while (part !== undefined) {
      const begun = part
      await runPart(part, planner, execute, parts, longer => {
        ;({ audit } = longer)
      })
      part = planner.next({ ...begun, audit }, resultOf(audit, parts).rows)
      if (part === undefined) break
      const again = new Set(part.plan.cells.map(({ scenario }) => scenario)).size
      say(`${plural(again, 'probe')} once more, because what they showed was inconclusive`)
    }
  } finally {
    const [begun] = parts
    if (begun !== undefined) {
      const result = withPatch(resultOf(audit, parts), sources)
      const paths = runPaths(begun.folder)
      replaceFile(paths.audit, `${JSON.stringify(result, undefined, 2)}\n`)
      if (result.patch !== undefined) replaceFile(paths.auditPatch, result.patch.diff)
      for (const { folder, judged } of parts) {
        removeUnneeded(folder, judged.verdict)
        await writeReports(folder, judged.verdict, { timelines: judged.timelines })
      }
      await done({ folder: begun.folder, result })
    }
  }
}

/** `grown`: called when trials were added to the part. */
async function runPart(
  begun: PlannedAudit,
  planner: AuditPlanner,
  execute: Executor,
  parts: Part[],
  grown: (part: PlannedAudit) => void,
): Promise<void> {
  const progress = new ProbeProgress(begun)
  await execute(begun.plan, {
    trialDone: (folder, trial, say) => {
      const longer = planner.withBrokerFixes(progress.part, progress.trialDone(folder, trial, say))
      if (longer === undefined) return undefined
      progress.grow(longer)
      grown(longer)
      return longer.plan
    },
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

function withPatch(result: AuditResult, sources: readonly SourceText[]): AuditResult {
  const texts = new Map(sources.map(({ name, text }) => [name, text]))
  const { diff, changes, notPatched } = patchOf(result.rows, result.plan, texts)
  return changes.length + notPatched.length === 0 ? result : { ...result, patch: { diff, changes, notPatched } }
}
