import type { NodeRole } from '../../faults/fault.ts'
import type { Ability } from '../../model/abilities.ts'
import type { SendStatus, Site } from '../../model/plan.ts'
import type { PlanningFacts } from './planning.ts'

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
  /** A trial's cluster in words, for plans: `3 brokers`. */
  describeCluster(site: Site): string
}
