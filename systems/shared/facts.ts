import type { NodeRole } from '../../faults/fault.ts'
import type { Ability } from '../../model/abilities.ts'
import type { SendStatus, Site } from '../../model/plan.ts'
import type { AuditFacts } from './audit.ts'
import type { SystemAutopsy } from './autopsy/system-autopsy.ts'
import type { ConfigFileFacts } from './config-files/types.ts'
import type { SystemImages } from './images.ts'
import type { PlanningFacts } from './planning.ts'
import type { StressFacts } from './stress/facts.ts'

/**
 * Everything that the planner, the judge and the reports need to know about a system, without touching Docker. Adding a
 * system means one folder below systems/ with an object of this type, a line in systems/index.ts and one in
 * systems/live.ts.
 */
export interface SystemFacts {
  /** As scenarios spell it: `kafka`. */
  readonly id: string
  /** As people spell it: `Kafka`. */
  readonly label: string
  /** Roles of nodes at which faults can be aimed. */
  readonly roles: readonly NodeRole[]
  /** Optional abilities that faults and triggers may need. */
  readonly abilities: readonly Ability[]
  /** Statuses with which its brokers answer for a stored message; empty when an answer carries no status. */
  readonly sendStatuses: readonly SendStatus[]
  readonly planning: PlanningFacts
  /** How to read the configuration files of a cluster and its clients. */
  readonly configFiles: (version: string) => ConfigFileFacts
  /** How the judge explains this system's losses. */
  readonly autopsy: SystemAutopsy
  /** What audits of this system need to know. */
  readonly audit: AuditFacts
  /** What random schedules of this system need to know. */
  readonly stress: StressFacts
  readonly images: SystemImages
  /** What reports call the roles and states of this system. */
  readonly words: ReportWords
  /** A trial's cluster in words, for plans: `3 brokers`. */
  describeCluster(site: Site): string
  /** Names of the nodes of a trial's cluster, as events call them. */
  nodeNames(site: Site): string[]
}

export interface ReportWords {
  /** The replica that takes the writes of a partition: `leader`. */
  readonly leader: string
  /** Heading of the list of replicas that are in sync: `ISR`. */
  readonly inSync: string
  /**
   * Roles that other systems call differently, with the common name: `{ master: 'leader' }`. Tables that compare systems
   * put faults at the same common role into one row.
   */
  readonly commonRoles: Readonly<Record<string, string>>
}
