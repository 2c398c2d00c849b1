/** The plan of an audit and the verdicts of its runs → what the audit found. */
import type {
  AskedProbe,
  AuditOutcome,
  AuditPlan,
  AuditResult,
  AuditRow,
  FixResult,
  Price,
} from '../../../model/audit.ts'
import type { CellVerdict, RunVerdict } from '../../../model/verdict.ts'

/**
 * `runs`: the first part of the audit, then those with further fixes and what had been inconclusive. Probes that did
 * not run are left out, so that an interrupted audit has the result of what is known.
 */
export function auditResult(plan: AuditPlan, runs: readonly [RunVerdict, ...RunVerdict[]]): AuditResult {
  const rows = plan.probes.flatMap(probe => {
    const tries = runs.flatMap(run => tryOf(probe, run, runs))
    const [first] = tries
    return first === undefined ? [] : [rowOf(plan, probe, [first, ...tries.slice(1)])]
  })
  return { schema: 1, run: runs[0].run, plan, rows, verdict: verdictOf(plan, rows) }
}

interface Try {
  run: string
  own: CellVerdict
  outcome: AuditOutcome
  reasons: string[]
  tried: FixResult[]
}

/** Nothing when the user's settings did not run. A fix that did not run beside them ran in another part of the audit. */
function tryOf(probe: AskedProbe, { run, cells }: RunVerdict, runs: readonly RunVerdict[]): Try[] {
  const cell = (id: string | undefined) => cells.find(one => one.id === id)
  const anywhere = (id: string) => cell(id) ?? runs.flatMap(other => other.cells).find(one => one.id === id)
  const own = cell(probe.cell)
  if (own === undefined) return []
  const control = cell(probe.control)
  const { outcome, reasons } = judge(probe, own, control)
  const tried = probe.fixes.flatMap(({ settings, cell: id, ownTrial }): FixResult[] => {
    const found = anywhere(id)
    return found === undefined ? [] : [{ settings, cell: id, ownTrial, ...fixOutcome(probe, found, outcome) }]
  })
  return [{ run, own, outcome, reasons, tried }]
}

function judge(
  probe: AskedProbe,
  own: CellVerdict,
  control: CellVerdict | undefined,
): { outcome: AuditOutcome; reasons: string[] } {
  if (lostOf(own) > 0) return { outcome: 'lost', reasons: [] }
  if (own.counts.skipped > 0) return { outcome: 'skipped', reasons: [] }
  if (own.verdict === 'inconclusive') return { outcome: 'inconclusive', reasons: own.reasons }
  if (own.verdict !== 'held') return { outcome: 'lost', reasons: brokenPromises(own) }
  // Counts, not the verdict: a control that lost messages shows a hard fault, whatever else went wrong in its lane.
  const isHard = control === undefined || (probe.side === 'producer' ? lostOf(control) : control.counts.skipped) > 0
  if (isHard) return { outcome: 'kept', reasons: [] }
  const word = probe.side === 'producer' ? 'lost' : 'skipped'
  return {
    outcome: 'inconclusive',
    reasons: [
      `settings that surely lose under this fault ${word} nothing this time, so the fault was not hard enough`,
      ...control.reasons,
    ],
  }
}

const lostOf = ({ counts }: CellVerdict) => counts.lost + counts.clientLost

/** Promises that no counting of lost messages names, such as corrupt ones. */
const brokenPromises = ({ expect }: CellVerdict): string[] =>
  expect.filter(({ ok }) => !ok).map(({ what, expected, actual }) => `${what}: ${actual}, promised ${expected}`)

/** A fix is proved only when the fault did harm: the user's own settings lost under it. */
function fixOutcome(
  probe: AskedProbe,
  cell: CellVerdict,
  own: AuditOutcome,
): Omit<FixResult, 'settings' | 'cell' | 'ownTrial'> {
  const { outcome, reasons } = judge(probe, cell, undefined)
  return {
    outcome: own === 'inconclusive' && outcome === 'kept' ? 'inconclusive' : outcome,
    lost: lostOf(cell),
    skipped: cell.counts.skipped,
    acked: cell.counts.acked,
    price: priceOf(cell),
    reasons,
  }
}

const priceOf = ({ load, recovery, counts }: CellVerdict): Price => ({
  load,
  recovery,
  refused: counts.givenUp + counts.rejected,
})

const isLoss = (outcome: AuditOutcome) => outcome === 'lost' || outcome === 'skipped'

/** The try with a loss, else the last one that says something. */
function rowOf(plan: AuditPlan, probe: AskedProbe, tries: [Try, ...Try[]]): AuditRow {
  const chosen =
    tries.find(({ outcome }) => isLoss(outcome)) ?? tries.findLast(({ outcome }) => outcome === 'kept') ?? tries[0]
  const { run, own, outcome, reasons, tried } = chosen
  const fix = isLoss(outcome) ? bestFix(tried) : undefined
  const judged = tries.filter(one => isLoss(one.outcome) || one.own.verdict !== 'inconclusive')
  return {
    probe,
    run,
    outcome,
    counts: own.counts,
    tries: {
      made: Math.max(1, judged.length),
      lost: judged.filter(one => isLoss(one.outcome)).length,
    },
    causes: causesOf(own),
    price: priceOf(own),
    ...(fix === undefined ? {} : { fix }),
    tried,
    origins: fix === undefined ? [] : plan.settings.filter(({ name }) => name in fix.settings),
    reasons,
    allowed: plan.allowed.includes(probe.id),
  }
}

/** Of the fixes that kept everything, the one that changes fewest settings; the table of fixes has the usual ones first. */
export function bestFix<Tried extends Pick<FixResult, 'settings' | 'outcome'>>(
  tried: readonly Tried[],
): Tried | undefined {
  const size = ({ settings }: Tried) => Object.keys(settings).length
  return tried.filter(({ outcome }) => outcome === 'kept').toSorted((a, b) => size(a) - size(b))[0]
}

/** Of several ranges with one cause, the longest one tells how it happened. */
function causesOf({ lost, skipped }: CellVerdict): AuditRow['causes'] {
  const byCode = Map.groupBy([...lost, ...skipped], ({ cause }) => cause.code)
  return [...byCode]
    .map(([code, ranges]) => ({
      code,
      text: ranges.toSorted((a, b) => b.count - a.count)[0]?.cause.text ?? '',
      count: ranges.reduce((sum, { count }) => sum + count, 0),
    }))
    .toSorted((a, b) => b.count - a.count)
}

function verdictOf({ probes }: AuditPlan, rows: readonly AuditRow[]): AuditResult['verdict'] {
  if (rows.some(({ outcome, allowed }) => isLoss(outcome) && !allowed)) return 'violated'
  const open = rows.length < probes.length || rows.some(({ outcome }) => outcome === 'inconclusive')
  return open ? 'inconclusive' : 'held'
}
