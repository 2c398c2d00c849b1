/** Judges one try of a trial while others still run. */
import { existsSync, readdirSync, statSync } from 'node:fs'
import { join } from 'node:path'
import { trialPaths } from '../../../history/folder.ts'
import type { Plan, Trial } from '../../../model/plan.ts'
import type { CellVerdict } from '../../../model/verdict.ts'
import { cellJudge } from './check-folder.ts'
import { judgeInThreads } from './check-threads.ts'

/** Larger histories are judged in a thread, because the steps of other trials must not wait. */
const mostBytesHere = 2 * 1024 * 1024
const options = { timelines: false, keepGoing: true } as const

/** `id`: of the try, whose history is complete and which run.json names. The run is judged again at its end. */
export async function judgeTry(folder: string, plan: Plan, trial: Trial, id: string): Promise<CellVerdict[]> {
  const cells = plan.cells.filter(cell => cell.trial === trial.id).map(cell => ({ ...cell, trial: id }))
  if (bytesBelow(trialPaths(folder, id).lanes) > mostBytesHere)
    return (await judgeInThreads(folder, cells, 1, options)).map(({ verdict }) => verdict)
  const judge = cellJudge(folder, options, { ...plan, trials: [{ ...trial, id }], cells })
  return cells.map(cell => judge(cell).verdict)
}

function bytesBelow(path: string): number {
  if (!existsSync(path)) return 0
  const names = readdirSync(path, { recursive: true, encoding: 'utf8' })
  return names.reduce((sum, name) => sum + (statSync(join(path, name), { throwIfNoEntry: false })?.size ?? 0), 0)
}
