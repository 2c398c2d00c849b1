/** Computes verdicts from a history. Pure and deterministic: the same files give the same bytes. */
import type { AutopsyInput } from '../../systems/shared/autopsy/input.ts'
import { explain } from '../autopsy/explain.ts'
import { ConsumerTraces } from '../autopsy/consumer-traces.ts'
import { explainUnsent } from '../autopsy/explain-unsent.ts'
import { explainNeverOut } from '../autopsy/explain-never-out.ts'
import { explainSkips } from '../autopsy/explain-skipped.ts'
import { MessagesByNumber } from '../autopsy/messages-by-number.ts'
import { systemFacts } from '../../systems/index.ts'
import type { SystemAutopsy } from '../../systems/shared/autopsy/system-autopsy.ts'
import type { TrialEvent } from '../../history/events.ts'
import type { Line } from '../../history/line.ts'
import type { ReplicaExtract } from '../../history/replicas.ts'
import type { Cell, Claim, Trial } from '../../model/plan.ts'
import { earlyAcks } from './early-acks.ts'
import { Epochs } from '../../history/epochs.ts'
import { evidenceOf } from '../../history/fault-evidence.ts'
import { judgeCell } from './judge-cell.ts'
import { LaneCheck } from '../check/lane.ts'
import type { ExpectedOutput } from '../check/outputs.ts'
import { parseCorrelation, whereOf } from '../../workloads/application/correlation.ts'
import type { AnsweredWith, LaneResult } from '../check/lane-result.ts'
import { lostRanges } from '../check/ranges.ts'
import { loadOf } from './timing/load.ts'
import { recoveryOf } from './timing/recovery.ts'
import type { MessageTable } from '../check/table/table.ts'
import { verdicts } from '../../model/verdict.ts'
import type { CellVerdict, RunVerdict, VerdictWord } from '../../model/verdict.ts'
import { ackedIn, sentIn, windowsOf } from './windows.ts'
import type { Window } from './windows.ts'

/** Inputs that are read only where they are needed. */
export interface OnDemandInputs {
  /** For the codes that the cell's expectations name. */
  answeredWith?: AnsweredWith
  /** Codes of answers that were no acknowledgements, with how often they came. */
  answerCodes?: () => ReadonlyMap<string, number>
  /** Extracts of the lane's replica logs. */
  replicas?: () => readonly ReplicaExtract[]
  /** Reads the files of the lane's consumers again: calls `begin` with each process, then `take` with its records. */
  consumers?: (begin: (process: string) => void, take: (line: Line) => void) => void
  /** Receives the outcome of every message, for uses other than the verdict, such as timelines. */
  onLane?: (lane: LaneResult) => void
}

/** The verdict of one cell, from its lane's records (already added to `lane`) and its trial's events. */
export function checkCell(
  cell: Cell,
  trial: Trial,
  lane: LaneCheck,
  events: readonly TrialEvent[],
  onDemand: OnDemandInputs = {},
): CellVerdict {
  const { answeredWith = new Map(), replicas = () => [], consumers = () => {} } = onDemand
  const epochs = new Epochs(events, cell.lane)
  const result = finishLane(cell, trial, lane, events, epochs, answeredWith)
  onDemand.onLane?.(result)
  const named = {
    ...result,
    answeredWith: new Map([...result.answeredWith, ['early', earlyAcks(result.table, events)] as const]),
  }
  const windows = windowsOf(events)
  const plannedFaults = trial.schedule.flatMap(step => step.inject.map(call => call.id))
  const ranges = lostRanges(result)
  const { autopsy } = systemFacts(trial.system)
  const facts = { table: new MessagesByNumber(result.table), logs: result.logs }
  const input = { cell, trial, lane: facts, epochs, events, replicas: ranges.length > 0 ? replicas() : [] }
  const lost = ranges.flatMap(range =>
    explain(range, input, autopsy).map(part => ({
      p: range.p,
      from: part.from,
      to: part.to,
      count: part.count,
      place: range.place,
      cause: part.cause,
    })),
  )
  const skipped = result.counts.skipped > 0 ? explainSkipped(result, input, autopsy, consumers) : []
  const unsent = result.counts.unsent > 0 ? explainUnsent(result, events) : []
  const judged = judgeCell({
    lane: named,
    causes: [...lost, ...skipped, ...unsent],
    laneId: cell.lane,
    expect: cell.expect,
    windows,
    events,
    epochs,
    plannedFaults,
    hasFaults: plannedFaults.length > 0,
    ...(onDemand.answerCodes ? { answerCodes: onDemand.answerCodes } : {}),
  })
  return {
    id: cell.id,
    scenario: cell.scenario,
    system: cell.system,
    trial: cell.trial,
    settings: cell.settings,
    counts: result.counts,
    lost,
    skipped,
    ...(unsent.length === 0 ? {} : { unsent }),
    windows: Object.fromEntries(windows.map(window => [window.name, countIn(result.table, window)])),
    faults: faultsOf(events),
    recovery: recoveryOf(result.table, events, cell.lane),
    load: loadOf(result.table, events),
    expect: judged.expect.map(({ what, expected, actual, ok }) => ({ what, expected, actual, ok })),
    verdict: judged.verdict,
    reasons: judged.reasons,
  }
}

