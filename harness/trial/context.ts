/** What the parts of one running trial share. */
import type { Janitor } from '../../docker/cleanup/janitor.ts'
import type { EventLog } from '../../history/appender.ts'
import type { Trial } from '../../model/plan.ts'
import type { Cluster, Observer, TrialSystem } from '../../systems/shared/live-system.ts'
import type { Extracts } from './keep/extracts.ts'
import type { Consumers } from './clients/consumers.ts'
import type { Producers } from './clients/producers.ts'

export interface TrialContext {
  trial: Trial
  system: TrialSystem
  cluster: Cluster
  observer: Observer
  producers: Producers
  /** Undefined: no lane has a consumer, or none has been started yet. */
  consumers: Consumers | undefined
  /** Undefined: none are taken. */
  extracts: Extracts | undefined
  /** The node that the last fault at a node hit. */
  lastHit: number | undefined
  log: EventLog
  janitor: Janitor
  signal: AbortSignal
  /** Told to whoever watches the run. */
  progress: (text: string) => void
}
