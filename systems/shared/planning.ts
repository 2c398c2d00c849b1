/** What the planner must know about a system: its settings for clusters and topics, and which cells can share a cluster. */
import type { ScenarioErrors } from '../../model/scenario-errors.ts'
import type { Handling, Lane, Recovery, Settings, Site } from '../../model/plan.ts'
import type { SettingRule } from '../../model/setting-rule.ts'

/** The settings of a cell that shape its cluster. */
export interface ClusterSettings {
  /** Settings of the place `cluster`, except the version. */
  cluster: Settings
  /** Settings of the place `broker`. */
  broker: Settings
  version: string
}

/** A lane's topic before the trial gives it a name and brokers. */
export type DraftTopic = Omit<Lane['topic'], 'name' | 'brokerNames'>

/** What decides whether a role has a node, or something to act on, in a trial. */
export interface TargetContext {
  /** Settings of the place `cluster`. */
  cluster: Settings
  /** Brokers of the trial's cluster. */
  brokers: number
  lanes: readonly { replicationFactor: number; consumes: boolean }[]
}

export interface PlannedCluster {
  site: Site
  brokers: number
  /** For each cell, the broker groups that hold its topic; empty lists on a system without broker groups. */
  brokerNames: string[][]
}

export interface PlanningFacts {
  /** The client library of lanes that name none. */
  defaultClient: string
  /** Settings of the place `cluster`, besides `version` and `broker`. */
  clusterSettings: Readonly<Record<string, SettingRule>>
  /** Settings of the place `workload` that have no effect on this system, each with the reason. */
  ignoredWorkload: Readonly<Record<string, string>>
  /** What a handler can do with a message that has failed for the last time. */
  onPoison: readonly Handling['onPoison'][]
  /** A legal name for the topic or group of a lane, unique on its cluster. `at`: index of the lane in its trial. */
  resourceName(lane: string, at: number, trial: string): string
  /** Throws LossproofError('scenario') for a topic that the cluster cannot have. */
  topic(source: ScenarioErrors, topic: Settings, cluster: Settings): DraftTopic
  /** Cells with equal keys can share a cluster. */
  clusterKey(cell: ClusterSettings): string
  /** The cluster for cells with equal keys. Throws LossproofError('scenario') for a cluster that cannot exist. */
  planCluster(source: ScenarioErrors, cells: readonly [ClusterSettings, ...ClusterSettings[]]): PlannedCluster
  /** Why no node can have this role in such a trial; undefined when one can. */
  refuseTarget(target: string, context: TargetContext): string | undefined
  /** Why such a cluster does not support this recovery; undefined when it does. */
  refuseRecovery(recovery: Recovery, cluster: Settings): string | undefined
}

/** A setting that `clusterSettings` has checked, as a number. */
export const numberOf = (value: Settings[string] | undefined, otherwise: number): number => Number(value ?? otherwise)

/** `, acks=1, linger.ms=5`; empty without settings. */
export const settingsInWords = (settings: Settings): string =>
  Object.entries(settings)
    .map(([key, value]) => `, ${key}=${String(value)}`)
    .join('')
