/** What the parts of one running trial share. */
import type { KafkaCluster } from '../../docker/clusters/kafka.ts'
import type { Janitor } from '../../docker/janitor.ts'
import type { EventLog } from '../history/appender.ts'
import type { Trial } from '../plan/types.ts'
import type { Observer } from './observer.ts'
import type { Producers } from './producers.ts'

export interface TrialContext {
  trial: Trial
  cluster: KafkaCluster
  observer: Observer
  producers: Producers
  log: EventLog
  janitor: Janitor
  signal: AbortSignal
  /** Told to whoever watches the run. */
  progress: (text: string) => void
}
