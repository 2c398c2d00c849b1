/** What became of a trial: its verdicts and events → one outcome, with broken promises and reasons. */
import type { TrialEvent } from '../../../history/events.ts'
import { notEstablished } from '../../../model/causes.ts'
import { alwaysViolations, violations } from '../../../model/outcomes.ts'
import type { Broken, Draw, DrawnLane, TrialOutcome } from '../../../model/stress/stress.ts'
import type { CellVerdict } from '../../../model/verdict.ts'

export interface JudgedTrial {
  draw: Draw
  /** In the order of the lanes of the draw. */
  cells: readonly CellVerdict[]
  events: readonly TrialEvent[]
  /** Errors of Lossproof itself. */
  bugs: readonly unknown[]
  /** Whether neighbours that lose are findings. */
  neighboursCount: boolean
}

export interface TrialResult {
  outcome: TrialOutcome
  broken: Broken[]
  reasons: string[]
}

interface LaneResult extends DrawnLane {
  cell: CellVerdict
}

const recoveryWait = 'every replica back in sync'

export function resultOf({ draw, cells, events, bugs, neighboursCount }: JudgedTrial): TrialResult {
  const lanes = cells.map((cell, at): LaneResult => ({ cell, kind: 'own', settings: {}, ...draw.lanes[at] }))
  const broken = (['own', 'neighbour'] as const).flatMap(kind => brokenIn(lanes.filter(lane => lane.kind === kind)))
  const own = lanes.flatMap(({ kind, cell }) => (kind === 'own' ? [cell] : []))
  const at = (outcome: TrialOutcome, reasons: string[]): TrialResult => ({ outcome, broken, reasons })
  if (broken.some(({ lane }) => lane === 'own' || neighboursCount)) return at('broken', [])
  if (bugs.length > 0) return at('judge-failed', bugs.map(String))
  const stuck = events.find(event => event.kind === 'wait-expired' && event.what === recoveryWait)
  if (stuck?.kind === 'wait-expired')
    return at('not-recovered', [`the cluster did not recover: ${withoutNumbers(stuck.seen)}`])
  const died = events.flatMap(event =>
    event.kind === 'client-died' ? [`a client ended: ${withoutNumbers(event.how)}`] : [],
  )
  if (died.length > 0) return at('client-failed', [...new Set(died)])
  // One lane can fail by itself. A trial says something when most of the user's lanes were judged.
  const judged = own.filter(({ verdict }) => verdict === 'held').length
  const reasons = [
    ...new Set(own.flatMap(cell => (cell.verdict === 'inconclusive' ? cell.reasons.map(withoutNumbers) : []))),
  ]
  if (judged * 2 < own.length) return at('inconclusive', reasons)
  return at(broken.length > 0 ? 'near-miss' : 'kept', reasons)
}

/** Equal reasons differ in names and numbers only: `broker-3 … 1204 of 5000` → `broker-n … n of n`. */
export const withoutNumbers = (text: string): string =>
  text
    .replaceAll(/\(lanes [^)]*\)/g, '')
    .replaceAll(/; last seen: .*/g, '')
    .replaceAll(/[a-z0-9.-]*lane[a-z0-9.-]*(?=[-:])/g, 'lane')
    .replaceAll(/\{.*\}/g, '…')
    .replaceAll(/\d+(?:\.\d+)?/g, 'n')
    .replaceAll(/\s+/g, ' ')
    .trim()

/** Broken promises of the cells of one kind, by cause: established ones first, then those of most messages. */
function brokenIn(lanes: readonly LaneResult[]): Broken[] {
  const found = lanes.flatMap(({ cell, kind, settings }): Broken[] => {
    if (cell.verdict !== 'violated') return []
    const of = (what: string, cause: string, count: number, text: string): Broken => ({
      lane: kind,
      cause,
      what,
      count,
      text,
      cell: cell.id,
      settings,
    })
    const explained = (['lost', 'skipped'] as const).flatMap(what =>
      [...Map.groupBy(cell[what], ({ cause }) => cause.code)].map(([code, ranges]) =>
        of(
          what,
          code,
          ranges.reduce((sum, { count }) => sum + count, 0),
          ranges[0]?.cause.text ?? '',
        ),
      ),
    )
    const others = cell.expect
      .filter(
        ({ what, ok, actual }) =>
          !ok && actual > 0 && isPromise(what) && !['lost', 'clientLost', 'skipped'].includes(what),
      )
      .map(({ what, expected, actual }) => of(what, what, actual, `${what}: ${actual}, promised ${expected}`))
    return [...explained, ...others]
  })
  return [...Map.groupBy(found, ({ cause }) => cause).values()]
    .flatMap(same => same.toSorted((a, b) => b.count - a.count)[0] ?? [])
    .toSorted((a, b) => unknownLast(a) - unknownLast(b) || b.count - a.count)
}

/** A cause that is known says more than any number of messages without one. */
const unknownLast = ({ cause }: Broken) => (cause === notEstablished ? 1 : 0)

const isPromise = (what: string) => violations.has(what) || alwaysViolations.some(word => word === what)
