/** For tests: runs of any size whose lanes were really checked, without files. */
import { assembleRun, checkCell, finishLane } from '../../verdict/judge-trial.ts'
import { LaneCheck, observerProcess } from '../../check/lane.ts'
import type { CellVerdict, RunVerdict } from '../../../model/verdict.ts'
import { windowsOf } from '../../verdict/windows.ts'
import type { TrialEvent } from '../../../history/events.ts'
import { Line } from '../../../history/line.ts'
import type { LaneHeader, LaneRecord } from '../../../history/records.ts'
import { parseExpectation } from '../../plan/expectations/parse.ts'
import { makePlan } from '../../plan/plan.ts'
import { ScenarioSource } from '../../plan/scenario/source.ts'
import type { Cell, Plan, Trial } from '../../../model/plan.ts'
import type { ReportedRun } from '../../report/page-data/run-page.ts'
import type { ReadConsumers } from '../../report/timeline/consumer-timeline.ts'
import { clientsIn, laneTimeline } from '../../report/timeline/lane-timeline.ts'
import type { LaneTimeline } from '../../report/timeline/lane-timeline.ts'
import { trialTimeline } from '../../report/timeline/trial-timeline.ts'

export interface Sample {
  run?: string
  /** Names that the plan's own take the place of. */
  rename?: (cell: CellVerdict) => CellVerdict
  messages?: number
  /** Whether message `s` of a cell is acknowledged, and whether it is in the final log. Default: acknowledged, stored. */
  fate?: (cell: Cell, s: number) => { acked: boolean; stored: boolean }
  /** Expectation of each cell. */
  expect?: (cell: Cell) => Record<string, string | number>
  mostRuns?: number
}

const msPerMessage = 10

/**
 * The scenario of `text`, each lane with `messages` messages on one partition, and a failover in the middle. Where the lane
 * has consumers, consumer-1 works until the middle, and consumer-2 from then on.
 */
export function sampleRun(
  text: string,
  {
    run = '20260101-000000-sample-1',
    rename = cell => cell,
    messages = 200,
    fate = () => ({ acked: true, stored: true }),
    expect,
    mostRuns = 8000,
  }: Sample = {},
): ReportedRun {
  const plan = planOf(text)
  const storedIn = (trial: string) => (lane: string) => {
    const cell = plan.cells.find(found => found.trial === trial && found.lane === lane)
    return cell === undefined
      ? 0
      : Array.from({ length: messages }, (_, s) => fate(cell, s).stored).filter(Boolean).length
  }
  const events = new Map(plan.trials.map(trial => [trial.id, eventsOf(trial, messages, storedIn(trial.id))]))
  const lanes = new Map<string, LaneTimeline>()
  const cells = plan.cells.map(planned => {
    const cell =
      expect === undefined
        ? planned
        : { ...planned, expect: Object.entries(expect(planned)).map(([what, raw]) => parseExpectation(what, raw)) }
    const trial = plan.trials.find(({ id }) => id === cell.trial)
    if (!trial) throw new Error('a cell without a trial')
    const told = events.get(trial.id) ?? []
    const consumes = trial.lanes.find(({ id }) => id === cell.lane)?.consumer !== undefined
    const files = laneFiles(cell, messages, fate, consumes)
    const verdict = rename(checkCell(cell, trial, filled(files), told))
    const { table } = finishLane(cell, trial, filled(files), told)
    lanes.set(
      verdict.id,
      laneTimeline(
        {
          table,
          lane: cell.lane,
          events: told,
          windows: windowsOf(told),
          span: { from: 900, to: 3000 + messages * msPerMessage },
          clients: clientsIn(files.map(({ header }) => `${header.process}.jsonl`)),
          consumers: consumes ? { read: readerOf(files), sharesWork: true } : undefined,
        },
        mostRuns,
      ),
    )
    return verdict
  })
  const claims = plan.claims.map(claim => ({ ...claim, cells: cells.map(({ id }) => id) }))
  const trials = new Map(
    plan.trials.map(trial => [
      trial.id,
      trialTimeline(
        trial.id,
        trial,
        events.get(trial.id) ?? [],
        cells.find(cell => cell.trial === trial.id)?.faults ?? [],
      ),
    ]),
  )
  const verdict: RunVerdict = assembleRun({ run, seed: 1, claims }, cells)
  return {
    verdict,
    versions: { kafka: '4.3.1', rocketmq: '5.5.0' },
    phases: {},
    laneOf: new Map(plan.cells.map(cell => [cell.id, cell.lane])),
    trials,
    lanes,
  }
}

export function planOf(text: string): Plan {
  return makePlan('sample', ScenarioSource.all('sample.yaml', text), {
    seed: 1,
    defaultVersions: { kafka: '4.3.1', rocketmq: '5.5.0' },
  })
}

interface LaneFile {
  header: LaneHeader
  records: LaneRecord[]
}

