/** Settings of brokers and topics in force, from DescribeConfigs. */
import type { Lane, Settings } from '../../model/plan.ts'
import { differences } from '../shared/settings/setting-differences.ts'
import type { SettingDifference } from '../shared/settings/setting-differences.ts'
import type { DescribedResource } from '../../workloads/clients/platformatic/raw-types.ts'

/** Answers DescribeConfigs for these resources. A broker answers for itself and for any topic. */
export type Describe = (broker: number, resources: DescribedResource[]) => Promise<ReadonlyMap<string, string>[]>

/** Topics in one request. */
const topicsAtOnce = 50

interface Context {
  brokers: readonly { id: number; name: string }[]
  /** Requested settings of every broker. */
  broker: Settings
  lanes: readonly Lane[]
  describe: Describe
}

export async function settingDifferences({ brokers, broker, lanes, describe }: Context): Promise<SettingDifference[]> {
  const found: SettingDifference[] = []
  const names = Object.keys(broker).filter(name => broker[name] !== null)
  if (names.length > 0)
    for (const { id, name } of brokers) {
      const [inForce = new Map()] = await describe(id, [{ type: 'broker', name: String(id), settings: names }])
      found.push(...differences('broker', name, broker, inForce))
    }
  const set = lanes.filter(({ topic }) => Object.values(topic.settings).some(value => value !== null))
  const first = brokers[0]?.id ?? 1
  for (let at = 0; at < set.length; at += topicsAtOnce) {
    const some = set.slice(at, at + topicsAtOnce)
    const answers = await describe(
      first,
      some.map(({ topic }) => ({ type: 'topic', name: topic.name, settings: Object.keys(topic.settings) })),
    )
    for (const [index, { id, topic }] of some.entries())
      for (const difference of differences('topic', topic.name, topic.settings, answers[index] ?? new Map()))
        found.push({ ...difference, lanes: [id] })
  }
  return found
}
