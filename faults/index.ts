/** Every fault, in the order in which lists show them. A new fault is one file and one line here. */
import { bandwidth, cut, cutResponses, down, latency, limitData, reset, slowClose } from './client-links.ts'
import { crashClient, pauseClient, stopClient } from './clients.ts'
import { controllerCrash } from './controller-crash.ts'
import { crash } from './crash.ts'
import { cutReplication } from './cut-replication.ts'
import { diskFreeze } from './disk-freeze.ts'
import { diskFull } from './disk-full.ts'
import type { Fault } from './fault.ts'
import { leaderTransfer } from './leader-transfer.ts'
import { isolate, partition, partitionRing } from './partition.ts'
import { pause } from './pause.ts'
import { powerLoss } from './power-loss.ts'
import { restart, rollingRestart } from './restart.ts'
import { slowFsync } from './slow-fsync.ts'
import { slowReplication } from './slow-replication.ts'
import { stop } from './stop.ts'
import { wipeDisk } from './wipe-disk.ts'

/** By what they attack. */
export const faultGroups = {
  process: [crash, stop, pause, restart, rollingRestart],
  client: [crashClient, stopClient, pauseClient],
  'client link': [latency, bandwidth, cut, cutResponses, reset, slowClose, limitData, down],
  'cluster link': [cutReplication, slowReplication, partition, partitionRing, isolate],
  disk: [powerLoss, wipeDisk, diskFull, diskFreeze, slowFsync],
  cluster: [leaderTransfer, controllerCrash],
} as const satisfies Record<string, readonly Fault[]>

export const faults: readonly Fault[] = Object.values(faultGroups).flat()

export function findFault(id: string): Fault | undefined {
  return faults.find(fault => fault.id === id)
}
