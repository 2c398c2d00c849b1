/** Makes faults of the application in the middle: those of client processes, aimed at the application. */
import { clientFault } from '../client/client-fault.ts'
import type { ClientFault } from '../client/client-fault.ts'
import type { Fault } from '../contract/fault.ts'
import { appRole } from '../contract/roles.ts'

export const applicationFault = (fault: ClientFault): Fault => ({ ...clientFault(fault), targets: [appRole] })
