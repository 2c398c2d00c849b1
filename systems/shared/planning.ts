/** What the planner has to know of a system: its words for clusters and topics, and which cells can share a cluster. */
import type { ScenarioErrors } from '../../model/scenario-errors.ts'
import type { Handling, Lane, Settings, Site } from '../../model/plan.ts'

/** Of a cell: the settings of the places `cluster` and `broker`. */
export interface ClusterSettings {
  cluster: Settings
  broker: Settings
  version: string
}

/** A lane's topic before it has a name, and before it is known which brokers have it. */
export type DraftTopic = Omit<Lane['topic'], 'name' | 'brokerNames'>

export interface SystemPlan {
  defaultClient: string
  /** Settings of the place `cluster`. */
  clusterKeys: readonly string[]
  /** Settings of the place `workload` that mean nothing here. */
  foreignWorkload: readonly string[]
  /** What a handler can do with poison. */
  onPoison: readonly Handling['onPoison'][]
  /** A name for the topic or group of a lane, of what the system allows. `at`: the lane's place in its trial. */
  nameFor(lane: string, at: number, trial: string): string
  /** Throws LossproofError('scenario') for what no such cluster can have. */
  topic(source: ScenarioErrors, topic: Settings, cluster: Settings): DraftTopic
  /** Cells for which this is equal can share a cluster. */
  sharing(cell: ClusterSettings): string
  /** The cluster of cells that share one, and for each of them the broker groups that its topic lies on. */
  site(
    source: ScenarioErrors,
    cells: readonly [ClusterSettings, ...ClusterSettings[]],
  ): { site: Site; brokers: number; brokerNames: string[][] }
}

export const whole = (value: Settings[string] | undefined): number => Math.trunc(Number(value))

/** null leaves a setting at its default. */
export function withoutNull(settings: Settings): Settings {
  return Object.fromEntries(Object.entries(settings).filter(([, value]) => value !== null))
}

export function without(settings: Settings, names: readonly string[]): Settings {
  return Object.fromEntries(Object.entries(settings).filter(([name]) => !names.includes(name)))
}

/** `, acks=1, linger.ms=5`; empty without settings. */
export const settingsInWords = (settings: Settings): string =>
  Object.entries(settings)
    .map(([key, value]) => `, ${key}=${String(value)}`)
    .join('')
