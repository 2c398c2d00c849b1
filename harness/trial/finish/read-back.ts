/** Reads the final log with a fresh client, from the first record to the stable end; with which library is the system's to say. */
import { laneFile } from '../../../history/folder.ts'
import type { TrialContext } from '../context.ts'
import { clientProcess } from '../clients/process.ts'

const processName = 'reader-1'
const readLimitMs = 120_000
const marginMs = 10_000

export async function readBack(
  context: TrialContext,
  folder: string,
  fences: Map<string, { p: number; fenceOffset: number }[]>,
): Promise<void> {
  const { trial, cluster, system, log, janitor, signal } = context
  const lanes = trial.lanes.map(lane => ({
    lane: lane.id,
    file: laneFile(folder, trial.id, lane.id, processName),
    ...system.reader(lane),
    topic: lane.topic.name,
    partitions: fences.get(lane.id) ?? [],
    limitMs: readLimitMs,
  }))
  const reader = clientProcess(
    { role: 'reader', process: processName, t0: log.t0, lanes },
    { janitor, host: cluster.clientHost, folder, signal },
  )
  try {
    await reader.start()
    await reader.done(readLimitMs + marginMs)
    for (const text of reader.failures) log.write({ kind: 'note', text })
  } finally {
    await reader.kill()
  }
}
