/** Settings of brokers and topics in force, as RocketMQ's brokers report them. */
import type { Lane, Settings } from '../../model/plan.ts'
import { differences } from '../shared/settings/setting-differences.ts'
import type { SettingDifference } from '../shared/settings/setting-differences.ts'
import { queuesOnEach } from './queues.ts'

/** What one broker reports. */
export interface BrokerAnswers {
  settings(): Promise<ReadonlyMap<string, string>>
  /** Undefined where the broker does not have the topic, or cannot be asked. */
  topic(name: string): Promise<{ readQueueNums: number; writeQueueNums: number; perm: number } | undefined>
}

interface Group {
  brokerName: string
  /** Requested settings of every broker of the group. */
  settings: Settings
  brokers: readonly { id: number; name: string; isSlave: boolean }[]
}

interface Context {
  groups: readonly Group[]
  lanes: readonly Lane[]
  /** Whether name servers have the setting, although scenarios give it with the brokers' settings. */
  isControllerSetting: (name: string) => boolean
  answers: (id: number) => BrokerAnswers
}

/** Settings of a broker group concern the lanes whose topics lie on it. */
export async function settingDifferences({
  groups,
  lanes,
  isControllerSetting,
  answers,
}: Context): Promise<SettingDifference[]> {
  const found: SettingDifference[] = []
  for (const { brokerName, settings, brokers } of groups) {
    const onGroup = lanes.filter(({ topic }) => topic.brokerNames.includes(brokerName))
    for (const { id, name, isSlave } of brokers) {
      const requested = Object.fromEntries(
        // A slave's role is SLAVE, whatever role the group's settings give its master.
        Object.entries(settings).filter(([key]) => !isControllerSetting(key) && !(isSlave && key === 'brokerRole')),
      )
      const concerned = { lanes: onGroup.map(lane => lane.id) }
      if (Object.keys(requested).length > 0)
        for (const difference of differences('broker', name, requested, await answers(id).settings()))
          found.push({ ...difference, ...concerned })
      if (!isSlave) for (const lane of onGroup) found.push(...(await topicDifferences(lane, name, answers(id))))
    }
  }
  return found
}

async function topicDifferences(lane: Lane, where: string, broker: BrokerAnswers): Promise<SettingDifference[]> {
  const { topic } = lane
  const config = await broker.topic(topic.name)
  if (!config) return []
  const requested: Settings = {
    queues: queuesOnEach(topic),
    ...(topic.settings['perm'] === undefined ? {} : { perm: topic.settings['perm'] }),
  }
  const inForce = new Map([
    ['queues', String(Math.min(config.readQueueNums, config.writeQueueNums))],
    ['perm', String(config.perm)],
  ])
  return differences('topic', `${topic.name} on ${where}`, requested, inForce).map(difference => ({
    ...difference,
    lanes: [lane.id],
  }))
}
