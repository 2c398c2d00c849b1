/** Reads what the applications have written, once they are gone: from the first record to a fence behind everything else. */
import { LaneFile } from '../../../history/appender.ts'
import { laneFile } from '../../../history/folder.ts'
import type { OutputRecord as WrittenRecord } from '../../../history/records.ts'
import { LossproofError } from '../../../model/errors.ts'
import { applicationClient } from '../../../model/plan.ts'
import type { Lane } from '../../../model/plan.ts'
import { WaitExpired, waitFor } from '../../../model/wait.ts'
import { abilityOf } from '../../../systems/shared/live-system.ts'
import type { OutputRecord } from '../../../systems/shared/followed-applications.ts'
import { inputOf, parseCorrelation } from '../../../workloads/application/correlation.ts'
import { tagOf } from '../../../workloads/application/ids.ts'
import { decode } from '../../../workloads/payload.ts'
import type { TrialContext } from '../context.ts'
import { recordInWords } from './record-in-words.ts'

/** Longer than the transactions of most applications last: a transaction that a dead application left open ends by itself. */
const limits = { fenceMs: 30_000, readMs: 120_000 }
const recordsAtOnce = 10_000
/** A broker's clock that differs from ours by less is taken for right: writing a fence takes time too. ms */
const leastSkewMs = 1000

type ReadContext = Pick<TrialContext, 'trial' | 'system' | 'log' | 'signal'>

/** A lane whose output cannot be read to its end gets a `wait-expired` event and no `output-end`. */
export async function readOutputs(context: ReadContext, folder: string, limit = limits): Promise<void> {
  const lanes = context.trial.lanes.filter(({ app }) => app !== undefined)
  await Promise.all(lanes.map(async lane => readOutput(context, lane, folder, limit)))
}

async function readOutput(context: ReadContext, lane: Lane, folder: string, limit: typeof limits): Promise<void> {
  const { trial, log, signal } = context
  const applications = abilityOf(context, 'applications')
  const process = 'app-output'
  const header = { lane: lane.id, role: 'output', process, client: applicationClient } as const
  const file = new LaneFile(laneFile(folder, trial.id, lane.id, process), header)
  const name = lane.app?.out.name ?? ''
  const found: OutputRecord[] = []
  /** By partition: when its fence was written, in ms since the epoch. */
  const fencedAt = new Map<number, number>()
  try {
    const fences = new Map<number, number>()
    for (let p = 0; p < lane.topic.partitions; p++)
      fences.set(
        p,
        await waitFor({ what: `a fence in ${name}-${p}`, limitMs: limit.fenceMs, signal }, async () => {
          fencedAt.set(p, Date.now())
          return applications.writeFence(lane, p)
        }),
      )
    const output = applications.output(lane)
    await waitFor({ what: `${name} read to its end`, limitMs: limit.readMs, signal }, async () => {
      for (const record of await output.read()) found.push(record)
      const behind = output.positions().filter(({ p, o }) => o <= (fences.get(p) ?? Infinity))
      if (behind.length === 0) return { value: true, seen: '' }
      const seen = behind.map(({ p, o }) => `${name}-${p}: read up to ${o}, the fence is at ${fences.get(p) ?? ''}`)
      return { seen: [...seen, ...(await output.unreadable())].join('; ') }
    })
    write(file, recordsOf(context, lane, found, fencedAt))
    for (const { p, o } of output.positions()) file.append({ op: 'output-end', p, o, t: log.now() })
  } catch (error) {
    if (!(error instanceof WaitExpired)) throw error
    // What was read is certain, although more may be there.
    write(file, recordsOf(context, lane, found, fencedAt))
    log.write({ kind: 'wait-expired', lane: lane.id, what: error.what, limitMs: error.limitMs, seen: error.seen })
  } finally {
    file.close()
  }
}

/** With one write(2) for many records. */
function write(file: LaneFile, records: readonly WrittenRecord[]): void {
  for (let at = 0; at < records.length; at += recordsAtOnce) file.append(...records.slice(at, at + recordsAtOnce))
}

/**
 * In the order of time. The harness's own fences are left out; they tell how far the clock of a partition's broker is from
 * ours.
 */
function recordsOf(
  { log }: ReadContext,
  lane: Lane,
  found: readonly OutputRecord[],
  fencedAt: ReadonlyMap<number, number>,
): WrittenRecord[] {
  const correlation = parseCorrelation(lane.app?.correlate ?? 'key')
  if (!correlation) throw new LossproofError('internal', `the plan of ${lane.id} has no correlation`)
  const tag = tagOf(log.t0, lane.id)
  const now = { trial: log.now(), wall: Date.now() }
  const isFence = ({ value }: OutputRecord) => value !== null && decode(value, lane.id).kind === 'fence'
  const skews = new Map<number, number>()
  for (const record of found) {
    const skew = record.timestamp - (fencedAt.get(record.p) ?? record.timestamp)
    if (isFence(record)) skews.set(record.p, Math.abs(skew) < leastSkewMs ? 0 : skew)
  }
  let shown = false
  const records = found.flatMap((record): WrittenRecord[] => {
    const { p, o } = record
    if (isFence(record)) return []
    const wall = record.timestamp - (skews.get(p) ?? 0)
    const t = Math.min(now.trial, Math.max(0, now.trial - (now.wall - wall)))
    const named = inputOf(record, correlation, tag)
    if (typeof named === 'object') return [{ op: 'came-out', s: named.s, p, o, t }]
    if (!shown) log.write({ kind: 'unnamed-output', lane: lane.id, p, o, seen: recordInWords(record) })
    shown = true
    return [{ op: 'came-out', p, o, t, c: named === 'foreign' ? 'foreign' : 'uncorrelated' }]
  })
  return records.toSorted((a, b) => a.t - b.t || a.p - b.p || a.o - b.o)
}
