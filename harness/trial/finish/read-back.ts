/** Reads the final log with a fresh client, from the first record to the fence. The system names the client library. */
import { laneFile } from '../../../history/folder.ts'
import type { TrialContext } from '../context.ts'
import { payloadOfLane } from '../../../workloads/application/lane-payload.ts'
import { clientProcess } from '../clients/process.ts'
import type { Fences } from './fences.ts'

const processName = 'reader-1'
const readLimitMs = 120_000
const marginMs = 10_000

/** Lanes without a fence are not read. */
export async function readBack(context: TrialContext, folder: string, fences: Fences): Promise<void> {
  const { trial, cluster, system, log, janitor, signal } = context
  const lanes = trial.lanes.flatMap(lane => {
    const partitions = fences.get(lane.id)
    if (!partitions) return []
    return [
      {
        lane: lane.id,
        file: laneFile(folder, trial.id, lane.id, processName),
        ...system.readerConnection(lane),
        topic: lane.topic.name,
        payload: payloadOfLane(lane, log.t0),
        partitions,
        limitMs: readLimitMs,
      },
    ]
  })
  if (lanes.length === 0) return
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
