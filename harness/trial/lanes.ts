/** Starts the lanes' producers: lanes whose clients no fault targets share one process. */
import type { KafkaCluster } from '../../docker/clusters/kafka.ts'
import type { Janitor } from '../../docker/janitor.ts'
import type { ProducerLane } from '../../workloads/messages.ts'
import type { EventLog } from '../history/appender.ts'
import { laneFile } from '../history/folder.ts'
import type { Trial } from '../plan/types.ts'
import { ClientProcess } from './process.ts'
import { Producers } from './producers.ts'

interface Options {
  trial: Trial
  cluster: KafkaCluster
  /** The run's folder. */
  folder: string
  log: EventLog
  janitor: Janitor
  signal: AbortSignal
}

const processName = 'producer-1'

/** Resolves when every lane's client is connected; they start paused. */
export async function startProducers(options: Options): Promise<Producers> {
  const { trial, cluster, folder, log, janitor, signal } = options
  const lanes: ProducerLane[] = trial.lanes.map(lane => ({
    lane: lane.id,
    file: laneFile(folder, trial.id, lane.id, processName),
    client: lane.producer.client,
    bootstrap: cluster.bootstrap('producer'),
    clientId: lane.id,
    topic: lane.topic.name,
    partitions: lane.topic.partitions,
    settings: lane.producer.settings,
    clientSettings: lane.producer.clientSettings,
    workload: lane.workload,
  }))
  const process = new ClientProcess({ role: 'producer', process: processName, t0: log.t0, lanes }, janitor, signal)
  const producers = new Producers([process], log, signal)
  try {
    await producers.start()
  } catch (error) {
    await producers.kill()
    throw error
  }
  return producers
}
