/** The parts of a topology at one moment, and what they are made from. */
import type { LaneTimeline } from '../timeline/lane-timeline.ts'
import type { TrialTimeline } from '../timeline/trial-timeline.ts'
import type { SystemWords } from '../words/systems.ts'
import type { Mark } from './hit-words.ts'

export interface SceneClient {
  name: string
  role: 'producer' | 'consumer'
  mark?: Mark
}

export interface SceneNode {
  name: string
  /** What it is to the cell's partitions: `leader 0`, `in sync`. */
  role: string
  leads: boolean
  /** The observer got no answer from it. */
  down: boolean
  process?: Mark
  disk?: Mark
}

export interface SceneLink {
  from: string
  to: string
  /** `client`: from a client to a leader. `copy`: from a leader to a replica. `peer`: any other between two nodes. */
  kind: 'client' | 'copy' | 'peer'
  /** Of a copy: the replica is not in sync. */
  behind?: true
  /** One of its ends does not run. */
  idle?: true
  mark?: Mark
}

export interface Scene {
  clients: SceneClient[]
  /** Nodes that store messages. */
  brokers: SceneNode[]
  /** Controllers, name servers, proxies. */
  others: SceneNode[]
  links: SceneLink[]
}

export interface CellHistory {
  trial: Pick<TrialTimeline, 'nodes' | 'brokers' | 'hits'>
  lane: Pick<LaneTimeline, 'partitions' | 'clients'>
  words: Pick<SystemWords, 'leader' | 'inSync'>
}

export const brokerName = (id: number): string => `broker-${id}`