/** What a producer, a reader and, where there are any, consumers of the lane wrote down. */
export function laneFiles(
  cell: Cell,
  messages: number,
  fate: NonNullable<Sample['fate']>,
  consumes = false,
): LaneFile[] {
  const sends = Array.from({ length: messages }, (_, s): LaneRecord[] => {
    const t = 1000 + s * msPerMessage
    return [
      { op: 'sent', s, p: 0, t },
      fate(cell, s).acked
        ? { op: 'acked', s, t: t + 1 + (s % 7) }
        : { op: 'unknown', s, t: t + 5, c: 'REQUEST_TIMED_OUT' },
    ]
  })
  const stored = Array.from({ length: messages }, (_, s) => s).filter(s => fate(cell, s).stored)
  const [o, t] = [stored.length, 9_000_000]
  return [
    { header: { lane: cell.lane, role: 'producer', process: 'producer-1', client: 'test' }, records: sends.flat() },
    {
      header: { lane: cell.lane, role: 'reader', process: 'reader-1', client: 'test' },
      records: [
        ...stored.map((s, at): LaneRecord => ({ op: 'stored', s, p: 0, o: at, e: 0, t })),
        { op: 'fence', p: 0, o, e: 1, t },
        { op: 'end', p: 0, o: o + 1, t },
      ],
    },
    ...(consumes ? consumerFiles(cell, stored) : []),
  ]
}

function consumerFiles(cell: Cell, stored: readonly number[]): LaneFile[] {
  const middle = Math.floor(stored.length / 2)
  const file = (process: string, from: number, to: number): LaneFile => ({
    header: { lane: cell.lane, role: 'consumer', process, client: 'test' },
    records: stored.slice(from, to).flatMap((s, at): LaneRecord[] => {
      const [o, t] = [from + at, 1000 + s * msPerMessage]
      return [
        { op: 'delivered', s, p: 0, o, t: t + 20 },
        { op: 'processed', s, p: 0, o, t: t + 30 },
        { op: 'committed', p: 0, o: o + 1, t: t + 40 },
      ]
    }),
  })
  return [
    file('consumer-1', 0, middle),
    file('consumer-2', middle, stored.length),
    {
      header: { lane: cell.lane, role: 'consumer', process: observerProcess, client: 'test' },
      records: [{ op: 'group-offset', p: 0, o: stored.length, t: 9_000_000 }],
    },
  ]
}

const readerOf =
  (files: readonly LaneFile[]): ReadConsumers =>
  (begin, take) => {
    const line = new Line()
    for (const { header, records } of files) {
      if (header.role !== 'consumer' || header.process === observerProcess) continue
      begin(header.process)
      for (const record of records) take(line.takeOver(record))
    }
  }

function filled(files: readonly LaneFile[]): LaneCheck {
  const lane = new LaneCheck()
  for (const { header, records } of files) {
    lane.begin(header)
    for (const record of records) lane.add(record)
  }
  return lane
}

/** `fenceOf`: how many messages of a lane are stored, by its id. */
export function eventsOf(trial: Trial, messages: number, fenceOf: (lane: string) => number): TrialEvent[] {
  const middle = 1000 + (messages / 2) * msPerMessage
  const end = 1000 + messages * msPerMessage
  const faults = trial.schedule.flatMap(step => step.inject)
  const perLane = (make: (lane: string) => TrialEvent[]) => trial.lanes.flatMap(({ id }) => make(id))
  const events: TrialEvent[] = [
    { kind: 'phase', t: 0, phase: 'boot' },
    ...perLane(lane => [
      { kind: 'leader', t: 1, lane, p: 0, leader: 1, epoch: 0 },
      { kind: 'isr', t: 1, lane, p: 0, isr: [1, 2, 3] },
    ]),
    { kind: 'phase', t: 900, phase: 'healthy' },
    { kind: 'phase', t: middle - 20, phase: 'fault' },
    ...faults.map((call, at): TrialEvent => ({
      kind: 'fault',
      t: middle + at,
      id: call.id,
      fault: call.fault,
      target: call.target,
      nodes: ['broker-1'],
      ...(at === 0 ? { window: 'cut' } : {}),
    })),
    { kind: 'window-open', t: middle + 5, window: 'cut', quiesced: true },
    { kind: 'window-close', t: middle + 405, window: 'cut', quiesced: true },
    ...faults.map((call): TrialEvent => ({
      kind: 'evidence',
      t: middle + 410,
      id: call.id,
      complete: true,
      evidence: { exitCode: 137, nested: { brokers: ['broker-1'] } },
    })),
    ...perLane(lane => [
      { kind: 'leader', t: middle + 500, lane, p: 0, leader: 2, epoch: 1 },
      { kind: 'isr', t: middle + 501, lane, p: 0, isr: [2, 3] },
    ]),
    { kind: 'broker', t: middle + 502, broker: 'broker-1', up: false },
    { kind: 'phase', t: middle + 600, phase: 'heal' },
    ...faults.map((call): TrialEvent => ({ kind: 'healed', t: middle + 610, id: call.id })),
    { kind: 'broker', t: middle + 900, broker: 'broker-1', up: true },
    { kind: 'recovered', t: middle + 950, seen: 'all' },
    { kind: 'phase', t: end + 1000, phase: 'drain' },
    ...perLane(lane => [{ kind: 'fence', t: end + 1100, lane, p: 0, o: fenceOf(lane) }]),
    { kind: 'phase', t: end + 2000, phase: 'read' },
    { kind: 'observer', t: end + 2100, intervalMs: 100, longestGapMs: 100 },
  ]
  return events
}
