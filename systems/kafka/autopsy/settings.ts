/** Settings that Kafka's explanations ask for. */
import { Settings } from '../../../model/plan.ts'
import type { SettingValue } from '../../../model/plan.ts'
import { laneOf } from '../../shared/autopsy/input.ts'
import type { Settled } from '../../shared/autopsy/input.ts'

/** The topic's own setting, else the brokers' setting of the same name; undefined: Kafka's default. */
export function topicSetting(settled: Settled, name: string): SettingValue | undefined {
  const { cell, trial } = settled
  const brokers = Settings.catch({}).parse(trial.cluster['broker'])
  return laneOf(settled)?.topic.settings[name] ?? cell.settings[`topic.${name}`] ?? brokers[name] ?? undefined
}

export function minInSync(settled: Settled): number {
  return Number(topicSetting(settled, 'min.insync.replicas') ?? 1)
}

export const isUncleanAllowed = (settled: Settled): boolean =>
  String(topicSetting(settled, 'unclean.leader.election.enable')) === 'true'

/** The producer's acks: `0`, `1` or `all`. `all` is the default of every client. */
export function acks(settled: Settled): string {
  const set = String(laneOf(settled)?.producer.settings['acks'] ?? settled.cell.settings['producer.acks'] ?? 'all')
  return set === '-1' ? 'all' : set
}

const topicRetention = ['retention.ms', 'retention.bytes']
const brokerRetention = ['log.retention.ms', 'log.retention.minutes', 'log.retention.hours', 'log.retention.bytes']

/** `cleanup.policy` is a list of `delete`, `compact` or both. */
function hasPolicy(settled: Settled, policy: 'delete' | 'compact'): boolean {
  const set = topicSetting(settled, 'cleanup.policy') ?? topicSetting(settled, 'log.cleanup.policy') ?? 'delete'
  return String(set)
    .split(',')
    .some(word => word.trim() === policy)
}

export const isCompacted = (settled: Settled): boolean => hasPolicy(settled, 'compact')

/** A retention was set, and the topic's policy deletes. Kafka's own default of seven days is longer than any trial. */
export function expiresByRetention(settled: Settled): boolean {
  if (!hasPolicy(settled, 'delete')) return false
  return [...topicRetention, ...brokerRetention].some(name => {
    const value = topicSetting(settled, name)
    return value !== undefined && Number(value) >= 0
  })
}
