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
  /** Undefined while no lane has a consumer, or before consumers have started. */
  consumers: Consumers | undefined
  /** Undefined when no extracts of replica logs are taken. */
  extracts: Extracts | undefined
  /** Id of the node that the last fault hit; the first one where it hit several. */
  lastHit: number | undefined
  log: EventLog
  janitor: Janitor
  signal: AbortSignal
  /** Shows a line of progress. */
  progress: (text: string) => void
}
