/** Every fault, in the order in which lists show them. A new fault is one file and one line here. */
import { crashApp } from './application/crash-app.ts'
import { pauseApp } from './application/pause-app.ts'
import { stopApp } from './application/stop-app.ts'
import { crashClient } from './client/crash-client.ts'
import { pauseClient } from './client/pause-client.ts'
import { stopClient } from './client/stop-client.ts'
import { bandwidth } from './client-link/bandwidth.ts'
import { cutResponses } from './client-link/cut-responses.ts'
import { cut } from './client-link/cut.ts'
import { down } from './client-link/down.ts'
import { latency } from './client-link/latency.ts'
import { limitData } from './client-link/limit-data.ts'
import { reset } from './client-link/reset.ts'
import { slowClose } from './client-link/slow-close.ts'
import { controllerCrash } from './cluster/controller-crash.ts'
import { leaderTransfer } from './cluster/leader-transfer.ts'
import { cutReplication } from './cluster-link/cut-replication.ts'
import { isolate } from './cluster-link/isolate.ts'
import { partitionRing } from './cluster-link/partition-ring.ts'
import { partition } from './cluster-link/partition.ts'
import { slowReplication } from './cluster-link/slow-replication.ts'
import type { Fault } from './contract/fault.ts'
import { diskError } from './disk/disk-error.ts'
import { diskFreeze } from './disk/disk-freeze.ts'
import { diskFull } from './disk/disk-full.ts'
import { powerLoss } from './disk/power-loss.ts'
import { slowFsync } from './disk/slow-fsync.ts'
import { wipeDisk } from './disk/wipe-disk.ts'
import { crash } from './process/crash.ts'
import { pause } from './process/pause.ts'
import { restart } from './process/restart.ts'
import { rollingRestart } from './process/rolling-restart.ts'
import { stop } from './process/stop.ts'

/** All faults, grouped by what they attack. The keys are headings of docs/faults.md. */
export const faultGroups = {
  process: [crash, stop, pause, restart, rollingRestart],
  client: [crashClient, stopClient, pauseClient],
  application: [crashApp, stopApp, pauseApp],
  'client link': [latency, bandwidth, cut, cutResponses, reset, slowClose, limitData, down],
  'cluster link': [cutReplication, slowReplication, partition, partitionRing, isolate],
  disk: [powerLoss, wipeDisk, diskFull, diskFreeze, diskError, slowFsync],
  cluster: [leaderTransfer, controllerCrash],
} as const satisfies Record<string, readonly Fault[]>

export const faults: readonly Fault[] = Object.values(faultGroups).flat()

export function findFault(id: string): Fault | undefined {
  return faults.find(fault => fault.id === id)
}