/** An empty check for the lane of a cell, to which its records are then added. */
export function laneCheckOf(cell: Cell, trial: Trial): LaneCheck {
  return new LaneCheck({ broadcasting: systemFacts(trial.system).autopsy.isBroadcasting({ cell, trial }) })
}

/** The outcome of every message of a cell's lane. All records must have been added. */
export function finishLane(
  cell: Cell,
  trial: Trial,
  lane: LaneCheck,
  events: readonly TrialEvent[],
  epochs = new Epochs(events, cell.lane),
  answeredWith: AnsweredWith = new Map(),
): LaneResult {
  const fences = new Map<number, number>()
  const sealed = new Map<number, number>()
  for (const event of events) {
    if (event.kind === 'fence' && event.lane === cell.lane) fences.set(event.p, event.o)
    if (event.kind === 'sealed' && event.lane === cell.lane) sealed.set(event.p, event.o)
  }
  const planned = trial.lanes.find(found => found.id === cell.lane)
  const { autopsy } = systemFacts(trial.system)
  return lane.finish({
    fences,
    sealed,
    answeredWith,
    epochs: autopsy.recordsCarryEpochs ? epochs : undefined,
    partitions: planned?.topic.partitions,
    poisonEvery: planned?.workload.poisonEvery,
    keys: planned?.workload.keys,
    consumer: planned?.consumer !== undefined,
    output: outputOf(planned, events),
    expires: autopsy.expiresRecords({ cell, trial }),
    compacts: autopsy.compactsRecords({ cell, trial }),
  })
}

/** What an application of the lane is expected to have written. */
function outputOf(lane: Trial['lanes'][number] | undefined, events: readonly TrialEvent[]): ExpectedOutput | undefined {
  if (!lane?.app) return undefined
  const { correlate, withinMs } = lane.app
  const correlation = parseCorrelation(correlate)
  const shown = events.find(event => event.kind === 'unnamed-output' && event.lane === lane.id)
  const expired = events.find(event => event.kind === 'wait-expired' && event.lane === lane.id)
  return {
    partitions: lane.topic.partitions,
    withinMs,
    where: correlation ? whereOf(correlation) : correlate,
    ...(shown?.kind === 'unnamed-output' ? { example: `partition ${shown.p}, offset ${shown.o}: ${shown.seen}` } : {}),
    ...(expired?.kind === 'wait-expired'
      ? { unfinished: `waited ${expired.limitMs / 1000} s for: ${expired.what}; last seen: ${expired.seen}` }
      : {}),
  }
}

function explainSkipped(
  lane: LaneResult,
  input: AutopsyInput,
  autopsy: SystemAutopsy,
  consumers: NonNullable<OnDemandInputs['consumers']>,
): CellVerdict['skipped'] {
  const traces = new ConsumerTraces(lane)
  consumers(
    process => traces.begin(process),
    line => traces.take(line),
  )
  return lane.outputs ? explainNeverOut(traces, lane, input) : explainSkips(traces, input, autopsy)
}

export function assembleRun(
  run: { run: string; seed: number; claims: readonly Claim[] },
  cells: CellVerdict[],
): RunVerdict {
  return {
    schema: 1,
    run: run.run,
    seed: run.seed,
    verdict: worst(cells.map(cell => cell.verdict)),
    cells,
    claims: run.claims.map(({ id, text, cells: ids }) => ({
      id,
      text,
      shown: ids.length > 0 && ids.every(cell => cells.some(found => found.id === cell && found.verdict === 'held')),
      cells: ids,
    })),
  }
}

/** The worst of the verdicts. Without cells nothing is proved: inconclusive. */
export function worst(words: readonly VerdictWord[]): VerdictWord {
  return verdicts.find(word => words.includes(word)) ?? 'inconclusive'
}

function faultsOf(events: readonly TrialEvent[]): CellVerdict['faults'] {
  return events.flatMap(event => {
    if (event.kind !== 'fault') return []
    const healed = events.find(other => other.kind === 'healed' && other.id === event.id)
    return [
      {
        fault: event.fault,
        target: event.target,
        node: event.nodes.join(', '),
        at: Math.round(event.t),
        ...(healed ? { healedAt: Math.round(healed.t) } : {}),
        evidence: evidenceOf(event.id, events)?.evidence ?? {},
      },
    ]
  })
}

function countIn(table: MessageTable, window: Window): { sent: number; acked: number } {
  const counts = { sent: 0, acked: 0 }
  const [isSent, isAcked] = [sentIn(table, window), ackedIn(table, window)]
  for (let row = 0, { rows } = table; row < rows; row++) {
    if (!isSent(row)) continue
    counts.sent += 1
    if (isAcked(row)) counts.acked += 1
  }
  return counts
}
