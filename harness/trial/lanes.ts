/** Starts the lanes' clients: those that no fault targets share a process for each role. */
import type { KafkaCluster } from '../../docker/clusters/kafka.ts'
import type { Janitor } from '../../docker/janitor.ts'
import type { ConsumerLane, ProducerLane } from '../../workloads/messages.ts'
import type { EventLog } from '../history/appender.ts'
import { laneFile } from '../history/folder.ts'
import type { Trial } from '../plan/types.ts'
import { ClientProcess } from './process.ts'
import { Producers } from './producers.ts'
import { waitFor } from './wait.ts'

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
const consumerName = 'consumer-1'
const drainLimitMs = 20_000
const stillMs = 1500
const stopLimitMs = 10_000

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

/** Starts the consumers of the lanes that have one, in a process of their own; undefined when none has. */
export async function startConsumers(options: Options): Promise<ClientProcess | undefined> {
  const { trial, cluster, folder, log, janitor, signal } = options
  const lanes: ConsumerLane[] = trial.lanes.flatMap(({ id, topic, consumer }) =>
    consumer === undefined
      ? []
      : [{
          lane: id,
          file: laneFile(folder, trial.id, id, consumerName),
          client: consumer.client,
          bootstrap: cluster.bootstrap('consumer'),
          clientId: id,
          topic: topic.name,
          group: consumer.group,
          settings: consumer.settings,
          clientSettings: consumer.clientSettings,
        }],
  )
  if (lanes.length === 0) return undefined
  const process = new ClientProcess({ role: 'consumer', process: consumerName, t0: log.t0, lanes }, janitor, signal)
  try {
    await process.start()
  } catch (error) {
    await process.kill()
    throw error
  }
  return process
}

/**
 * Waits until consumers have stood still for a while, producers having ended, and ends them. What they did not process by
 * then is told by the broker's word about the group, or makes the lane inconclusive.
 */
export async function drainConsumers(consumers: ClientProcess, signal: AbortSignal): Promise<void> {
  let processed = -1
  let since = performance.now()
  await waitFor({ what: 'consumers drained', limitMs: drainLimitMs, signal }, () => {
    const now = Object.values(consumers.lanes).reduce((sum, status) => sum + status.processed, 0)
    if (now !== processed) {
      processed = now
      since = performance.now()
    }
    const seen = `${processed} processed`
    return performance.now() - since >= stillMs ? { value: true, seen } : { seen }
  })
  await consumers.stop(stopLimitMs)
}
