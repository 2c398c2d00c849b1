/** Every fault, in the order in which lists show them. A new fault is one file and one line here. */
import { crash } from './crash.ts'
import { cutReplication } from './cut-replication.ts'
import type { Fault } from './fault.ts'

export const faults: readonly Fault[] = [crash, cutReplication]

export function findFault(id: string): Fault | undefined {
  return faults.find(fault => fault.id === id)
}
