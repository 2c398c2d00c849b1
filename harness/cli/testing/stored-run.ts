/** For tests: run folders with a short history whose verdict is known. */
import { mkdirSync, mkdtempSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { basename, dirname, join } from 'node:path'
import { LaneFile } from '../../../history/appender.ts'
import type { TrialEvent } from '../../../history/events.ts'
import { laneFile, runPaths, trialPaths } from '../../../history/folder.ts'
import type { LaneRecord } from '../../../history/records.ts'
import type { Plan } from '../../../model/plan.ts'
import { acked, closed, failover, fence, lane, planOf, sent, stored } from '../../testing/literal.ts'

export const writer = [
  sent(0, 1100),
  acked(0, 1110, 0),
  sent(1, 1200),
  acked(1, 1210, 1),
  sent(2, 1300),
  acked(2, 1310, 2),
]
export const log = [stored(0, 0), ...closed(1)]

export function write(path: string, role: 'producer' | 'reader', records: LaneRecord[], id = lane): void {
  const file = new LaneFile(path, { lane: id, role, process: basename(path, '.jsonl'), client: 'test' })
  file.append(...records)
  file.close()
}

/** A run of one trial with one lane, that lost messages 1 and 2. */
export function runFolder(): string {
  return storedRun(planOf({ lost: 0 }))
}

export const laneIds = (count: number) => Array.from({ length: count }, (_, at) => `lane-${at}`)

/** A run like that of `runFolder`, with `count` lanes. */
export function severalLanes(count: number): string {
  const plan = planOf({ lost: 0 })
  const [cell] = plan.cells
  const [trial] = plan.trials
  if (!cell || !trial) throw new Error('a plan of one lane')
  const ids = laneIds(count)
  return storedRun({
    ...plan,
    cells: ids.map(id => ({ ...cell, id: `s/${id}`, lane: id })),
    trials: [{ ...trial, lanes: trial.lanes.flatMap(found => ids.map(id => ({ ...found, id }))) }],
  })
}

export function storedRun(plan: Plan): string {
  const folder = mkdtempSync(join(tmpdir(), 'lossproof-check-'))
  const run = {
    schema: 1,
    run: 'r',
    seed: 1,
    plan,
    versions: {},
    images: {},
    capabilities: {},
    trials: { t: { phases: { boot: 1 } } },
  }
  writeFileSync(runPaths(folder).runFile, JSON.stringify(run))
  const { events } = trialPaths(folder, 't')
  mkdirSync(dirname(events), { recursive: true })
  const ids = plan.cells.map(cell => cell.lane)
  const seen = [...failover, fence(1)].flatMap((event): TrialEvent[] =>
    'lane' in event ? ids.map(id => ({ ...event, lane: id })) : [event],
  )
  writeFileSync(events, seen.map(event => `${JSON.stringify(event)}\n`).join(''))
  for (const id of ids) {
    write(laneFile(folder, 't', id, 'producer-1'), 'producer', writer, id)
    write(laneFile(folder, 't', id, 'reader-1'), 'reader', log, id)
  }
  return folder
}
