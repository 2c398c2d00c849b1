/** Starts the client processes of a trial, each with the configuration of its lanes. */
import { join } from 'node:path'
import type { Janitor } from '../../../docker/cleanup/janitor.ts'
import type { ConsumerLaneConfig, ProducerLaneConfig } from '../../../workloads/messages.ts'
import { parseCorrelation } from '../../../workloads/application/correlation.ts'
import { tagOf } from '../../../workloads/application/ids.ts'
import { payloadOfLane } from '../../../workloads/application/lane-payload.ts'
import { mostUnanswered } from '../../../workloads/clients/command/verifiable-arguments.ts'
import { nextNumber } from '../../../workloads/earlier-records.ts'
import type { EventLog } from '../../../history/appender.ts'
import { laneFile, laneFolder, storesFolder } from '../../../history/folder.ts'
import type { Lane, Trial } from '../../../model/plan.ts'
import { waitFor } from '../../../model/wait.ts'
import { abilityOf } from '../../../systems/shared/live-system.ts'
import type { TrialSystem } from '../../../systems/shared/live-system.ts'
import { waitUntilJoined } from '../application/join.ts'
import { ApplicationWatch } from '../application/watch.ts'
import { Consumers } from './consumers.ts'
import { Fleet } from './fleet.ts'
import type { FleetMember } from './fleet.ts'
import { groupConsumers, groupProducers, memberOf } from './groups.ts'
import { clientProcess } from './process.ts'
import type { ProcessEnvironment } from './process.ts'
import { Producers } from './producers.ts'

const beginLimitMs = 30_000

export interface ClientOptions {
  trial: Trial
  system: TrialSystem
  /** The run's folder. */
  folder: string
  log: EventLog
  janitor: Janitor
  signal: AbortSignal
}

/** Resolves when every lane's producer is connected. Producers start paused. */
export async function startProducers(options: ClientOptions): Promise<Producers> {
  const { trial, log, signal } = options
  const members = groupProducers(trial).map(({ name, lanes }): FleetMember => ({
    name,
    lanes: lanes.map(lane => lane.id),
    make: process =>
      clientProcess(
        { role: 'producer', process, t0: log.t0, lanes: lanes.map(lane => producerLane(options, lane, process)) },
        environmentOf(options),
      ),
  }))
  const producers = new Producers(new Fleet(members), log, signal)
  await startOrKill(producers.fleet)
  return producers
}

/** Resolves when all consumers are connected; with undefined when no lane has one. */
export async function startConsumers(options: ClientOptions): Promise<Consumers | undefined> {
  const { trial, log, signal } = options
  const groups = groupConsumers(trial)
  const members = groups.map(({ name, lanes }, at): FleetMember => ({
    name,
    lanes: lanes.map(lane => lane.id),
    make: process => {
      const started = lanes.flatMap(lane => consumerLane(options, lane, process, memberOf(groups, at, lane)))
      return clientProcess({ role: 'consumer', process, t0: log.t0, lanes: started }, environmentOf(options))
    },
  }))
  if (members.length === 0) return undefined
  const followed = trial.lanes.filter(lane => lane.app !== undefined)
  if (followed.length > 0) return startApplications(options, new Fleet(members), followed)
  const consumers = new Consumers(new Fleet(members), log, signal)
  await startOrKill(consumers.fleet)
  return consumers
}

/** An application begins at the first record, as one that has run before goes on where its group is. */
async function startApplications(options: ClientOptions, fleet: Fleet, lanes: readonly Lane[]): Promise<Consumers> {
  const { trial, system, folder, log, signal } = options
  const applications = abilityOf(options, 'applications')
  for (const lane of lanes) {
    const what = `the offsets of group ${lane.consumer?.group ?? ''} committed`
    await waitFor({ what, limitMs: beginLimitMs, signal }, async () => {
      await applications.begin(lane)
      return { value: true, seen: '' }
    })
  }
  const watch = new ApplicationWatch({ applications, system, lanes, folder, trial: trial.id, log })
  try {
    await startOrKill(fleet)
    await Promise.all(lanes.map(async lane => waitUntilJoined(lane, { applications, fleet, signal })))
  } catch (error) {
    await fleet.kill()
    await watch.stop()
    throw error
  }
  watch.start()
  return new Consumers(fleet, log, signal, { watch })
}

function environmentOf({ system, folder, janitor, signal }: ClientOptions): ProcessEnvironment {
  return { janitor, host: system.cluster.clientHost, folder, signal }
}

async function startOrKill(fleet: Fleet): Promise<void> {
  try {
    await fleet.start()
  } catch (error) {
    await fleet.kill()
    throw error
  }
}

function producerLane({ trial, system, folder, log }: ClientOptions, lane: Lane, process: string): ProducerLaneConfig {
  const { id, topic, producer, workload } = lane
  return {
    lane: id,
    file: laneFile(folder, trial.id, id, process),
    client: producer.client,
    ...system.clientConnection('producer', lane),
    clientId: id,
    topic: topic.name,
    partitions: topic.partitions,
    settings: producer.settings,
    clientSettings: producer.clientSettings,
    sending: producer.sending,
    firstNumber: nextNumber(laneFolder(folder, trial.id, id), mostUnanswered(producer.settings, workload.ratePerSec)),
    stores: join(storesFolder(folder, trial.id, id), 'producer'),
    workload,
    ...inputsOf(lane, log.t0),
  }
}

/** What the inputs of an application contain, and where their ids are. */
function inputsOf(lane: Lane, t0: string): Pick<ProducerLaneConfig, 'payload' | 'ids'> {
  const correlation = parseCorrelation(lane.app?.correlate ?? '')
  if (!correlation) return {}
  const payload = payloadOfLane(lane, t0)
  const tag = tagOf(t0, lane.id)
  if (correlation.by === 'path') return { payload }
  return { payload, ids: correlation.by === 'key' ? { tag } : { tag, header: correlation.name } }
}

/** `member`: which member of the lane's group the process is, from 0. */
function consumerLane(
  { trial, system, folder, log }: ClientOptions,
  lane: Lane,
  process: string,
  member: number,
): ConsumerLaneConfig[] {
  const { id, topic, consumer } = lane
  if (!consumer) return []
  const subscription = consumer.subscriptions?.[member]
  return [
    {
      lane: id,
      file: laneFile(folder, trial.id, id, process),
      client: consumer.client,
      ...system.clientConnection('consumer', lane),
      clientId: `${id}-${process}`,
      topic: topic.name,
      group: consumer.group,
      settings: consumer.settings,
      clientSettings: consumer.clientSettings,
      handling: consumer.handling,
      ...(subscription === undefined ? {} : { subscription }),
      stores: join(storesFolder(folder, trial.id, id), 'consumer'),
      payload: payloadOfLane(lane, log.t0),
      ...(lane.app ? { out: lane.app.out.name, instance: member } : {}),
      folder: laneFolder(folder, trial.id, id),
    },
  ]
}
