/** The trial in which a client is checked: one broker, one lane, no schedule. */
import { LossproofError } from '../../../../model/errors.ts'
import type { Settings, Trial } from '../../../../model/plan.ts'
import { clients } from '../../../../workloads/clients/catalog.ts'
import { defaultVersions } from '../../../../systems/index.ts'
import { makePlan } from '../../../plan/plan.ts'
import { ScenarioSource } from '../../../plan/scenario/source.ts'

/** The system that clients of users can be written for. */
const system = Object.values(clients).find(({ runsIn }) => runsIn === 'command')?.system

export interface CheckedCommand {
  role: 'producer' | 'consumer'
  words: readonly string[]
  image: string | undefined
  entrypoint: string | undefined
  format: string | undefined
  /** Settings of the client, as `producer.acks`. */
  set: Settings
}

/** Throws LossproofError for options that a scenario would not accept. */
export function checkTrial({ role, words, image, entrypoint, format, set }: CheckedCommand): Trial {
  const wrong = Object.keys(set).find(name => !/^(producer|consumer|workload|topic|broker)\./.test(name))
  if (wrong !== undefined)
    throw new LossproofError('usage', `--set ${wrong}: expected a setting such as ${role}.acks=all`)
  const own = {
    ...(words.length > 0 ? { command: [...words] } : {}),
    ...(image === undefined ? {} : { image }),
    ...(entrypoint === undefined ? {} : { entrypoint }),
    ...(format === undefined ? {} : { format }),
  }
  const scenario = {
    name: 'check-client',
    system,
    cluster: { brokers: 1 },
    lanes: {
      defaults: {
        topic: { 'replication.factor': 1, partitions: 2 },
        client: role === 'producer' ? own : { consumer: own },
        ...(role === 'consumer' ? { consumer: { 'session.timeout.ms': 6000 } } : {}),
      },
    },
    workload: { rate: '100/s', size: '100B', ...(role === 'consumer' ? { commit: 'after' } : {}) },
  }
  const source = ScenarioSource.of('check-client', scenario)
  const [trial] = makePlan('check-client', [source], { seed: 1, set, defaultVersions }).trials
  if (!trial) throw new LossproofError('internal', 'the scenario of check-client has no trial')
  return trial
}
