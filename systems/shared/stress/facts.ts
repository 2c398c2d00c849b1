/** What a system knows about random schedules. */
import type { Recovery } from '../../../model/plan.ts'
import type { Settings, SettingValue } from '../../../model/settings.ts'

/** A setting of lanes whose values are ordered: each one keeps more messages than the one before, or fewer surprises. */
export interface Ladder {
  /** As `place.setting`; never of brokers or the cluster, because all lanes of a trial share them. */
  name: string
  values: readonly [SettingValue, SettingValue, ...SettingValue[]]
  /** The value of settings that do not give it. */
  default: SettingValue
}

/** What happens before the final log is read, and the settings that this needs. */
export interface DeclaredRecovery {
  recovery: Recovery
  set: Settings
}

/**
 * How a schedule leaves the cluster: everything healed; everything healed, but disks lost something; or nodes that are gone
 * for good.
 */
export type Ending = 'healed' | 'damaged' | 'gone'

export interface StressFacts {
  readonly ladders: readonly Ladder[]
  /** Whether another replica takes over when a leader is gone. */
  elects(own: Settings): boolean
  brokers(own: Settings): number
  replicas(own: Settings): number
  /** Whether partitions of one topic have different leaders, so that "the leader" is no single node. */
  spreadsLeaders(own: Settings): boolean
  /** Whether controllers have nodes of their own. */
  controllersApart(own: Settings): boolean
  /** Settings with which elections go on while most brokers are gone; empty when no setting is needed. */
  electsAlone(own: Settings): Settings
  /** Undefined where such an ending cannot be read back. */
  recovery(ending: Ending, own: Settings): DeclaredRecovery | undefined
}
