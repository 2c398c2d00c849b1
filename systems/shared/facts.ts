import type { NodeRole, SystemAbility } from '../../faults/fault.ts'
import type { Site } from '../../model/plan.ts'
import type { SystemPlan } from './planning.ts'

/**
 * Everything that the planner, the judge and the reports need to know about a system, without touching Docker. Adding a
 * system means one folder below systems/ with an object of this type, a line in systems/index.ts and one in systems/live.ts.
 */
export interface SystemFacts {
  /** As scenarios spell it: `kafka`. */
  readonly id: string
  /** As people spell it: `Kafka`. */
  readonly label: string
  /** Roles of nodes at which faults can be aimed. */
  readonly roles: readonly NodeRole[]
  /** What faults can rely on beyond the roles. */
  readonly abilities: readonly SystemAbility[]
  readonly planning: SystemPlan
  /** A trial's cluster in words, for plans: `3 brokers`. */
  describeCluster(site: Site): string
}
