/** Which client process plays which lanes, and what each is told when it starts. */
import { join } from 'node:path'
import type { KafkaCluster } from '../../../docker/clusters/kafka.ts'
import type { Janitor } from '../../../docker/janitor.ts'
import type { ConsumerLane, ProducerLane } from '../../../workloads/messages.ts'
import { nextNumber } from '../../../workloads/written.ts'
import type { EventLog } from '../../history/appender.ts'
import { laneFile, laneFolder, storesFolder } from '../../history/folder.ts'
import type { Lane, Trial } from '../../plan/types.ts'
import { Consumers } from './consumers.ts'
import { Fleet } from './fleet.ts'
import type { Place } from './fleet.ts'
import { groupConsumers, groupProducers } from './groups.ts'
import { clientProcess } from './process.ts'
import type { ClientPlace } from './process.ts'
import { Producers } from './producers.ts'

export interface ClientOptions {
  trial: Trial
  cluster: KafkaCluster
  /** The run's folder. */
  folder: string
  log: EventLog
  janitor: Janitor
  signal: AbortSignal
}

/** Resolves when every lane's client is connected; they start paused. */
export async function startProducers(options: ClientOptions): Promise<Producers> {
  const { trial, log, signal } = options
  const places = groupProducers(trial).map(({ name, lanes }): Place => ({
    name,
    lanes: lanes.map(lane => lane.id),
    make: own => clientProcess({ role: 'producer', process: own, t0: log.t0, lanes: lanes.map(lane => producerLane(options, lane, own)) }, placeOf(options)),
  }))
  const producers = new Producers(new Fleet(places), log, signal)
  await startOrKill(producers.fleet)
  return producers
}

/** Resolves when the consumers of the lanes that have one are connected; undefined when none has. */
export async function startConsumers(options: ClientOptions): Promise<Consumers | undefined> {
  const { trial, log, signal } = options
  const places = groupConsumers(trial).map(({ name, lanes }): Place => ({
    name,
    lanes: lanes.map(lane => lane.id),
    make: own => clientProcess({ role: 'consumer', process: own, t0: log.t0, lanes: lanes.flatMap(lane => consumerLane(options, lane, own)) }, placeOf(options)),
  }))
  if (places.length === 0) return undefined
  const consumers = new Consumers(new Fleet(places), log, signal)
  await startOrKill(consumers.fleet)
  return consumers
}

function placeOf({ cluster, folder, janitor, signal }: ClientOptions): ClientPlace {
  return { janitor, host: cluster.clientHost, folder, signal }
}

async function startOrKill(fleet: Fleet): Promise<void> {
  try {
    await fleet.start()
  } catch (error) {
    await fleet.kill()
    throw error
  }
}

function producerLane({ trial, cluster, folder }: ClientOptions, { id, topic, producer, workload }: Lane, process: string): ProducerLane {
  return {
    lane: id,
    file: laneFile(folder, trial.id, id, process),
    client: producer.client,
    bootstrap: cluster.bootstrap('producer'),
    clientId: id,
    topic: topic.name,
    partitions: topic.partitions,
    settings: producer.settings,
    clientSettings: producer.clientSettings,
    sending: producer.sending,
    firstNumber: nextNumber(laneFolder(folder, trial.id, id)),
    stores: join(storesFolder(folder, trial.id, id), 'producer'),
    workload,
  }
}

function consumerLane({ trial, cluster, folder }: ClientOptions, { id, topic, consumer }: Lane, process: string): ConsumerLane[] {
  if (!consumer) return []
  return [{
    lane: id,
    file: laneFile(folder, trial.id, id, process),
    client: consumer.client,
    bootstrap: cluster.bootstrap('consumer'),
    clientId: `${id}-${process}`,
    topic: topic.name,
    group: consumer.group,
    settings: consumer.settings,
    clientSettings: consumer.clientSettings,
    handling: consumer.handling,
    stores: join(storesFolder(folder, trial.id, id), 'consumer'),
    folder: laneFolder(folder, trial.id, id),
  }]
}
