/** What the planner must know about a system: its settings for clusters and topics, and which cells can share a cluster. */
import type { ScenarioErrors } from '../../model/scenario-errors.ts'
import type { Handling, Lane, Recovery, Settings, Site, Step, Trial } from '../../model/plan.ts'
import type { SettingDefinitions } from '../../model/setting-definition.ts'
import { oneOf } from '../../model/setting-rule.ts'
import type { SettingRule } from '../../model/setting-rule.ts'
import type { SettingValue } from '../../model/settings.ts'
import type { HarnessSetting, ReservedSettings } from './settings/known.ts'

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
  lanes: readonly { replicationFactor: number; consumes: boolean; app?: boolean }[]
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
  /** Settings of the place `cluster` that only other systems have, with the reason and what to do instead. */
  refusedClusterSettings?: Readonly<Record<string, { reason: string; hint: string }>>
  /** The versions of which an image can be built: those of the supported lines on Maven Central, oldest first. */
  versions: readonly string[]
  /** Why no image of this version can be built; undefined when one can, or when it is newer than all of `versions`. */
  refuseVersion(version: string): string | undefined
  /** The settings that a version knows, from its own classes. */
  knownSettings(place: 'broker' | 'topic', version: string): SettingDefinitions
  /** Broker settings that a scenario cannot give, because Lossproof sets them itself or they would have no effect. */
  reservedBrokerSettings: readonly ReservedSettings[]
  /** Why a broker setting has no effect, or an unwanted one, in such a cluster; undefined when it is fine. */
  refuseBrokerSetting(name: string, value: SettingValue, cluster: Settings, version: string): string | undefined
  /** A name that is spelled for an environment variable or a command line → the name in a configuration file. */
  plainName(name: string): string
  /**
   * What Lossproof sets by itself in such a cluster and the scenario does not override, by the kind of node: `broker`,
   * `controller`. Addresses, paths and identity are left out.
   */
  harnessSettings(site: Site): Readonly<Record<string, readonly HarnessSetting[]>>
  /** Clusters that together have every setting that Lossproof sets by itself, by settings of the place `cluster`. */
  documentedClusters: readonly Settings[]
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
  /** What is legal in such a trial and probably not meant, each as a sentence. */
  warnings(trial: Pick<Trial, 'lanes' | 'schedule' | 'cluster' | 'system'>): string[]
  /** Why no node can have this role in such a trial; undefined when one can. */
  refuseTarget(target: string, context: TargetContext): string | undefined
  /** Why such a cluster does not support this recovery after this schedule; undefined when it does. */
  refuseRecovery(recovery: Recovery, cluster: Settings, schedule: readonly Step[]): string | undefined
}

/** The setting `cluster.defaults`, which every system has. */
export const defaultsRule: SettingRule = {
  doc:
    'who decides about settings that the scenario does not give: `lossproof` sets some that make trials faster and quieter, ' +
    '`system` leaves everything to the system except addresses, paths and identity (`lossproof`)',
  ...oneOf('lossproof', 'system'),
}

/** The part of a cluster's plan that says who decides about the defaults. */
export const defaultsOf = (cluster: Settings): { defaults?: 'lossproof' | 'system' } =>
  cluster['defaults'] === 'system' ? { defaults: 'system' } : {}

/** The settings that Lossproof sets under these defaults. */
export const keptSettings = (settings: HarnessSetting[], defaults: string | undefined): HarnessSetting[] =>
  settings.filter(({ kind }) => defaults !== 'system' || kind === 'reserved')

/** A setting that `clusterSettings` has checked, as a number. */
export const numberOf = (value: Settings[string] | undefined, otherwise: number): number => Number(value ?? otherwise)

/** `, acks=1, linger.ms=5`; empty without settings. */
export const settingsInWords = (settings: Settings): string =>
  Object.entries(settings)
    .map(([key, value]) => `, ${key}=${String(value ?? 'default')}`)
    .join('')
