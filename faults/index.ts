/** Every fault, in the order in which lists show them. A new fault is one file and one line here. */
import { bandwidth, cut, cutResponses, down, latency, limitData, reset } from './client-links.ts'
import { crash } from './crash.ts'
import { cutReplication } from './cut-replication.ts'
import { diskFull } from './disk-full.ts'
import type { Fault } from './fault.ts'
import { isolate, partition } from './partition.ts'
import { pause } from './pause.ts'
import { powerLoss } from './power-loss.ts'
import { restart, rollingRestart } from './restart.ts'
import { stop } from './stop.ts'
import { wipeDisk } from './wipe-disk.ts'

export const faults: readonly Fault[] = [
  crash, stop, pause, restart, rollingRestart,
  latency, bandwidth, cut, cutResponses, reset, limitData, down,
  cutReplication, partition, isolate,
  powerLoss, wipeDisk, diskFull,
]

export function findFault(id: string): Fault | undefined {
  return faults.find(fault => fault.id === id)
}
