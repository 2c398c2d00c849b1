/** Tries settings that keep the messages under the schedule of a finding, as an audit proves its fixes. */
import type { Plan } from '../../../model/plan.ts'
import type { CellVerdict } from '../../../model/verdict.ts'
import type { Draw, DrawnLane, StressFix } from '../../../model/stress/stress.ts'
import type { Settings } from '../../../model/settings.ts'
import { systemFacts } from '../../../systems/index.ts'
import { fixesOf, needsOwnBrokers } from '../../audit/plan/compose.ts'
import { planOf } from '../compose.ts'
import type { Observed } from '../laboratory.ts'
import type { Candidate } from '../shrink/moves.ts'

const mostFixes = 6
const mostTries = 2

export interface FixOptions {
  candidate: Candidate
  cause: string
  seed: number
  run: (plan: Plan) => Promise<Observed>
  /** Whether the planner accepts it. */
  accepts: (candidate: Candidate) => boolean
  isLate: () => boolean
}

/** Fixes for the cause, as differences from the settings, single settings first. */
export function fixesFor({ draw, subject }: Candidate, cause: string): Settings[] {
  const own = { ...subject.own, ...draw.lanes[0]?.settings }
  return fixesOf(systemFacts(subject.system).audit, [cause], own)
    .toSorted((a, b) => Object.keys(a).length - Object.keys(b).length)
    .slice(0, mostFixes)
}

/** Every fix with what became of it. It is proved when the settings without it lost under the same schedule. */
export async function tryFixes(options: FixOptions): Promise<StressFix[]> {
  const { candidate, cause, accepts } = options
  const fixes = fixesFor(candidate, cause)
  const beside: Settings[] = []
  for (const fix of fixes.filter(one => !needsOwnBrokers(one)))
    if (accepts(withLanes(candidate, [...beside, fix]))) beside.push(fix)
  const shared = await tryBeside(options, beside)
  const apart: StressFix[] = []
  if (!shared.some(({ outcome }) => outcome === 'kept'))
    for (const fix of fixes.filter(needsOwnBrokers)) {
      if (options.isLate()) break
      const found = await tryApart(options, fix)
      if (found !== undefined) apart.push(found)
      if (found?.outcome === 'kept') break
    }
  return [...shared, ...apart]
}

const ownOf = ({ lanes }: Draw): DrawnLane => lanes.find(({ kind }) => kind === 'own') ?? { kind: 'own', settings: {} }

function withLanes(candidate: Candidate, fixes: readonly Settings[]): Candidate {
  const own = ownOf(candidate.draw)
  const lanes = fixes.map((fix): DrawnLane => ({ kind: 'neighbour', settings: { ...own.settings, ...fix } }))
  return { ...candidate, draw: { ...candidate.draw, lanes: [own, ...lanes] } }
}

/** The user's lane and the fixes as lanes of one trial; once more when the user's lane lost nothing. */
async function tryBeside(
  { candidate, cause, seed, run, isLate }: FixOptions,
  fixes: readonly Settings[],
): Promise<StressFix[]> {
  if (fixes.length === 0) return []
  const { draw, subject } = withLanes(candidate, fixes)
  let results: StressFix[] = []
  for (let attempt = 1; attempt <= mostTries && !isLate(); attempt++) {
    const { cells } = await run(planOf(`fix-${attempt}`, draw, subject, seed))
    const isHard = cells[0] !== undefined && shows(cells[0], cause)
    results = fixes.map((settings, at) => resultOf(settings, cells[at + 1], isHard))
    if (isHard) break
  }
  return results
}

/**
 * A fix of the brokers on brokers of its own, where the settings without it cannot run beside it. The finding appeared in
 * two of three runs, so one run that keeps everything can be luck: the fix has to hold in every try.
 */
async function tryApart({ candidate, seed, run, accepts }: FixOptions, fix: Settings): Promise<StressFix | undefined> {
  const { draw, subject } = candidate
  const own = ownOf(draw)
  const changed = { draw: { ...draw, lanes: [own] }, subject: { ...subject, own: { ...subject.own, ...fix } } }
  if (!accepts(changed)) return undefined
  const results: StressFix[] = []
  for (let attempt = 1; attempt <= mostTries; attempt++) {
    const { cells } = await run(planOf(`fix-apart-${attempt}`, changed.draw, changed.subject, seed))
    const result = resultOf(fix, cells[0], true)
    if (result.outcome !== 'kept') return result
    results.push(result)
  }
  return results.at(-1)
}

export const shows = ({ verdict, lost, skipped, expect }: CellVerdict, cause: string): boolean =>
  verdict === 'violated' &&
  ([...lost, ...skipped].some(range => range.cause.code === cause) ||
    expect.some(({ what, ok }) => !ok && what === cause))

function resultOf(settings: Settings, cell: CellVerdict | undefined, isHard: boolean): StressFix {
  const counts = cell?.counts
  const lost = (counts?.lost ?? 0) + (counts?.clientLost ?? 0) + (counts?.skipped ?? 0)
  const outcome = cell?.verdict === 'violated' ? 'lost' : cell?.verdict === 'held' && isHard ? 'kept' : 'inconclusive'
  return { settings, outcome, lost, acked: counts?.acked ?? 0 }
}
