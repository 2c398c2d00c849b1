/** Which brokers a master waits for before it acknowledges, as its settings say. */
import type { EpochChange } from '../../../history/epoch-change.ts'
import { isrBefore } from '../../shared/autopsy/input.ts'
import { rocketmqShape } from '../shape.ts'
import type { LossFacts } from './loss-facts.ts'
import { brokerSetting } from './group-copies.ts'

export type AcknowledgementRule =
  /** An ASYNC_MASTER waits for no slave. */
  | 'asynchronous'
  /** inSyncReplicas is 1. */
  | 'one-replica'
  /** allAckInSyncStateSet, and the SyncStateSet was the master by itself. */
  | 'set-of-one'

export const ruleText: Record<AcknowledgementRule, string> = {
  asynchronous: 'an ASYNC_MASTER waits for no slave',
  'one-replica': 'inSyncReplicas is 1',
  'set-of-one': 'allAckInSyncStateSet waits for the SyncStateSet alone, which was that broker by itself',
}

type Facts = Pick<LossFacts, 'p' | 'input' | 'master' | 'next'>

/** Why no slave was waited for; undefined where the settings do not show it. */
export function acknowledgementRule({ p, input, master, next }: Facts): AcknowledgementRule | undefined {
  const { mode, version, own } = rocketmqShape(input.trial)
  // The settings of a cluster of the user's own are not known here.
  if (own !== undefined) return undefined
  const setting = (name: string) => brokerSetting(p, name, input)
  if (mode === 'classic' && setting('brokerRole') !== 'SYNC_MASTER') return 'asynchronous'
  // A SYNC_MASTER of version 4 always waits for a slave.
  if (version.startsWith('4.')) return undefined
  if (setting('allAckInSyncStateSet') === 'true') {
    const set = next && isrBefore(p, next, input)
    return set?.length === 1 && set[0] === master.leader ? 'set-of-one' : undefined
  }
  return Number(setting('inSyncReplicas') ?? 1) === 1 ? 'one-replica' : undefined
}

/** The settings that make the master wait for a slave; undefined where waiting would not have helped. */
export function remedyFor(facts: Facts, elected: EpochChange | undefined): string | undefined {
  const rule = acknowledgementRule(facts)
  if (rule === undefined || rule === 'set-of-one') return undefined
  const { p, input } = facts
  const isVersion4 = rocketmqShape(input.trial).version.startsWith('4.')
  const role =
    rule === 'asynchronous' ? `brokerRole=SYNC_MASTER${isVersion4 ? '' : ' with inSyncReplicas=2'}` : 'inSyncReplicas=2'
  const wasInSet = elected !== undefined && isrBefore(p, elected, input)?.includes(elected.leader) === true
  return `${role}${wasInSet ? ' or allAckInSyncStateSet=true' : ''}`
}
